"""CU001 unknown-outcome

What it does: Finds lessons for outcomes that no curriculum of the stack holds.

Why it matters: A lesson serves an outcome that people can look up.

Example: `outcomes: [EE.BIO.9.9]`.

Use instead: A code of `curriculum/`.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    codes = {outcome.code for pack in subject.stack.packs for outcome in pack.outcomes}
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            for code in lesson.outcomes:
                if code not in codes:
                    yield Place(lesson.file), f"expected an outcome of the curriculum, found {code!r}", "Correct the code or add the outcome."
        for outcome in pack.outcomes:
            if outcome.source not in subject.stack.sources:
                yield (
                    Place(outcome.file, outcome.line),
                    f"{outcome.code}: expected a source of the register, found {outcome.source!r}",
                    "Correct the id, or add the source to a file in sources/.",
                )


RULE = Rule("CU001", "unknown-outcome", _judge)
