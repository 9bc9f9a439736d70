"""Whether the database opens, its key fits, the ledger is whole at its end and the clock is right. Nothing is written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

import endonym.store
from endonym.core.clock import now
from endonym.core.errors import StoreError
from endonym.ledger.chain import link
from endonym.ledger.note import Checkpoint
from endonym.ledger.tree import root
from endonym.store.entries import entries, nodes
from endonym.store.schema import NEWEST
from endonym.store.seal import key_file
from endonym.store.tables import checkpoints, data_keys, ledger, turns
from endonym.wiring.doctor.finding import Finding, Found, Patient, State, guarded
from endonym.wiring.settings import Settings
from endonym.wiring.state import open_signer, store_key

_LATE = timedelta(minutes=5)
"""After which an entry that no checkpoint covers shows that signing fails: a server signs every minute."""
_SKEW = timedelta(minutes=2)
_MOST_CHECKED = 500 * 1024**2
"""Bytes of a database that is looked through for damage."""


def check_database(patient: Patient) -> Found:
    url = patient.settings.store
    try:
        path = Path(make_url(url).database or "") if url.startswith("sqlite") else None if url else patient.state / "store.sqlite"
        if path and not path.is_file():
            yield from _not_there(store_key(patient.settings), path)
            return
        engine = _reading(path) if path else create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
        shown = str(path) if path else make_url(url).render_as_string(hide_password=True)
        with engine.connect() as connection:
            yield from _version(connection, shown, path)
            if _tables(connection) and not _version_fault(connection):
                yield from guarded("keys", _keys, patient, connection, shown)
                yield from guarded("ledger", _ledger, patient, connection)
                yield from guarded("clock", _clock, connection)
    except ModuleNotFoundError as error:
        raise StoreError(f"store: expected the driver of the database to be installed, found {error}",
                         remedy="For PostgreSQL: pip install 'endonym[postgres]'.") from None  # fmt: skip
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        if path and "malformed" in reason:  # so is the page that lists the tables
            yield Finding("database", "error", f"{path} is damaged: {reason}", "Restore the backup; docs/state.md.")
            return
        remedy = "Check that its server runs, and name, user and password in `store`." if url else "If it is damaged, restore the backup; docs/state.md."
        raise StoreError(f"expected a database that answers, found: {reason}", remedy=remedy) from None


def _not_there(keys: Path, path: Path) -> Found:
    yield Finding("database", "ok", f"{path} is made at the first start")
    if keys.is_file():
        yield Finding("keys", "warning", f"{keys} is there, the database is not", "If it was lost, restore the backup before anybody writes; docs/state.md.")


def _reading(path: Path) -> Engine:
    """SQLite opened so that nothing can be changed; where nobody has it open, not even files beside it are made, which might then
    belong to another user than the server's.
    """
    idle = not path.with_name(f"{path.name}-wal").exists()
    where = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if idle else ''}"
    return create_engine("sqlite://", poolclass=NullPool, creator=lambda: sqlite3.connect(where, uri=True, timeout=5, check_same_thread=False))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _version_fault(connection: Connection) -> str:
    """The version that was found where it is not this one's, or ""."""
    tables = _tables(connection)
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if "alembic_version" in tables else None
    return "" if found == NEWEST else str(found or ("one of a trial version" if "turns" in tables else ""))


def _version(connection: Connection, shown: str, path: Path | None) -> Found:
    if not _tables(connection):
        yield Finding("database", "ok", f"{shown} is empty and is filled at the first start")
        return
    if path and path.stat().st_size < _MOST_CHECKED and (said := connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()) != "ok":
        yield Finding("database", "error", f"{shown} is damaged: {said}", "Restore the backup; docs/state.md.")
        return
    if not (fault := _version_fault(connection)):
        yield Finding("database", "ok", f"{shown}, version {NEWEST}")
        return
    known = {file.name[1:5] for file in (Path(endonym.store.__file__).parent / "migrations" / "versions").glob("v*.py")}
    if fault in known:
        yield Finding("database", "warning", f"{shown} is of version {fault}; the next start brings it to {NEWEST}", "Make a backup before that start; docs/state.md.")
    else:
        yield Finding("database", "error", f"{shown}: expected version {NEWEST}, found {fault}", "Use the version of Endonym that wrote it.")


