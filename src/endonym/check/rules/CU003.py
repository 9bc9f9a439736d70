"""CU003 hint-reveals-answer

What it does: Finds hints and questions that hold an answer which the lesson protects.

Why it matters: Never the answer first: the explanation comes after honest attempts.

Example: `protects: ["x = 3"]` and a hint with `x = 3`.

Use instead: A hint with other numbers.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.verify.giveaway import reveals


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            for text in (lesson.matter, lesson.diagnose.question, *lesson.hints, *(m.reply for m in lesson.misconceptions)):
                for answer in lesson.protects:
                    if reveals(text, answer, lesson.language, subject.tools):
                        yield Place(lesson.file), f"expected {answer!r} to be kept back, found it in {text[:60]!r}", "Use other numbers or words there."


RULE = Rule("CU003", "hint-reveals-answer", _judge)
