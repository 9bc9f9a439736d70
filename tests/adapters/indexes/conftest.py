"""Passages, and the stores that keep them; PostgreSQL runs in a folder of its own as long as the tests do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from endonym.adapters.indexes.postgres import PostgresStore
from endonym.adapters.indexes.tantivy_usearch import TantivyStore
from endonym.retrieval.build import build_index
from endonym.retrieval.file_passages import FilePassages
from endonym.retrieval.index import Index, open_index
from endonym.retrieval.index_file import IndexFile
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Entry, PassageIndex, PassageStore

POSTGRES = pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))
STORES = ["tantivy", POSTGRES]
ALL = ["sqlite", *STORES]


class PlainTools:
    """Words as they stand."""

    name = "plain"

    def lemmas(self, text: str, language: str) -> list[str]:
        return text.lower().replace(".", " ").split()


class SeededVectors:
    """Vectors drawn from a text's letters."""

    name = "seeded, of passage stores"
    dimensions = 16

    def embed_passages(self, texts: Sequence[str]) -> bytes:
        seeds = [int.from_bytes(text.encode(), "little") for text in texts]
        vectors = np.stack([np.random.default_rng(seed).standard_normal(self.dimensions) for seed in seeds])
        return bytes((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("<f4").tobytes())

    embed_queries = embed_passages


def passage(number: int, text: str = "", **values: Any) -> Passage:
    words = text or f"rakk number {number} ja aine{number % 7} ning lause{number % 3}."
    given = {"language": "et", "subject": "biology", "source": ""} | values
    return Passage(f"book#{number:04}", "book", "Õpik", str(number), f"Pealkiri {number % 5}", words, given.pop("language"), given.pop("subject"),
                   "CC0-1.0", "", given.pop("source"), "unreviewed", 0, "", **given)  # fmt: skip


def unit(seed: int, dimensions: int = SeededVectors.dimensions) -> bytes:
    vector = np.random.default_rng(seed).standard_normal(dimensions)
    return bytes((vector / np.linalg.norm(vector)).astype("<f4").tobytes())


def entry(number: int, titles: str = "pealkiri", words: str = "rakk", grams: str = "_rak rakk akk_", **values: Any) -> Entry:
    return Entry(passage(number, **values), titles, words, grams, unit(number))


def given(entries: Iterable[Entry]) -> tuple[Mapping[str, str], Callable[[Sequence[str]], Iterable[Entry]]]:
    """The last two arguments of `PassageStore.write`."""
    by_id = {one.passage.id: one for one in entries}
    return {name: f"{one}" for name, one in by_id.items()}, lambda ids: (by_id[name] for name in ids)


@dataclass(frozen=True)
class Kit:
    """One way of keeping passages.

    Attributes:
        store: None is the index file itself.
    """

    kind: str
    path: Path
    store: PassageStore | None

    def build(self, passages: Sequence[Passage], key: str = "k") -> PassageIndex:
        """The passages, searched by words as they stand and by vectors drawn from their letters."""
        build_index(self.path, key, passages, (), PlainTools(), SeededVectors(), store=self.store)
        return self.open(key)

    def open(self, key: str = "k") -> PassageIndex:
        return self.store.open(self.path.stem, key) if self.store else FilePassages(IndexFile(self.path))

    def index(self, key: str = "k") -> Index:
        return open_index(self.path, key, PlainTools(), SeededVectors(), self.store)


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    pgserver = pytest.importorskip("pgserver", reason="pgserver is not installed for this Python")
    folder = tempfile.mkdtemp(prefix="endonym-pg-")  # a socket's path is short
    try:
        started = pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}")
    yield started
    started.cleanup()


@pytest.fixture
def kit_of(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Kit]:
    """A kit of a kind, with an index name of its own."""

    def make(kind: str) -> Kit:
        path = tmp_path / f"i{uuid4().hex}.sqlite"
        if kind == "postgres":
            return Kit(kind, path, PostgresStore(request.getfixturevalue("server").get_uri()))
        return Kit(kind, path, TantivyStore(tmp_path) if kind == "tantivy" else None)

    return make


@pytest.fixture
def kit(request: pytest.FixtureRequest, kit_of: Callable[[str], Kit]) -> Kit:
    return kit_of(request.param)