def _keys(patient: Patient, connection: Connection, shown: str) -> Found:
    path = store_key(patient.settings)
    newest = connection.execute(select(turns.c.id, turns.c.conversation, turns.c.sealed).order_by(turns.c.started.desc()).limit(1)).first()
    if not path.is_file():
        state: State = "error" if newest else "warning"
        yield Finding("keys", state, f"expected {path}, the key to what {shown} keeps, found none",
                      "Put it back from your backup before anybody starts the server, which would make a new one.")  # fmt: skip
        return
    ring = key_file(path)
    if newest is None:
        yield Finding("keys", "ok", f"{path} can be read; there is no conversation yet to try it on")
        return
    owner = newest.conversation or newest.id
    wrapped = connection.execute(select(data_keys.c.wrapped).where(data_keys.c.owner == owner)).scalar()
    if wrapped is None:
        raise StoreError(f"{shown}: the newest record has no key of its own", remedy="Restore the backup; docs/state.md.")
    try:
        ring.unwrap(wrapped, owner).open(newest.sealed, newest.id)
    except StoreError:
        yield Finding("keys", "error", f"{path} does not open what {shown} keeps", "Put the key file back that the database was written with.")
        return
    yield Finding("keys", "ok", f"{path} opens the newest record")


def _ledger(patient: Patient, connection: Connection) -> Found:
    size = connection.execute(select(func.max(ledger.c.number))).scalar() or 0
    row = connection.execute(select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)).first()
    if patient.settings.ledger_name == Settings.model_fields["ledger_name"].default and row is None:
        yield Finding("ledger", "warning", f"it signs as {patient.settings.ledger_name}, as every new installation does",
                      'Choose a name of your own, such as ledger_name = "tutor.example.edu/ledger", before the first checkpoint.')  # fmt: skip
    if not size and row is None:
        yield Finding("ledger", "ok", "empty: no reply was given yet")
        return
    faults = list(_newest_faults(patient, connection, size, row))
    for fault in faults:
        yield Finding("ledger", "error", fault, "Run `endonym ledger verify`, compare with a checkpoint that others kept, and find out who changed it.")
    signed = row.size if row else 0
    first = next(iter(entries(connection, signed + 1)), None) if size > signed else None
    if first and now() - _moment(str(first.content.get("started"))) > _LATE:
        if patient.served is None:
            yield Finding("ledger", "warning", f"{size - signed} entries since the newest checkpoint are not signed", "Run `endonym ledger checkpoint`.")
        else:
            yield Finding("ledger", "error", f"a server runs, and {size - signed} entries are not signed since {first.content.get('started')}",
                          "Look for ledger.not_signed in its log: often ledger.key cannot be read.")  # fmt: skip
    elif not faults:
        yield Finding("ledger", "ok", f"{size:,} entries; the newest checkpoint is over {signed:,} and verifies (`endonym ledger verify` goes through all)")


def _newest_faults(patient: Patient, connection: Connection, size: int, row: Any) -> Iterator[str]:
    if row is not None:
        note = Checkpoint.parse(row.note)
        if not (patient.state / "ledger.key").is_file():
            yield f"the newest checkpoint was signed with a key that is gone: {patient.state / 'ledger.key'}"
        elif not note.signed_by(signer := open_signer(patient.settings).verifier):
            yield f"the newest checkpoint was signed by {note.origin}, not by the key and name of these settings ({signer.name})"
        if note.size > size:
            yield f"the newest checkpoint is over {note.size} entries, the ledger has only {size}"
        elif root(note.size, nodes(connection)) != note.root:
            yield "the entries are others than the newest checkpoint was signed over"
    previous = ""
    for entry in entries(connection, max(1, size - 100)):
        if link(entry.number, entry.content, entry.previous).digest != entry.digest or (previous and entry.previous != previous):
            yield f"entry {entry.number} was changed or moved"
            return
        previous = entry.digest


def _clock(connection: Connection) -> Found:
    newest = connection.execute(select(ledger.c.content).order_by(ledger.c.number.desc()).limit(1)).scalar()
    last = str(json.loads(newest).get("started", "")) if newest else ""
    if last and _moment(last) > now() + _SKEW:
        yield Finding("clock", "error", f"expected a time after the newest entry of the ledger ({last}), found {now():%Y-%m-%dT%H:%M:%SZ}",
                      "Set the clock of this machine and let it follow a time server (timedatectl set-ntp true).")  # fmt: skip
    else:
        yield Finding("clock", "ok", f"{now():%Y-%m-%dT%H:%M:%SZ}" + (", after the newest entry of the ledger" if last else ""))


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp.replace("Z", "+00:00"))
