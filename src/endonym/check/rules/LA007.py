"""LA007 wrong-language

What it does: Finds texts that are written in another language of the stack than the one they stand under.

Why it matters: Readers of that language cannot read it.

Example: An English summary under `et:`.

Use instead: The text translated, or moved.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written

_KINDS = ("summary", "disclosure", "title")
_LEAST = 7


def _judge(written: Written, circumstances: Circumstances) -> Iterator[Found]:
    languages = [tag for tag in circumstances.languages if tag]
    if written.kind in _KINDS and written.language in languages and (text := _telling(written.text)):
        found = circumstances.tools.identify(text, languages)
        if found and found != written.language:
            yield Place(written.file, written.line), f"expected a text in {written.language}, found {found}: {text.strip()[:60]!r}", "Translate it or move it under its own language."


def _telling(text: str) -> str:
    """What of a text tells its language: before a colon, after which words of another language often follow; or ""."""
    told = text.split(":")[0]
    return told if len(told.split()) >= _LEAST else ""


RULE = TextRule("LA007", "wrong-language", _judge, severity="warning", standing="judged")
