"""Passages in folders beside the index file: tantivy for words and 4-grams, usearch (HNSW) for meaning.

A generation's folder holds `manifest.json`, `words/` (tantivy), `near.usearch` (the graph) and `vectors.f16` (a row for each
number, read for exact cosines). A generation begins with the files of the one before, so that an update costs little more
than what has changed.

Source: Malkov and Yashunin 2018, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
Small World graphs".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from endonym.adapters.indexes.generation_file import Manifest, Numbered, read_manifest
from endonym.adapters.indexes.generations import Generations
from endonym.adapters.indexes.graph import Graph
from endonym.adapters.indexes.shelves import Shelves, number_of
from endonym.adapters.indexes.term_index import TermIndex, TermWriter
from endonym.core.errors import RetrievalError
from endonym.seams.passage_index import Arm, Entry, PassageIndex, Shelf, Weighed, Where

_MOST_CHANGED = 0.5
_MOST_GONE = 0.2
"""Where more was taken out, everything is written anew: tantivy and usearch keep what was taken out among the rest."""
_BATCH = 2_000


class TantivyStore:
    """Safe to use from several processes: each writes a generation of its own, and the newest counts.

    Args:
        folder: Holds a folder for each index.
    """

    name = "tantivy-1"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(
        self, name: str, key: str, wanted: Mapping[str, str], entries: Callable[[Sequence[str]], Iterable[Entry]]
    ) -> None:
        """See `PassageStore.write`."""
        generations = self._generations(name)
        with _faults(generations.home, "to write it whole", "Free disk space or make the folder writable, then build again."), \
                generations.writing(key) as folder:  # fmt: skip
            before, manifest = _before(generations, wanted)
            manifest.key = key
            _fill(folder, before, manifest, wanted, entries)

    def open(self, name: str, key: str) -> PassageIndex:
        """See `PassageStore.open`."""
        generations = self._generations(name)
        remedy = "Build the index again for this bundle."
        with _faults(generations.home, "one that can be read", remedy):
            found = generations.newest(key)
            if not found:
                raise RetrievalError("index: expected one for this key, found none", remedy=remedy, origin=str(generations.home))
            return _Opened(found[0])

    def _generations(self, name: str) -> Generations:
        return Generations(self._folder / f"{quote(name, safe='')}.tantivy")


def _before(generations: Generations, wanted: Mapping[str, str]) -> tuple[Path | None, Manifest]:
    """The generation that the new one begins with, and its manifest; None and an empty one where little would be left of it."""
    for folder in generations.newest():
        try:
            manifest = read_manifest(folder)
        except (OSError, ValueError):
            continue
        kept = sum(1 for passage in manifest.passages if passage and wanted.get(passage.id) == passage.digest)
        gone = manifest.gone + sum(1 for passage in manifest.passages if passage) - kept
        if kept and len(wanted) - kept <= _MOST_CHANGED * len(wanted) and gone <= _MOST_GONE * len(wanted):
            return folder, manifest
        break
    return None, Manifest()


def _fill(
    folder: Path, before: Path | None, manifest: Manifest, wanted: Mapping[str, str],
    entries: Callable[[Sequence[str]], Iterable[Entry]],
) -> None:  # fmt: skip
    gone = [number for number, passage in enumerate(manifest.passages) if passage and wanted.get(passage.id) != passage.digest]
    words = TermWriter(folder, before)
    words.remove([passage.id for number in gone if (passage := manifest.passages[number])])
    for number in gone:
        manifest.passages[number] = None
    manifest.gone += len(gone)
    held = manifest.numbers()
    fresh = [passage_id for passage_id in wanted if passage_id not in held]
    graph = Graph.begun(folder, before, manifest.dimensions)
    graph.remove(gone)
    shelves = {shelf: number for number, shelf in enumerate(manifest.shelves)}
    for batch in _batches(entries(fresh)):
        numbers = range(len(manifest.passages), len(manifest.passages) + len(batch))
        for number, entry in zip(numbers, batch, strict=True):
            shelf = number_of(Shelf.of(entry.passage), shelves)
            words.add(number, shelf, entry)
            manifest.passages.append(Numbered(entry.passage.id, wanted[entry.passage.id], shelf))
        graph.add(numbers, [entry.vector for entry in batch])
    words.finish()
    graph.finish()
    manifest.dimensions = graph.dimensions
    manifest.shelves = list(shelves)
    manifest.write(folder)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while batch := list(islice(rest, _BATCH)):
        yield batch


class _Opened:
    """A generation, open for searching; its files stay readable when it is removed."""

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        self._home = folder.parent
        self._ids = [passage.id if passage else "" for passage in manifest.passages]
        self._numbers = manifest.numbers()
        self._shelves = Shelves(manifest.shelves)
        self._words: TermIndex | None = TermIndex(folder)
        self._graph = Graph.opened(folder, manifest.dimensions, [passage.shelf if passage else -1 for passage in manifest.passages])

    @property
    def size(self) -> int:
        return len(self._numbers)

    def frequencies(self, arm: Arm, terms: Sequence[str]) -> Mapping[str, int]:
        with self._searching() as words:
            return words.frequencies(arm, terms)

    def weigh(self, arm: Arm, terms: Sequence[str], where: Where, limit: int) -> Weighed:
        with self._searching() as words:
            return self._named(words.weigh(arm, terms, self._shelves.admitted(where), limit), limit)

    def nearest(self, vector: bytes, where: Where, limit: int) -> Weighed:
        with self._searching():
            return self._named(self._graph.nearest(vector, self._shelves.admitted(where), limit), limit)

    def similarities(self, vector: bytes, ids: Sequence[str]) -> Mapping[str, float]:
        with self._searching():
            numbers = [self._numbers[name] for name in ids]
            return dict(zip(ids, self._graph.similarities(vector, numbers), strict=False))

    def close(self) -> None:
        self._words = None

    def _named(self, found: Iterable[tuple[int, float]], limit: int) -> Weighed:
        return sorted(((self._ids[number], weight) for number, weight in found), key=lambda hit: (-hit[1], hit[0]))[:limit]

    @contextmanager
    def _searching(self) -> Iterator[TermIndex]:
        words = self._words
        if words is None:
            raise RetrievalError("index: expected an open one, found it closed", origin=str(self._home))
        with _faults(self._home, "one that can be searched", "Build the index again for this bundle."):
            yield words


@contextmanager
def _faults(home: Path, expected: str, remedy: str) -> Iterator[None]:
    """What tantivy and usearch raise, as the error that callers know."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        raise RetrievalError(f"index: expected {expected}, found {error}", remedy=remedy, origin=str(home)) from error
