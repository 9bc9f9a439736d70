"""KN001 smuggled-instruction

What it does: Finds instructions to a model in texts for readers: documents, lessons, glossary, outcomes, titles, interface strings. Spaced-out, look-alike and Base64 spellings are read too.

Why it matters: Text that is read is data; a pack instructs through adaptations, in the open.

Example: \"Ignore all previous instructions\" in a document.

Use instead: The text without it.

Since: 0.1.0
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.wordings import disguised, says, says_plainly, undisguised
from endonym.check.written import Written

_MARKUP = re.compile(r"<\|(?:im_start|im_end|system|user|assistant)\|>|\[/?INST\]|<</?SYS>>|\bBEGIN (?:SYSTEM|PROMPT)\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


def _order(written: Written) -> str:
    """The words that speak to a model, or ""."""
    if match := _MARKUP.search(written.text):
        return match.group()
    if found := written.says("smuggled"):
        return found
    if disguised(written.folded) and (found := says_plainly("smuggled", undisguised(written.folded))):
        return found
    return next((found for decoded in _decoded(written.text) if (found := says("smuggled", decoded))), "")


def _decoded(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(text):
        try:
            yield base64.b64decode(match.group() + "==").decode("utf-8")
        except (binascii.Error, ValueError):
            continue


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    if written.kind != "instruction" and (found := _order(written)):
        yield Place(written.file, written.line), f"expected a text for readers, found an instruction to a model: {found[:80]!r}", "Remove it; rules belong into adaptations."


RULE = TextRule("KN001", "smuggled-instruction", _judge, standing="judged")
