"""The part of a reply that is its own running text: without code, formulas, quotations and citation marks."""

from __future__ import annotations

import re

_QUOTATIONS = r"„[^“”\"]{1,600}[“”\"]|“[^”]{1,600}”|«[^»]{1,600}»|\"[^\"\n]{1,600}\""
_LEAVE_OUT = re.compile(
    rf"```.*?```|~~~.*?~~~|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|\\\(.*?\\\)|\\\[.*?\\\]|^>[^\n]*$|https?://\S+|\[\d+\]|{_QUOTATIONS}", re.DOTALL | re.MULTILINE
)
_QUOTED = re.compile(rf"^>\s?(.+)$|({_QUOTATIONS})", re.MULTILINE)


def prose(reply: str) -> str:
    """The reply's own words; what is left out becomes spaces, so that each letter keeps its place."""
    return _LEAVE_OUT.sub(lambda match: " " * len(match[0]), reply)


def quotations(reply: str) -> list[str]:
    """The quoted spans of a reply without their marks, in order."""
    found = (match[1] or match[2][1:-1] for match in _QUOTED.finditer(reply))
    return [re.sub(r"\s*\[\d+\]\s*$", "", text).strip() for text in found]
