"""MI006 personal-data-asked

What it does: Finds adaptations and lessons whose words ask for personal data or pass conversations on.

Why it matters: Nobody needs a home address to learn, and what a student writes is private. What words mean, people judge.

Example: "Ask the student for name and address."

Use instead: The task without it.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    if written.guides and (found := written.asserts("asks_personal") or written.asserts("shares_conversations")):
        yield Place(written.file, written.line), f"expected no request for personal data and no passing on, found {found!r}", "Take it out. If it is harmless here, say so under [[suppress]] with the reason."


RULE = TextRule("MI006", "personal-data-asked", _judge, standing="judged")
