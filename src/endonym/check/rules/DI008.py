"""DI008 silence-ordered

What it does: Finds adaptations and lessons whose words order that something is left out without saying so.

Why it matters: Nothing is removed in silence. What words mean, people judge.

Example: "Move on and do not mention that something was left out."

Use instead: An `omit` with law, trigger and disclosure; or the whole information.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    if written.guides and (found := written.says("in_silence")):
        yield Place(written.file, written.line), f"expected that what is left out is told, found {found!r}", "Take it out. Only an `omit` with law, trigger and disclosure leaves information out, and says so."


RULE = TextRule("DI008", "silence-ordered", _judge, standing="judged")
