"""A text with its headings: what a form, a list or a table says of the items that stand under it.

A line without a number is the heading of the lines with numbers that follow it, until an empty line; after "Phone:" or a
question the empty line may stand between. In a table the column's own heading counts, where both lines have as many cells.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from endonym.privacy.words import said

_MARKS = ("\t", "|", ";", "\u060c", ",", "\u3001", "\uff0c", "  ")
_RULE = re.compile(r"[\s|:+=*_–—-]*")
_DIGIT = re.compile(r"\d")
_ASKS = (":", "\uff1a", "?", "\uff1f", "\u061f")
_FEW = 4
"""A heading has at most as many digits ("Form 10"), and a cell of one as many words; a sentence with commas is no table."""
_LONGEST = 240
_REACH = 80


class Page:
    """A text and the headings of its lines. Each line is looked at once, so time grows with the length alone."""

    def __init__(self, text: str, asked: str = "") -> None:
        """Args: asked: The end of what was said before the text, which is the heading of its first lines."""
        self.text = text
        self._starts: list[int] = []
        self._headed: list[tuple[int, str]] = []
        head, start = asked, 0
        for line in text.split("\n") if asked or "\n" in text else ():
            end = start + len(line)
            if len(line) > _LONGEST or not line.strip():
                head = head if not line.strip() and head.rstrip().endswith(_ASKS) else ""
            elif not _RULE.fullmatch(line):
                mark = _mark(head)
                if len(_DIGIT.findall(line)) <= _FEW and not (mark and line.count(mark) == head.count(mark)):
                    head = line
                elif head:
                    self._starts.append(start)
                    self._headed.append((end, head))
            start = end + 1

    @cached_property
    def folded(self) -> str:
        """The text as lists of words read it, place for place."""
        return said(self.text)

    def cell(self, at: int) -> tuple[int, int, str]:
        """Where the cell of a table begins and ends that holds a place, and its heading, folded; outside tables the whole page."""
        number = bisect_right(self._starts, at) - 1
        if number < 0 or at > self._headed[number][0]:
            return 0, len(self.text), ""
        start, (end, head) = self._starts[number], self._headed[number]
        mark = _mark(head)
        if not mark or self.text.count(mark, start, end) != head.count(mark):
            return 0, len(self.text), said(head[-_REACH:])
        last = self.text.find(mark, at, end)
        heading = head.split(mark)[self.text.count(mark, start, at)]
        return max(start, self.text.rfind(mark, start, at) + len(mark)), end if last < 0 else last, said(heading)


def _mark(head: str) -> str:
    """What parts the cells of a table's heading; "" where it is none."""
    mark = next((mark for mark in _MARKS if mark in head), "")
    return mark if mark and all(len(cell.split()) <= _FEW for cell in head.split(mark)) else ""
