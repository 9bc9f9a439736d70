"""LA006 not-composed

What it does: Finds texts with letters that are put together from parts (not Unicode NFC).

Why it matters: The same word then has two spellings, and searches and checks miss one of them.

Example: `u` + U+0308 for `ü`.

Use instead: The composed letter; `--fix` writes it.

Since: 0.2.0
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    if not unicodedata.is_normalized("NFC", written.text):
        yield Place(written.file, written.line), "expected composed letters (NFC), found letters with loose marks", "Run `endonym check --fix`."


RULE = TextRule("LA006", "not-composed", _judge, severity="warning")
