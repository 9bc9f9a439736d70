"""MI006 personal-data-asked

What it does: Finds adaptations and lessons whose words ask for personal data or pass conversations on.

Why it matters: Nobody needs a home address to learn, and what a student writes is private. What words mean, people judge.

Example: "Ask the student for name and address."

Use instead: The task without it.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.wordings import says_plainly
from endonym.check.written import Written


def _judge(subject: Subject) -> Iterator[Found]:
    for written in subject.texts():
        if written.kind not in ("instruction", "summary", "lesson"):
            continue
        if found := subject.memory.of("MI006", written, partial(_found, written)):
            yield Place(written.file, written.line), f"expected no request for personal data and no passing on, found {found!r}", "Take it out. If it is harmless here, say so under [[suppress]] with the reason."


def _found(written: Written) -> str:
    text = written.plain_assertions
    return says_plainly("asks_personal", text) or says_plainly("shares_conversations", text)


RULE = Rule("MI006", "personal-data-asked", _judge, standing="judged")
