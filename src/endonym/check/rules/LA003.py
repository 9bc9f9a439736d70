"""LA003 hidden-control-character

What it does: Finds bidirectional and invisible control characters in the texts of a pack.

Why it matters: They make a text read differently from what a machine compiles.

Example: U+202E in an instruction.

Use instead: The plain text.

Since: 0.1.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]")


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    if match := _HIDDEN.search(written.text):
        yield (
            Place(written.file, written.line),
            f"expected plain text, found the invisible character U+{ord(match.group()):04X}",
            "Type the text anew, or paste it without formatting.",
        )


RULE = TextRule("LA003", "hidden-control-character", _judge)
