"""Vectors by number: a graph for near ones (usearch), and their rows for exact cosines."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

_GRAPH = "near.usearch"
_ROWS = "vectors.f16"
_LINKS = 16
_SEARCHED_ADDING = 128
_SEARCHED = 512
"""Candidates that a question looks at. Measured: docs/retrieval.md, "Other stores"."""
_SPARE = 1.5
_MOST_ASKED = 2_000
"""Neighbours asked of the graph at most; where a filter leaves so few that more were needed, all that it leaves are compared."""
_CHUNK = 8_192

Numbers = NDArray[np.int64]


class Graph:
    """One generation's vectors; without any, everything is empty. Reading is safe from several threads.

    Attributes:
        dimensions: 0 as long as there is no vector.
    """

    def __init__(self, folder: Path, dimensions: int, graph: Index | None, shelves: Sequence[int] = ()) -> None:
        self.dimensions = dimensions
        self._folder = folder
        self._graph = graph
        self._shelf_of = np.array(shelves, np.int64)
        self._rows: NDArray[np.float16] = np.zeros((0, 0), np.float16)
        self._allowed = lru_cache(64)(self._find_allowed)

    @classmethod
    def begun(cls, folder: Path, before: Path | None, dimensions: int) -> Graph:
        """To be written into `folder`, beginning with what `before` holds."""
        if before is None or not dimensions:
            return cls(folder, 0, None)
        shutil.copyfile(before / _ROWS, folder / _ROWS)
        return cls(folder, dimensions, _restored(before / _GRAPH, view=False))

    @classmethod
    def opened(cls, folder: Path, dimensions: int, shelves: Sequence[int]) -> Graph:
        """Open for searching; `shelves` by number, -1 where there is no passage."""
        if not dimensions:
            return cls(folder, 0, None, shelves)
        opened = cls(folder, dimensions, _restored(folder / _GRAPH, view=True), shelves)
        opened._rows = np.memmap(folder / _ROWS, np.float16, "r").reshape(-1, dimensions)
        if len(opened._rows) != len(shelves):
            raise ValueError(f"expected {len(shelves)} vectors, found {len(opened._rows)}")
        return opened

    def remove(self, numbers: Sequence[int]) -> None:
        """Take vectors out of the graph; their rows stay."""
        if self._graph is not None and numbers:
            self._graph.remove(np.array(numbers, np.uint64))

    def add(self, numbers: Sequence[int], vectors: Sequence[bytes]) -> None:
        """Put vectors in; the numbers go on where those before ended."""
        if not any(vectors):
            return
        matrix = np.frombuffer(b"".join(vectors), "<f4").reshape(len(vectors), -1)
        if self._graph is None:
            self.dimensions = matrix.shape[1]
            self._graph = Index(ndim=self.dimensions, metric="ip", dtype="f16", connectivity=_LINKS, expansion_add=_SEARCHED_ADDING)
        self._graph.add(np.array(numbers, np.uint64), matrix)
        with (self._folder / _ROWS).open("ab") as file:
            file.write(matrix.astype("<f2").tobytes())

    def finish(self) -> None:
        """Bring the graph to the disk."""
        if self._graph is not None:
            self._graph.save(os.fspath(self._folder / _GRAPH))

    def nearest(self, vector: bytes, shelves: tuple[int, ...] | None, limit: int) -> list[tuple[int, float]]:
        """(number, cosine) of the nearest on `shelves`, on all where None."""
        if self._graph is None:
            return []
        asked = np.frombuffer(vector, "<f4")
        allowed, count = self._allowed(shelves)
        wanted = math.ceil(_SPARE * limit * len(self._shelf_of) / count) if count > limit else len(self._shelf_of)
        near: Numbers = np.zeros(0, np.int64)
        if wanted <= min(_MOST_ASKED, count):
            near = np.asarray(self._graph.search(asked, wanted, threads=1).keys).astype(np.int64)
            near = near[allowed[near]]
        if len(near) < min(limit, count):
            near = np.flatnonzero(allowed)
        return self._best(asked, near, limit)

    def similarities(self, vector: bytes, numbers: Sequence[int]) -> list[float]:
        """The cosine of each; none where there are no vectors."""
        if self._graph is None or not numbers:
            return []
        found: list[float] = self._cosines(np.frombuffer(vector, "<f4"), np.array(numbers, np.int64)).tolist()
        return found

    def _best(self, asked: NDArray[np.float32], numbers: Numbers, limit: int) -> list[tuple[int, float]]:
        cosines = self._cosines(asked, numbers)
        if len(numbers) > limit:
            kept = np.flatnonzero(cosines >= np.partition(cosines, len(cosines) - limit)[len(cosines) - limit])
            numbers, cosines = numbers[kept], cosines[kept]
        return list(zip(numbers.tolist(), cosines.tolist(), strict=True))

    def _cosines(self, asked: NDArray[np.float32], numbers: Numbers) -> NDArray[np.float32]:
        parts = [self._rows[numbers[start : start + _CHUNK]].astype(np.float32) @ asked for start in range(0, len(numbers), _CHUNK)]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _find_allowed(self, shelves: tuple[int, ...] | None) -> tuple[NDArray[np.bool_], int]:
        """(which numbers may be found, how many those are)."""
        allowed = self._shelf_of >= 0 if shelves is None else np.isin(self._shelf_of, shelves)
        return allowed, int(allowed.sum())


def _restored(path: Path, *, view: bool) -> Index:
    graph = Index.restore(os.fspath(path), view=view, expansion_search=_SEARCHED)
    if graph is None:
        raise ValueError(f"expected a graph in {path.name}, found none")
    return graph
