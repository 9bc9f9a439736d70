"""CU012 lesson-unfinished

What it does: Finds drafted lessons in which ✎ marks what a person must still write.

Why it matters: A student must never meet a sentence that is a note to its author. Such a lesson is left out of the bundle until it is finished.

Example: `## Check`, then "✎ One question that shows whether the idea was understood".

Use instead: The question itself; take each ✎ away with what stands behind it.

Since: 0.3.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            if left := lesson.unwritten:
                yield (
                    Place(lesson.file),
                    f"expected a lesson that is written, found {left} place(s) marked ✎: it is left out of the bundle",
                    "Write them, take the marks away, and have somebody review the lesson.",
                )


RULE = Rule("CU012", "lesson-unfinished", _judge, severity="warning")
