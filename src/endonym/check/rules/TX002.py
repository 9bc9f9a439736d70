"""TX002 mandatory-part-too-long

What it does: Finds stacks whose root sections and legal adaptations take more than 2,000 tokens by their summaries alone.

Why it matters: What must always be said has to fit beside the question into the context of a small model.

Example: Forty legal adaptations with summaries of sixty words.

Use instead: Shorter summaries, or fewer legal adaptations.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.spec import first_sentence, floor
from endonym.text.tokens import tokens

_MOST = 2000


def _judge(subject: Subject) -> Iterator[Found]:
    for language in subject.stack.languages:
        legal = [adaptation.summary.get(language, "") for _, adaptation in subject.adaptations() if adaptation.basis == "law"]
        count = tokens("\n".join((*(first_sentence(section) for section in floor(subject.stack.spec)), *legal)))
        if count > _MOST:
            yield (
                Place.manifest(subject.stack.packs[-1]),
                f"expected at most {_MOST:,} tokens that must always be said in {language}, found about {count:,}",
                "Shorten summaries of legal adaptations; engines with a small context cannot serve this stack.",
            )


RULE = Rule("TX002", "mandatory-part-too-long", _judge, severity="warning")
