"""TX001 summary-too-long

What it does: Finds summaries of more than 45 words.

Why it matters: Summaries of law and red lines always go into the prompt; an engine whose context they do not fit is unfit.

Example: A summary that tells the reason as well.

Use instead: One sentence that instructs; the reason belongs under `## Why`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject

_MOST = 45


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        for language, text in adaptation.summary.items():
            if (count := len(text.split())) > _MOST:
                yield (
                    Place.of(adaptation, "summary"),
                    f"{adaptation.id}: summary in {language}: expected at most {_MOST} words, found {count}",
                    "Keep what instructs in one sentence; move the rest into the body.",
                )


RULE = Rule("TX001", "summary-too-long", _judge, severity="warning")
