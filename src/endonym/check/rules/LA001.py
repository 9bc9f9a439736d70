"""LA001 summary-language-missing

What it does: Finds adaptations without a summary in a language of the stack.

Why it matters: The summary is what always fits in a prompt and what readers are told.

Example: `summary:` with `et` alone in a stack of et, en and ru.

Use instead: One sentence per language.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        missing = [language for language in subject.stack.languages if not adaptation.summary.get(language)]
        if missing:
            yield (
                Place.of(adaptation, "summary"),
                f"{adaptation.id}: expected a summary in every language of the stack, found none in {', '.join(missing)}",
                f"Add one sentence under `summary:` for {', '.join(missing)}.",
            )


RULE = Rule("LA001", "summary-language-missing", _judge)
