"""The part of a reply that is its own running text: without code, formulas, quotations and citation marks."""

from __future__ import annotations

import re

_QUOTATIONS = r"„[^“”\"]{1,600}[“”\"]|“[^”]{1,600}”|«[^»]{1,600}»|\"[^\"\n]{1,600}\""
_LEAVE_OUT = re.compile(
    rf"```.*?```|~~~.*?~~~|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|\\\(.*?\\\)|\\\[.*?\\\]|^>[^\n]*$|https?://\S+|\[\d+\]|{_QUOTATIONS}", re.DOTALL | re.MULTILINE
)
_DIAGRAM = re.compile(r"(?:```|~~~)[ \t]*mermaid[ \t]*(?:\n|$)")
_DRAWN = re.compile(r"^(```|~~~)[ \t]*mermaid[ \t]*$.*?(?:^\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_SIGNS = re.compile(r"[^\w\s.,!?'’]")
_QUOTED = re.compile(rf"^>\s?(.+)$|({_QUOTATIONS})", re.MULTILINE)


def prose(reply: str) -> str:
    """The reply's own words, those of its diagrams too; what is left out becomes spaces, so that each letter keeps its place."""
    return _LEAVE_OUT.sub(lambda match: _SIGNS.sub(" ", match[0]) if is_diagram(match[0]) else " " * len(match[0]), reply)


def without_diagrams(reply: str) -> str:
    """The reply without what is drawn in it, also where its end is still to come."""
    return _DRAWN.sub("", reply) if "mermaid" in reply else reply


def is_diagram(code: str) -> bool:
    """Whether a block of code, from its first mark on, is drawn, so that people read its words."""
    return _DIAGRAM.match(code) is not None


def quotations(reply: str) -> list[str]:
    """The quoted spans of a reply without their marks, in order."""
    found = (match[1] or match[2][1:-1] for match in _QUOTED.finditer(reply))
    return [re.sub(r"\s*\[\d+\]\s*$", "", text).strip() for text in found]
