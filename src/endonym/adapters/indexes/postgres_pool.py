"""A few connections to PostgreSQL, shared by the threads of one process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, LiteralString

import psycopg
from psycopg import Connection, errors, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from endonym.core.errors import RetrievalError

_MOST = 4
_WAIT_SECONDS = 5.0
_CONNECT_SECONDS = 3
_STATEMENT_MS = 5_000
_REST_SECONDS = 5.0
"""How long nobody tries to connect after the server did not answer, so that its absence costs a reply no time."""
Statement = LiteralString | sql.Composed
Rows = list[tuple[Any, ...]]


def connect(url: str) -> Connection:
    """A new connection that commits each statement by itself.

    Raises:
        psycopg.Error: The server does not answer, or refuses.
        RetrievalError: `url` is no connection string.
    """
    wanted: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS, "application_name": "endonym"}
    try:
        conninfo = make_conninfo(**wanted | conninfo_to_dict(url))
    except psycopg.ProgrammingError:  # its message repeats the string, with the password
        raise RetrievalError("index_url: expected a connection string, found something else",
                             remedy="Write it as postgresql://user@host/database.") from None  # fmt: skip
    # Poolers such as PgBouncer hand a connection on between statements, where prepared ones are not known.
    return psycopg.connect(conninfo, autocommit=True, prepare_threshold=None)


def place(url: str) -> str:
    """Where `url` points, without its password."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        return "index_url"
    return f"{given.get('host') or 'local socket'}:{given.get('port') or 5432}/{given.get('dbname') or given.get('user') or ''}"


@contextmanager
def faults(url: str, expected: str) -> Iterator[None]:
    """What psycopg raises, as the error that callers know."""
    try:
        yield
    except psycopg.Error as error:
        raise RetrievalError(f"index: expected {expected}, found {_said(error)}", remedy=_remedy(error), origin=place(url)) from error


def _said(error: psycopg.Error) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no message'}"


def _remedy(error: psycopg.Error) -> str:
    if isinstance(error, errors.InsufficientPrivilege):
        return "Give the role of index_url the right to create tables: GRANT CREATE, USAGE ON SCHEMA public TO <role>."
    if isinstance(error, (errors.UndefinedTable, errors.UndefinedColumn)):
        return "Build the index again for this bundle."
    if isinstance(error, errors.QueryCanceled):
        return "The server is overloaded; give it more memory, or ask it less at a time."
    if isinstance(error, (errors.DiskFull, errors.OutOfMemory)):
        return "Give the server more disk or memory (shared memory too, where it runs in a container)."
    return "Check that the server runs and that index_url, role and password are right."


class Pool:
    """Connections for reading. Safe to use from several threads; one that the server has ended is replaced."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._free = threading.BoundedSemaphore(_MOST)
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._away_until = 0.0
        self._closed = False

    def rows(self, statement: Statement, values: Mapping[str, Any], *, searched: int = 0) -> Rows:
        """All rows of a statement.

        Args:
            searched: Candidates that the graph of vectors looks at, `hnsw.ef_search`; 0 where it is not asked.

        Raises:
            RetrievalError: The pool is closed, the server does not answer, or it refuses.
        """
        if not self._free.acquire(timeout=_WAIT_SECONDS):
            raise RetrievalError(f"index: expected a free connection within {_WAIT_SECONDS:.0f} s, found none",
                                 remedy="The server is overloaded; give it more memory, or ask it less at a time.", origin=place(self._url))  # fmt: skip
        try:
            with faults(self._url, "an answer"):
                return self._answered(statement, values, searched)
        finally:
            self._free.release()

    def close(self) -> None:
        """End the connections; whoever is searching still gets an answer."""
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for connection in idle:
            connection.close()

    def _answered(self, statement: Statement, values: Mapping[str, Any], searched: int) -> Rows:
        while True:
            connection, used = self._take()
            try:
                if searched:
                    connection.execute("SELECT set_config('hnsw.ef_search', %s, false)", (str(searched),))
                found = connection.execute(statement, values).fetchall()
            except psycopg.Error:
                if not (connection.closed or connection.broken):
                    self._give(connection)
                    raise
                connection.close()
                if not used:
                    raise
                continue  # ended while it lay idle, as when the server was started again
            except BaseException:
                connection.close()
                raise
            self._give(connection)
            return found

    def _take(self) -> tuple[Connection, bool]:
        """(a connection, whether it lay idle)."""
        with self._lock:
            if self._closed:
                raise RetrievalError("index: expected an open one, found it closed", origin=place(self._url))
            if self._idle:
                return self._idle.pop(), True
            if time.monotonic() < self._away_until:
                raise RetrievalError("index: expected an answer, found that the server did not answer a moment ago",
                                     remedy="Check that the server runs.", origin=place(self._url))  # fmt: skip
        try:
            connection = connect(self._url)
            connection.execute("SELECT '[1]'::vector")  # so that the settings of pgvector are known
            connection.execute(f"SET statement_timeout = {_STATEMENT_MS}")
            connection.execute("SET jit = off")
        except psycopg.Error:
            with self._lock:
                self._away_until = time.monotonic() + _REST_SECONDS
            raise
        return connection, False

    def _give(self, connection: Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        with suppress(psycopg.Error):
            connection.close()
