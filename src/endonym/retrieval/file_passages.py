"""The passages of an index file, searched in the file itself: FTS5 for words and 4-grams, an exact scan for meaning."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endonym.retrieval.bm25 import TITLE
from endonym.retrieval.index_file import BETWEEN, IndexFile
from endonym.retrieval.vectors import Matrix
from endonym.retrieval.wording import match_any
from endonym.seams.passage_index import Arm, Weighed, Where

_WEIGHT = {"word": f"bm25(word, {TITLE}, 1)", "gram": "bm25(gram)"}
_REMEMBERED = 64
"""Ways of restricting a search whose passages are known; 100 kB each at 100,000 passages."""
_TERMS = 8_192
"""Terms whose passages were counted."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """In the order of ids: ids, vectors (none where the file has none); `places` says where each row of the file stands."""

    ids: list[str]
    places: NDArray[np.int64]
    at: dict[str, int]
    matrix: Matrix


class FilePassages:
    """Loads with the first search. Safe to use from several threads."""

    def __init__(self, file: IndexFile) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._kept: _Loaded | None = None
        self._allowed = lru_cache(_REMEMBERED)(self._find_allowed)
        self._frequency = lru_cache(_TERMS)(self._find_frequency)

    @property
    def size(self) -> int:
        return len(self._loaded().ids)

    def frequencies(self, arm: Arm, terms: Sequence[str]) -> Mapping[str, int]:
        return {term: count for term in terms if (count := self._frequency(arm, term))}

    def weigh(self, arm: Arm, terms: Sequence[str], where: Where, limit: int) -> Weighed:
        loaded, allowed = self._loaded(), self._allowed(where)
        found = self._file.rows(f"SELECT rowid, {_WEIGHT[arm]} FROM {arm} WHERE {arm} MATCH ?", (match_any(terms),)) if terms else []
        if not found:
            return []
        rows, weights = np.array(found, np.float64).T
        places = loaded.places[rows.astype(np.int64)]
        held = allowed[places]
        places, weights = places[held], -weights[held]
        return [(loaded.ids[places[i]], float(weights[i])) for i in np.lexsort((places, -weights))[:limit]]

    def nearest(self, vector: bytes, where: Where, limit: int) -> Weighed:
        loaded, asked = self._loaded(), np.frombuffer(vector, "<f4")
        if not len(loaded.matrix):
            return []
        similarities = loaded.matrix @ asked
        places = np.flatnonzero(self._allowed(where))
        near = similarities[places]
        if len(places) > limit:
            kept = np.flatnonzero(near >= np.partition(near, len(near) - limit)[len(near) - limit])
            places, near = places[kept], near[kept]
        return [(loaded.ids[places[i]], float(near[i])) for i in np.lexsort((places, -near))[:limit]]

    def similarities(self, vector: bytes, ids: Sequence[str]) -> Mapping[str, float]:
        loaded = self._loaded()
        if not ids or not len(loaded.matrix):
            return {}
        near = loaded.matrix[[loaded.at[name] for name in ids]] @ np.frombuffer(vector, "<f4")
        return dict(zip(ids, near.tolist(), strict=True))

    def close(self) -> None:
        """The file is closed by whoever opened it."""

    def _find_frequency(self, arm: Arm, term: str) -> int:
        found = self._file.rows("SELECT passages FROM common WHERE arm = ? AND term = ?", (arm, term))
        found = found or self._file.rows(f"SELECT doc FROM {arm}_terms WHERE term = ?", (term,))
        return int(found[0][0]) if found else 0

    def _find_allowed(self, where: Where) -> NDArray[np.bool_]:
        """Which places of the order of ids may be found."""
        loaded = self._loaded()
        condition, values = _condition(where)
        if not condition:
            return np.ones(len(loaded.ids), bool)
        allowed = np.zeros(len(loaded.ids), bool)
        rows = [row for (row,) in self._file.rows(f"SELECT row FROM shelf WHERE {condition}", values)]
        allowed[loaded.places[rows]] = True
        return allowed

    def _loaded(self) -> _Loaded:
        with self._lock:
            if self._kept is None:
                found = self._file.rows("SELECT id, row FROM shelf ORDER BY id")
                rows = np.array([row for _, row in found], np.int64)
                places = np.zeros(int(rows.max(initial=-1)) + 1, np.int64)
                places[rows] = np.arange(len(rows))
                ids = [name for name, _ in found]
                self._kept = _Loaded(ids, places, {name: place for place, name in enumerate(ids)}, self._file.matrix("passage"))
            return self._kept


def _condition(where: Where) -> tuple[str, list[Any]]:
    """What `where` asks, as SQL over `shelf`, with the values of its marks; "" where it asks nothing."""
    parts: list[tuple[str, Sequence[str]]] = []
    for column, any_of in (("language", where.languages), ("pack", where.packs)):
        if any_of:
            parts.append((f"{column} IN ({','.join('?' * len(any_of))})", any_of))
    if where.but:
        parts.append(("language <> ?", [where.but]))
    if where.subject:
        parts.append(("subject = ?", [where.subject]))
    for column, one in (("grades", where.grade), ("audiences", where.audience)):
        if one:
            parts.append((f"({column} = '' OR instr({column}, ?))", [f"{BETWEEN}{one}{BETWEEN}"]))
    if where.day:
        parts.append(("valid_from <= ? AND (valid_until = '' OR valid_until >= ?)", [where.day, where.day]))
    if where.lapsed:
        parts.append((f"source NOT IN ({','.join('?' * len(where.lapsed))})", sorted(where.lapsed)))
    return " AND ".join(condition for condition, _ in parts), [value for _, values in parts for value in values]
