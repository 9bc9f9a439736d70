"""CU005 outcome-without-lesson

What it does: Counts the outcomes that no lesson serves.

Why it matters: A curriculum is covered step by step; readers see how far.

Example: 31 outcomes, 12 lessons.

Use instead: A lesson for the next outcome; nothing breaks meanwhile.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    served = {code for pack in subject.stack.packs for lesson in pack.lessons for code in lesson.outcomes}
    for pack in subject.stack.packs:
        files: dict[str, set[str]] = {}
        for outcome in pack.outcomes:
            files.setdefault(outcome.file, set()).add(outcome.code)
        for file, codes in sorted(files.items()):
            if missing := sorted(codes - served):
                yield (
                    Place(file),
                    f"{len(missing)} of {len(codes)} outcomes have no lesson yet, such as {', '.join(missing[:3])}",
                    "Write lessons for them as time allows.",
                )


RULE = Rule("CU005", "outcome-without-lesson", _judge, severity="info")
