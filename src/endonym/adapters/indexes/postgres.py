"""Passages in PostgreSQL with pgvector, for several machines that share one index.

Source: PostgreSQL 16 documentation, chapters 8.11, 12 and 70 (tsvector, GIN); pgvector 0.6 README (HNSW).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from psycopg import Connection, errors

from endonym.adapters.indexes.postgres_pool import Pool, connect, faults, place
from endonym.adapters.indexes.postgres_search import PostgresIndex, open_set
from endonym.adapters.indexes.postgres_write import drop_old, write_set
from endonym.core.errors import PluginLoadError, RetrievalError
from endonym.seams.passage_index import Entry, PassageIndex


class PostgresStore:
    """Safe to use from several machines: who writes one name waits for whoever writes it already, and builds nothing twice.

    Args:
        url: A libpq connection string; without a password it is taken from PGPASSWORD or ~/.pgpass.

    Raises:
        PluginLoadError: There is no `url`.
        RetrievalError: The server does not answer, has no pgvector, or keeps its text in another encoding than UTF-8.
    """

    name = "postgres-1"

    def __init__(self, url: str) -> None:
        if not url.strip():
            raise PluginLoadError("index postgres: expected index_url, found it empty",
                                  remedy='Write index_url = "postgresql://user@host/database" in endonym.toml.')  # fmt: skip
        self._url = url
        with faults(url, "a database"), connect(url) as connection:
            _require_text(connection, url)
            _require_vectors(connection, url)

    def write(
        self, name: str, key: str, wanted: Mapping[str, str], entries: Callable[[Sequence[str]], Iterable[Entry]]
    ) -> None:
        """See `PassageStore.write`."""
        with faults(self._url, "to write it whole"), connect(self._url) as connection:
            write_set(connection, name, key, wanted, entries)
            drop_old(connection, name)

    def open(self, name: str, key: str) -> PassageIndex:
        """See `PassageStore.open`."""
        pool = Pool(self._url)
        try:
            found = open_set(pool, name, key)
        except RetrievalError:
            pool.close()
            raise
        return PostgresIndex(pool, found)


def _require_text(connection: Connection, url: str) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise RetrievalError(f"index: expected a database in UTF8, found {encoding}",
                             remedy="Create one: CREATE DATABASE endonym ENCODING 'UTF8' TEMPLATE template0.", origin=place(url))  # fmt: skip


def _require_vectors(connection: Connection, url: str) -> None:
    try:
        if not connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone():
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        connection.execute("SELECT '[1]'::vector")
    except (errors.FeatureNotSupported, errors.UndefinedFile, errors.UndefinedObject) as error:
        raise RetrievalError("index: expected the extension vector, found none",
                             remedy="Install pgvector 0.6 or newer for this server (package postgresql-<version>-pgvector).",
                             origin=place(url)) from error  # fmt: skip
    except errors.InsufficientPrivilege as error:
        raise RetrievalError("index: expected the extension vector, found that this role may not create it",
                             remedy="Run CREATE EXTENSION vector in this database as its owner or as a superuser.",
                             origin=place(url)) from error  # fmt: skip
    except errors.UniqueViolation:  # another process created it at the same time
        pass
