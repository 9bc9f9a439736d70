"""From settings to a store; what it needs is imported only where the settings name it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from endonym.core.errors import PluginLoadError
from endonym.seams.passage_index import PassageStore


def tantivy(settings: Any) -> PassageStore:
    """Folders beside the index files.

    Raises:
        PluginLoadError: The packages are missing.
    """
    # usearch loads OpenMP, which counts its threads once: without this the embedder would wait for threads that others hold.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with _extra("tantivy", "tantivy and usearch"):
        from endonym.adapters.indexes.tantivy_usearch import TantivyStore
    return TantivyStore(settings.state / "indexes")


def postgres(settings: Any) -> PassageStore:
    """Tables in the database that `index_url` names.

    Raises:
        PluginLoadError: The package is missing.
        RetrievalError: The server does not answer, or cannot keep an index.
    """
    with _extra("postgres", "psycopg"):
        from endonym.adapters.indexes.postgres import PostgresStore
    return PostgresStore(settings.index_url)


@contextmanager
def _extra(name: str, packages: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise PluginLoadError(f"index {name}: expected {packages} to be installed, found {error}",
                              remedy=f"Run `make setup-extras`, or pip install 'endonym[{name}]'.") from error  # fmt: skip
