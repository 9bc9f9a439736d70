"""Shelves by number, so that a store filters by one integer whatever a search asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from endonym.seams.passage_index import Shelf, Where

_REMEMBERED = 64
"""Ways of restricting a search whose shelves are known."""


class Shelves:
    """The shelves of one index: a few for each pack, and as many as its laws have different dates of validity.

    Args:
        shelves: By number.
    """

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._shelves = shelves
        self.admitted = lru_cache(_REMEMBERED)(self._find)

    def _find(self, where: Where) -> tuple[int, ...] | None:
        """Numbers of the shelves that a search may find; None where it may find all."""
        found = tuple(number for number, shelf in enumerate(self._shelves) if where.admits(shelf))
        return None if len(found) == len(self._shelves) else found


def shelf_of(values: Iterable[Any]) -> Shelf:
    """A shelf from its values in order, lists in place of tuples."""
    fields: list[Any] = [tuple(value) if isinstance(value, list) else value for value in values]
    return Shelf(*fields)


def number_of(shelf: Shelf, known: dict[Shelf, int]) -> int:
    """The number of `shelf`; one that is not known yet gets the next."""
    return known.setdefault(shelf, len(known))
