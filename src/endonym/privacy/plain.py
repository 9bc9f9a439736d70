"""Text with the digits, spaces and signs of all scripts made plain, character for character, so that offsets stay."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {code: str(unicodedata.digit(chr(code))) for code in range(0x100, 0x10000) if unicodedata.category(chr(code)) == "Nd"}
_SIGNS = dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u200a\u202f\u3000"), " ") | dict.fromkeys(map(ord, "\u2010\u2011－"), "-")
_SIGNS |= {ord(wide): narrow for wide, narrow in zip("＋＠．／：（）", "+@./:()", strict=True)}
_PLAIN = _DIGITS | _SIGNS
# One class of the basic plane is a look-up; letters beyond it would be tried one by one.
_OTHER = re.compile("[" + re.escape("".join(map(chr, _PLAIN))) + "]")


def plain(text: str) -> str:
    """The same text, of the same length, with ASCII digits, spaces and signs."""
    return text if text.isascii() or not _OTHER.search(text) else text.translate(_PLAIN)
