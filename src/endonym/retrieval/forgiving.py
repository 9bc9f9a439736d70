"""A store of passages that may be away: a search then finds nothing there, and nobody's reply breaks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import structlog

from endonym.core.errors import RetrievalError
from endonym.seams.passage_index import Arm, PassageIndex, Weighed, Where

T = TypeVar("T")
log = structlog.get_logger()


class Forgiving:
    """What `passages` finds, and nothing while it cannot be reached; the log says when that begins and ends."""

    def __init__(self, passages: PassageIndex) -> None:
        self._passages = passages
        self._size = 1
        self._away = False

    @property
    def size(self) -> int:
        self._size = self._or(self._size, lambda: self._passages.size)
        return self._size

    def frequencies(self, arm: Arm, terms: Sequence[str]) -> Mapping[str, int]:
        return self._or({}, lambda: self._passages.frequencies(arm, terms))

    def weigh(self, arm: Arm, terms: Sequence[str], where: Where, limit: int) -> Weighed:
        return self._or([], lambda: self._passages.weigh(arm, terms, where, limit))

    def nearest(self, vector: bytes, where: Where, limit: int) -> Weighed:
        return self._or([], lambda: self._passages.nearest(vector, where, limit))

    def similarities(self, vector: bytes, ids: Sequence[str]) -> Mapping[str, float]:
        return self._or({}, lambda: self._passages.similarities(vector, ids))

    def close(self) -> None:
        self._passages.close()

    def _or(self, empty: T, ask: Callable[[], T]) -> T:
        try:
            found = ask()
        except RetrievalError as error:
            if not self._away:
                log.error("passages.unreachable", detail=error.message[:300])
            self._away = True
            return empty
        if self._away:
            log.info("passages.back")
        self._away = False
        return found
