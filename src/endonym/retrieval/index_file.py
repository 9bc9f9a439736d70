"""The index's file: one SQLite database, written whole and never changed afterwards.

Tables: `meta`, `passage`, `shelf` (what filters ask of a passage, in few pages), `prompt`, `background`, `passage_word` and
`prompt_word` (words without marks, and as written), `word` (FTS5 over mark-stripped lemmas), `gram` (FTS5 over 4-grams),
`common` (their terms that stand in many passages), `vectors` (centred float16 matrices and the means that were taken
away). Where a store of its own searches the passages, `word`, `gram` and their vectors stay empty. Nothing in it is a
source: it can always be rebuilt.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from endonym.core.errors import RetrievalError
from endonym.retrieval.vectors import Matrix
from endonym.seams.passage import Passage

FORMAT = "11"
BETWEEN = "\x1f"
"""Unit separator of ASCII: what no item of a list holds."""
_REMEMBERED = 512
"""Questions whose spellings are known: one turn asks several times."""
_PASSAGES = 2048
"""Passages that were found lately, some megabytes."""
_STALE_SECONDS = 24 * 3600.0
_FIELDS = tuple(field.name for field in dataclasses.fields(Passage))
_LISTS = tuple(_FIELDS.index(name) for name in ("grades", "audiences"))
_SHELF = ("language", "pack", "subject", "source", "grades", "audiences", "valid_from", "valid_until")
_SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE passage (row INTEGER PRIMARY KEY, {", ".join(_FIELDS)});
CREATE INDEX passage_id ON passage (id);
CREATE TABLE shelf (row INTEGER PRIMARY KEY, id, {", ".join(_SHELF)});
CREATE TABLE prompt (row INTEGER PRIMARY KEY, kind, target, text, language, subject, lemmas);
CREATE TABLE background (row INTEGER PRIMARY KEY, text, language, lemmas);
CREATE TABLE passage_word (language TEXT, bare TEXT, written TEXT, uses INTEGER, PRIMARY KEY (language, bare, written)) WITHOUT ROWID;
CREATE TABLE prompt_word (language TEXT, bare TEXT, written TEXT, uses INTEGER, PRIMARY KEY (language, bare, written)) WITHOUT ROWID;
CREATE TABLE common (arm TEXT, term TEXT, passages INTEGER, PRIMARY KEY (arm, term)) WITHOUT ROWID;
CREATE TABLE vectors (name TEXT, language TEXT, count INTEGER, data BLOB, PRIMARY KEY (name, language));
CREATE VIRTUAL TABLE word USING fts5(title, body, content='',
    tokenize="unicode61 remove_diacritics 0 tokenchars '_§'");
CREATE VIRTUAL TABLE gram USING fts5(body, content='',
    tokenize="unicode61 remove_diacritics 0 tokenchars '_§'");
CREATE VIRTUAL TABLE word_terms USING fts5vocab(word, row);
CREATE VIRTUAL TABLE gram_terms USING fts5vocab(gram, row);
"""

_SHELVES = f"INSERT INTO shelf SELECT row, id, {', '.join(_SHELF)} FROM passage;"
_CLEARED = "".join(f"DELETE FROM {table};" for table in ("prompt", "prompt_word", "background", "shelf", "common", "vectors"))
_COMMON = "".join(f"INSERT INTO common SELECT '{arm}', term, doc FROM {arm}_terms WHERE doc > {{rare}};" for arm in ("word", "gram"))
_RARE = 200
"""How many passages hold a term of no more than this many is counted when it is asked for; the others stand in `common`."""


Statements = Iterable[tuple[str, Iterable[Sequence[Any]]]]


