"""A store on SQLite, and the same on a real PostgreSQL: that of this machine, or one that pgserver starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from endonym.store import Store
from endonym.store.seal import key_file

Open = Callable[[], Store]
"""Opens the same database once more."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server, without a database."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    here = os.environ.get("ENDONYM_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432")
    try:
        with create_engine(f"{here}/postgres", connect_args={"connect_timeout": 3}).connect():
            pass
    except SQLAlchemyError:
        pgserver = pytest.importorskip("pgserver", reason="no PostgreSQL answers, and pgserver is not installed for this Python")
        started = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
        yield started.get_uri().replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", "/{database}?")
        started.cleanup()
        return
    yield here + "/{database}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    server: str = request.getfixturevalue("server")
    name = f"endonym_{uuid4().hex[:12]}"
    admin = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.format(database=name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def opened(url: str, tmp_path: Path) -> Iterator[Open]:
    stores: list[Store] = []

    def open_again() -> Store:
        stores.append(Store(url, key_file(tmp_path / "store.key")))
        return stores[-1]

    yield open_again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Open) -> Store:
    return opened()
