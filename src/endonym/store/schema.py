"""Opening a database: connected durably, and brought to the shape that this version writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from endonym.core.errors import StoreError, StoreUnavailable

NEWEST = "0009"
_LOCK = 0x656E646F
"""Of PostgreSQL's advisory locks the one that whoever changes the shape, or adds to the ledger, holds."""

BUSY_MS = 10_000
"""How long SQLite waits for whoever writes."""

_CONNECT_S = 10
"""How long a server may take to accept a connection; a machine that is gone says nothing at all."""


def open_engine(url: str) -> Engine:
    """A database at `url`, ready to be written.

    Raises:
        StoreError: It cannot be opened, or another version wrote it.
    """
    try:
        lite = url.startswith("sqlite")
        limits = {} if lite or "connect_timeout" in url else {"connect_timeout": _CONNECT_S}
        engine = create_engine(url, pool_pre_ping=not lite, connect_args=limits)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _durable)
            event.listen(engine, "begin", _begin)
        with writing(engine) as connection:
            _migrate(connection, url)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise StoreError(f"the database cannot be opened: {str(error).splitlines()[0]}", origin=_without_password(url),
                         remedy="Check the setting `store`, the server and the folder's permissions.") from None  # fmt: skip
    return engine


@contextmanager
def writing(engine: Engine, *, alone: bool = True) -> Iterator[Connection]:
    """A transaction that writes. Args: alone: Nobody else is in one that is `alone`, in this process or another."""
    with engine.connect().execution_options(endonym_writes=True) as connection, connection.begin():
        if alone and connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection


def refusal(error: SQLAlchemyError, what: str) -> StoreError:
    """What a database's refusal means to whoever asked. Args: what: The sentence before the reason."""
    reason = str(error.__cause__ or error).splitlines()[0]
    if isinstance(error, (OperationalError, InterfaceError, NoConnection)):
        return StoreUnavailable(f"{what}: {reason}", remedy="Check that the database runs, its disk has room and no other program holds it.")
    return StoreError(f"{what}: {reason}", remedy="Check disk and permissions.")


def _migrate(connection: Connection, url: str) -> None:
    tables = set(inspect(connection).get_table_names())
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if "alembic_version" in tables else None
    if found == NEWEST:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if (found is None and "turns" in tables) or (found is not None and found not in known):
        raise StoreError(f"expected a database of version {NEWEST} or older, found {found or 'one of a trial version'}", origin=_without_password(url),
                         remedy="Use the version that wrote it, or move the file away to begin anew.")  # fmt: skip
    command.upgrade(config, "head")


def _durable(connection: Any, _record: Any) -> None:
    """Source: SQLite, pragmas: in WAL mode FULL loses no committed transaction; secure_delete overwrites what is deleted."""
    connection.isolation_level = None  # transactions begin where `_begin` says
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Who will write takes the lock at once: one that began by reading could not be waited for."""
    writes = connection.get_execution_options().get("endonym_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _without_password(url: str) -> str:
    from sqlalchemy.engine import make_url

    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "store"
