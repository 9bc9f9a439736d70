"""A document's text, put together paragraph by paragraph from a format that keeps it in pieces."""

from __future__ import annotations

import re

from endonym.core.ids import slug
from endonym.seams.passage import Block, ReadDocument

LONGEST_ANCHOR = 80

_SPACE = re.compile(r"[^\S\n]+")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\ufeff\ufffe\uffff]")
_LONE = re.compile("[\ud800-\udfff]")
_ANCHOR = re.compile(r"[\w-]+")


class Composition:
    """Each heading begins a block; a block that gets no paragraph is left out.

    Paragraphs and headings stand two line ends apart in the text, and a block is a stretch of it.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._used: dict[str, int] = {}
        """How often each anchor was wanted."""
        self._first = -1
        """Index in the parts of the block's first paragraph, or -1."""
        self._open("", "text", 1)

    def heading(self, title: str, anchor: str = "", line: int = 1, note: str = "", valid: tuple[str, str] = ("", "")) -> None:
        """Begin a block under a heading.

        Args:
            anchor: The document's own name for the place; made from the title where there is none.
            note: What the block's title says beyond the heading, such as dates.
            valid: First and last day of validity.
        """
        title = tidy(title).replace("\n", " ")
        self.begin(f"{title} {note}".strip(), anchor or slug(title), line)
        self._valid = valid
        if title:
            self._append(title)

    def begin(self, title: str, anchor: str, line: int) -> None:
        """Begin a block without writing a heading."""
        self._close()
        self._open(title, anchor, line)

    def paragraph(self, text: str) -> None:
        text = tidy(text)
        if text:
            at = self._append(text)
            if self._first < 0:
                self._first, self._start = len(self._parts) - 1, at

    def document(self) -> ReadDocument:
        self._close()
        return ReadDocument("".join(self._parts), tuple(self._blocks))

    def _append(self, text: str) -> int:
        """Where in the document the text now stands."""
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        at = self._length
        self._parts.append(text)
        self._length += len(text)
        return at

    def _open(self, title: str, anchor: str, line: int) -> None:
        self._title, self._anchor, self._line, self._first, self._start = title, anchor, line, -1, 0
        self._valid = ("", "")

    def _close(self) -> None:
        if self._first >= 0:
            text = "".join(self._parts[self._first :])
            self._blocks.append(Block(self._free(self._anchor), self._title, text, self._start, self._line, *self._valid))
            self._first = -1

    def _free(self, wanted: str) -> str:
        anchor = wanted if _ANCHOR.fullmatch(wanted) else slug(wanted)
        if len(anchor) > LONGEST_ANCHOR:
            anchor = anchor[: LONGEST_ANCHOR + 1].rpartition("-")[0] or anchor[:LONGEST_ANCHOR]
        unique = anchor
        while unique in self._used:
            self._used[anchor] += 1
            unique = f"{anchor}-{self._used[anchor]}"
        self._used[unique] = 1
        return unique


def tidy(text: str) -> str:
    """Single spaces, no spaces at line ends, no empty lines, nothing that only printers see."""
    text = _LONE.sub("\ufffd", _NO_TEXT.sub("", text))
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
