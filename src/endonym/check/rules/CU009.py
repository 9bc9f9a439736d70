"""CU009 lesson-without-passage

What it does: Finds lessons that rest on no passage.

Why it matters: Each claim of a tutor can be opened at its source.

Example: A lesson without `passages:`.

Use instead: `document#anchor` of `knowledge/`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            if not lesson.passages:
                yield Place(lesson.file), "expected passages that the lesson rests on, found none", "Add `passages: [document#anchor]`."


RULE = Rule("CU009", "lesson-without-passage", _judge, severity="warning")
