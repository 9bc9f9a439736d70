"""The index's file: one SQLite database, written whole and never changed afterwards.

Tables: `meta`, `passage`, `prompt`, `background`, `spelling` (words without marks, and with), `word`
(FTS5 over mark-stripped lemmas), `gram` (FTS5 over 4-grams), `vectors`
(centred float16 matrices and the means that were taken away). Nothing in it is a source: it can always be rebuilt.
"""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from endonym.core.errors import RetrievalError
from endonym.retrieval.vectors import Matrix
from endonym.seams.passage import Passage

FORMAT = "7"
_STALE_SECONDS = 24 * 3600.0
_FIELDS = tuple(field.name for field in dataclasses.fields(Passage))
_SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE passage (row INTEGER PRIMARY KEY, {", ".join(_FIELDS)});
CREATE INDEX passage_id ON passage (id);
CREATE TABLE prompt (row INTEGER PRIMARY KEY, kind, target, text, language, subject, lemmas);
CREATE TABLE background (row INTEGER PRIMARY KEY, text, language, lemmas);
CREATE TABLE spelling (language TEXT, bare TEXT, written TEXT, PRIMARY KEY (language, bare)) WITHOUT ROWID;
CREATE TABLE vectors (name TEXT, language TEXT, count INTEGER, data BLOB, PRIMARY KEY (name, language));
CREATE VIRTUAL TABLE word USING fts5(title, body, content='',
    tokenize="unicode61 remove_diacritics 0 tokenchars '_§'");
CREATE VIRTUAL TABLE gram USING fts5(body, content='', detail=none,
    tokenize="unicode61 remove_diacritics 0 tokenchars '_§'");
"""


def write_file(path: Path, statements: Iterable[tuple[str, Iterable[Sequence[Any]]]]) -> None:
    """Create the schema, run `executemany` for each statement, and put the file in place of `path` in one step.

    Whoever has the old file open goes on reading it; an interrupted write leaves `path` as it was.

    Raises:
        RetrievalError: The folder cannot be written or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".", suffix=".tmp")
    os.close(handle)
    written = Path(name)
    try:
        connection = sqlite3.connect(name)
        try:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            with connection:
                for statement, rows in statements:
                    connection.executemany(statement, rows)
        finally:
            connection.close()
        with written.open("rb+") as file:
            os.fsync(file.fileno())
        written.replace(path)
    except sqlite3.OperationalError as error:
        raise RetrievalError(f"index: expected to write it whole, found {error}",
                             remedy="Free disk space or make the folder writable, then build again.",
                             origin=str(path)) from error  # fmt: skip
    finally:
        written.unlink(missing_ok=True)


def _remove_stale(path: Path) -> None:
    """Remove what a killed build left behind, once it is too old to belong to a build that still runs."""
    for left in path.parent.glob(path.name + ".*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def passage_row(row: int, passage: Passage) -> tuple[Any, ...]:
    """Values of one row of `passage`."""
    return (row, *(getattr(passage, name) for name in _FIELDS))


PASSAGE_INSERT = f"INSERT INTO passage VALUES (?{', ?' * len(_FIELDS)})"


class IndexFile:
    """An open index file, read only. Safe to use from several threads.

    Raises:
        RetrievalError: The file is missing, of another format, or no index.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise RetrievalError("index: expected a file, found none", remedy="Build the index.", origin=str(path))
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            self.meta: Mapping[str, str] = dict(self._connection.execute("SELECT name, value FROM meta"))
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise RetrievalError(f"index: expected an index file, found {error}", remedy="Delete the file and build the index again.",
                                 origin=str(path)) from error  # fmt: skip
        if self.meta.get("format") != FORMAT:
            self._connection.close()
            raise RetrievalError(
                f"index: expected format {FORMAT}, found {self.meta.get('format') or 'none'}",
                remedy="Build the index again with this version.", origin=str(path),
            )  # fmt: skip

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def spellings(self, bare: Sequence[str], language: str) -> dict[str, str]:
        """How the bundle writes those words of `bare` that it always writes with marks."""
        marks = ",".join("?" * len(bare))
        return dict(self.rows(f"SELECT bare, written FROM spelling WHERE language = ? AND bare IN ({marks})",
                              (language, *bare)))  # fmt: skip

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Passages by row number."""
        marks = ",".join("?" * len(rows))
        found = self.rows(f"SELECT row, {', '.join(_FIELDS)} FROM passage WHERE row IN ({marks})", list(rows))
        return {row: Passage(*values) for row, *values in found}

    def matrix(self, name: str) -> Matrix:
        """A stored matrix as float32, shape `(count, dimensions)`; rows in order of row numbers."""
        found = self.rows("SELECT count, data FROM vectors WHERE name = ? AND language = ''", (name,))
        if not found or not found[0][0]:
            return np.zeros((0, 0), np.float32)
        count, data = found[0]
        return np.frombuffer(data, dtype="<f2").reshape(count, -1).astype(np.float32)

    def means(self, name: str) -> dict[str, Matrix]:
        """Means that were taken away from a matrix, by language, "" for all languages together."""
        found = self.rows("SELECT language, data FROM vectors WHERE name = ?", (name,))
        return {language: np.frombuffer(data, dtype="<f4") for language, data in found}
