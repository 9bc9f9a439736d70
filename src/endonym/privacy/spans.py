"""Spans of a text that lie apart: who comes first stays, what would overlap it is dropped."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence


class Apart:
    """Spans in order, each with its kind. Adding is a look-up, so thousands cost little."""

    def __init__(self, spans: Iterable[tuple[str, int, int]] = ()) -> None:
        self._spans: list[tuple[int, int, str]] = []
        for kind, start, end in spans:
            self.add(kind, start, end)

    def add(self, kind: str, start: int, end: int) -> None:
        at = bisect_left(self._spans, (start, end, kind))
        before = self._spans[at - 1][1] if at else 0
        after = self._spans[at][0] if at < len(self._spans) else end
        if before <= start < end <= after:
            self._spans.insert(at, (start, end, kind))

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        return iter([(kind, start, end) for start, end, kind in self._spans])


def is_within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether a character stands inside one of `spans`, which are in order."""
    before = bisect_right(spans, (at, 1 << 62)) - 1
    return before >= 0 and at < spans[before][1]
