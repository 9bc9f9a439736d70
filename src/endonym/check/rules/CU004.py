"""CU004 hint-without-question

What it does: Finds hints and diagnosis that do not end with exactly one question.

Why it matters: A student who is asked one thing at a time knows what to do next.

Example: A hint that only tells.

Use instead: A question at the end.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.text.prose import prose


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            for name, text in (("Diagnose", lesson.diagnose.question), *((f"hint {n}", hint) for n, hint in enumerate(lesson.hints, 1))):
                if prose(text).count("?") + prose(text).count("؟") != 1:
                    yield Place(lesson.file), f"{name}: expected exactly one question, found {prose(text).count('?')}", "End with one question."


RULE = Rule("CU004", "hint-without-question", _judge, "warning")
