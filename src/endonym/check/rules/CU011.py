"""CU011 answer-never-told

What it does: Finds lessons that protect an answer which their own explanation does not hold.

Why it matters: The ladder ends: after honest attempts the explanation comes, and with it the answer. A fact that is protected and never told is left out in silence.

Example: `protects: ["x = 3"]` and an explanation without it.

Use instead: The answer in the explanation.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.verify.giveaway import reveals


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            if lesson.protects and not any(reveals(lesson.explain, answer, lesson.language, subject.tools) for answer in lesson.protects):
                yield Place(lesson.file, lesson.lines.get("explain", 1)), f"expected the explanation to hold {' or '.join(map(repr, lesson.protects))}, found none of them", "Tell the answer in the explanation."


RULE = Rule("CU011", "answer-never-told", _judge)
