"""Two texts in one on the terminal: [-what went-] and {+what came+}."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from endonym.spec import Piece

_MARKS = {"both": ("", ""), "old": ("[-", "-]"), "new": ("{+", "+}")}
_COLOURS = {"both": None, "old": "red", "new": "green"}


def wrap_pieces(pieces: Sequence[Piece], indent: int, width: int) -> list[str]:
    """Lines of at most `width` columns; the marks stand in colour too, for those who do not see it."""
    lines: list[str] = []
    line, used = "", indent
    for piece in pieces:
        opening, closing = _MARKS[piece.side]
        for word in re.findall(r"\S+", f"{opening}{piece.text.strip()}{closing}"):
            if line and used + 1 + len(word) > width:
                lines.append(line)
                line, used = "", indent
            gap = " " if line else ""
            line += gap + click.style(word, fg=_COLOURS[piece.side])
            used += len(gap) + len(word)
    return [" " * indent + text for text in (*lines, line) if text]
