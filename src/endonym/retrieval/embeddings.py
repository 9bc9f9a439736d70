"""A cache of embeddings on disk, so that rebuilding an index embeds only what is new."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from endonym.core.errors import RetrievalError
from endonym.seams.embedder import Embedder

Role = Literal["query", "passage"]
Vectors = NDArray[np.float32]

_BATCH = 16
"""Texts embedded between two commits: an interrupted build loses about two seconds of work."""
_BUSY_SECONDS = 60.0
_RECENT = 4096


def embed_cached(
    path: Path, embedder: Embedder, texts: Sequence[str], role: Role, progress: Callable[[int], None] | None = None
) -> Vectors:
    """Unit vectors of `texts`, shape `(len(texts), embedder.dimensions)`, taken from the cache at `path` where it has them.

    Keys are the embedder's name, the role and the text's digest. A cache that cannot be read is thrown away.

    Args:
        progress: Called with how many of `texts` are done.

    Raises:
        RetrievalError: The embedder returned another number of bytes than its dimensions promise.
    """
    keys = [hashlib.sha256(f"{embedder.name}\0{role}\0{text}".encode()).digest() for text in texts]
    connection = _open(path)
    try:
        known = _read(connection, keys, embedder.dimensions)
        missing = [i for i in dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True)).values()
                   if keys[i] not in known]  # fmt: skip
        missing.sort(key=lambda i: len(texts[i]))  # texts of like length make even batches
        done = len(texts) - len(missing)
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = _embed(embedder, [texts[i] for i in batch], role)
            rows = [(keys[i], vector.tobytes()) for i, vector in zip(batch, vectors, strict=True)]
            with connection:
                connection.executemany("INSERT OR REPLACE INTO embedding VALUES (?, ?)", rows)
            known.update(zip((keys[i] for i in batch), vectors, strict=True))
            done += len(batch)
            if progress:
                progress(done)
    finally:
        connection.close()
    if not keys:
        return np.zeros((0, embedder.dimensions), np.float32)
    return np.stack([known[key] for key in keys]).astype(np.float32, copy=False)


class _RecentVectors:
    """Vectors of the texts that were asked for last, least recent out first; 6 MB when full."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, Role, str], Vectors] = OrderedDict()

    def embed(self, embedder: Embedder, texts: Sequence[str], role: Role) -> Vectors:
        found: dict[str, Vectors] = {}
        with self._lock:
            for text in texts:
                vector = self._known.get((embedder.name, role, text))
                if vector is not None:
                    self._known.move_to_end((embedder.name, role, text))
                    found[text] = vector
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, _embed(embedder, missing, role), strict=True))
            with self._lock:
                self._known.update(((embedder.name, role, text), found[text]) for text in missing)
                while len(self._known) > _RECENT:
                    self._known.popitem(last=False)
        return np.stack([found[text] for text in texts])


_recent = _RecentVectors()


def embed_recent(embedder: Embedder, texts: Sequence[str], role: Role) -> Vectors:
    """Unit vectors of `texts` (at least one), shape `(len(texts), dimensions)`; those of late are remembered.

    One message is compared with passages, prompts and sentences, and a sentence answers more than one question.
    """
    return _recent.embed(embedder, texts, role)


def embed_or_none(embedder: Embedder | None, texts: Sequence[str], role: Role) -> Vectors | None:
    """As `embed_recent`, or None without an embedder and while it fails: that costs a search its meaning, nobody the reply."""
    try:
        return embed_recent(embedder, texts, role) if embedder is not None else None
    except RetrievalError:
        return None


def _embed(embedder: Embedder, texts: Sequence[str], role: Role) -> Vectors:
    data = embedder.embed_queries(texts) if role == "query" else embedder.embed_passages(texts)
    expected = 4 * len(texts) * embedder.dimensions
    if len(data) != expected:
        raise RetrievalError(
            f"embedder {embedder.name}: expected {expected} bytes for {len(texts)} texts, found {len(data)}",
            remedy="Report this to whoever maintains the embedder; the index cannot be built with it.",
        )
    return np.frombuffer(data, dtype="<f4").reshape(len(texts), embedder.dimensions).astype(np.float32)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connect(path)
    except sqlite3.OperationalError as error:
        raise RetrievalError(
            f"cache of embeddings: expected a file that can be written, found {error}",
            remedy="Make the folder writable, or wait until the other build has ended.", origin=str(path),
        ) from error  # fmt: skip
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE IF NOT EXISTS embedding (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _read(connection: sqlite3.Connection, keys: Sequence[bytes], dimensions: int) -> dict[bytes, Vectors]:
    found: dict[bytes, Vectors] = {}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        marks = ",".join("?" * len(part))
        for key, data in connection.execute(f"SELECT key, vector FROM embedding WHERE key IN ({marks})", part):
            if len(data) == 4 * dimensions:
                found[key] = np.frombuffer(data, dtype="<f4")
    return found