def write_file(path: Path, plan: Callable[[Path], tuple[bool, Statements]]) -> None:
    """Write an index file and put it in place of `path` in one step.

    Whoever has the old file open goes on reading it; an interrupted write leaves `path` as it was.

    Args:
        plan: From a copy of what stands at `path` (an empty file where nothing does, or where that is damaged): whether its
            passages and their words are kept, all other tables emptied, and what to run `executemany` for.

    Raises:
        RetrievalError: The folder cannot be written or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".", suffix=".tmp")
    os.close(handle)
    written = Path(name)
    try:
        if path.is_file():
            shutil.copyfile(path, written)
        try:
            _fill(written, *plan(written))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # what stood there is damaged: nothing of it is taken over
            written.write_bytes(b"")
            _fill(written, *plan(written))
        with written.open("rb+") as file:
            os.fsync(file.fileno())
        written.replace(path)
    except sqlite3.OperationalError as error:
        raise RetrievalError(f"index: expected to write it whole, found {error}",
                             remedy="Free disk space or make the folder writable, then build again.",
                             origin=str(path)) from error  # fmt: skip
    finally:
        written.unlink(missing_ok=True)


def _fill(file: Path, over: bool, statements: Statements) -> None:
    if not over:
        file.write_bytes(b"")
    connection = sqlite3.connect(file)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + (_CLEARED if over else _SCHEMA))
        with connection:
            for statement, rows in statements:
                connection.executemany(statement, rows)
        connection.executescript(_SHELVES + _COMMON.format(rare=_RARE))
    finally:
        connection.close()


def _remove_stale(path: Path) -> None:
    """Remove what a killed build left behind, once it is too old to belong to a build that still runs."""
    for left in path.parent.glob(path.name + ".*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def passage_row(row: int, passage: Passage) -> tuple[Any, ...]:
    """Values of one row of `passage`; lists are written with `BETWEEN` around each of their items."""
    values = [getattr(passage, name) for name in _FIELDS]
    return (row, *(_written(value) if isinstance(value, tuple) else value for value in values))


def _written(items: tuple[str, ...]) -> str:
    return f"{BETWEEN}{BETWEEN.join(items)}{BETWEEN}" if items else ""


PASSAGE_INSERT = f"INSERT INTO passage VALUES (?{', ?' * len(_FIELDS)})"


def _passage(values: list[Any]) -> Passage:
    for place in _LISTS:
        values[place] = tuple(filter(None, values[place].split(BETWEEN)))
    return Passage(*values)


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
        self.spellings = lru_cache(_REMEMBERED)(self._find_spellings)
        """`spellings(bare, language)`: how the bundle writes those words of `bare` that it always writes with marks."""
        self._named = lru_cache(_PASSAGES)(self._find_named)
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

    def _find_spellings(self, bare: tuple[str, ...], language: str) -> Mapping[str, str]:
        """The commonest way, then the first."""
        marks = ",".join("?" * len(bare))
        found: dict[str, dict[str, int]] = {}
        for table in ("passage_word", "prompt_word"):
            for word, written, uses in self.rows(
                f"SELECT bare, written, uses FROM {table} WHERE language = ? AND bare IN ({marks}) AND uses > 0", (language, *bare)
            ):
                spelt = found.setdefault(word, {})
                spelt[written] = spelt.get(written, 0) + uses
        return {word: min(spelt, key=lambda written: (-spelt[written], written)) for word, spelt in found.items() if word not in spelt}

    def passages(self, rows: Sequence[int] | None = None) -> dict[int, Passage]:
        """Passages by row number; all of them where `rows` is None."""
        where = "" if rows is None else f" WHERE row IN ({','.join('?' * len(rows))})"
        found = self.rows(f"SELECT row, {', '.join(_FIELDS)} FROM passage{where}", list(rows or ()))
        return {row: _passage(values) for row, *values in found}

    def named(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id, those of `ids` that there are."""
        return {name: passage for name in ids if (passage := self._named(name))}

    def _find_named(self, name: str) -> Passage | None:
        found = self.rows(f"SELECT {', '.join(_FIELDS)} FROM passage WHERE id = ?", (name,))
        return _passage(list(found[0])) if found else None

    def matrix(self, name: str) -> Matrix:
        """A stored matrix as float32, shape `(count, dimensions)`; passages in order of their ids, prompts in that of their rows."""
        found = self.rows("SELECT count, data FROM vectors WHERE name = ? AND language = ''", (name,))
        if not found or not found[0][0]:
            return np.zeros((0, 0), np.float32)
        count, data = found[0]
        return np.frombuffer(data, dtype="<f2").reshape(count, -1).astype(np.float32)

    def means(self, name: str) -> dict[str, Matrix]:
        """Means that were taken away from a matrix, by language, "" for all languages together."""
        found = self.rows("SELECT language, data FROM vectors WHERE name = ?", (name,))
        return {language: np.frombuffer(data, dtype="<f4") for language, data in found}
