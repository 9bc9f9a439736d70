"""The database: one code path over SQLAlchemy, SQLite by default.

Synchronous; surfaces call it in a worker thread. Conversations and traces are sealed; the ledger holds metadata and
digests in the clear so that anybody can verify it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
)  # fmt: skip
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from endonym.core.canonical import canonical_json, digest_bytes
from endonym.core.clock import now, stamp
from endonym.core.errors import StoreError
from endonym.ledger import GENESIS, Entry, link
from endonym.seams.turn import Turn
from endonym.store.seal import Seal

T = TypeVar("T")

_meta = MetaData()
_turns = Table(
    "turns", _meta,
    Column("id", String(64), primary_key=True),
    Column("conversation", String(64), nullable=False, default=""),
    Column("number", Integer, nullable=False, default=0),
    Column("started", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("turns_by_conversation", "conversation", "number"),
)  # fmt: skip
_conversations = Table(
    "conversations", _meta,
    Column("id", String(64), primary_key=True),
    Column("started", String(32), nullable=False),
    Column("settings", Text, nullable=False),
)  # fmt: skip
_ledger = Table(
    "ledger", _meta,
    Column("number", Integer, primary_key=True),
    Column("content", Text, nullable=False),
    Column("previous", String(80), nullable=False),
    Column("digest", String(80), nullable=False),
)  # fmt: skip
_turn_json: TypeAdapter[Turn] = TypeAdapter(Turn)


class Store:
    """Args: url: SQLAlchemy address; `seal`: key for what students wrote."""

    def __init__(self, url: str, seal: Seal) -> None:
        self._seal = seal
        self._append = Lock()
        try:
            self._engine: Engine = create_engine(url)
            if self._engine.dialect.name == "sqlite":
                event.listen(self._engine, "connect", _durable)
            _meta.create_all(self._engine)
        except SQLAlchemyError as error:
            raise StoreError(f"the database cannot be opened: {error}", origin=url,
                             remedy="Check the setting `store` and the folder's permissions.") from None  # fmt: skip

    @staticmethod
    def sqlite(path: Path, seal: Seal) -> Store:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Store(f"sqlite:///{path}", seal)

    def close(self) -> None:
        self._engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.connect() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise StoreError(f"the database did not answer: {error}", remedy="Check disk and permissions.") from None

    def start_conversation(self, conversation: str, settings: dict[str, str]) -> None:
        """Remember a conversation's circumstances (pack, audience, languages)."""
        row = {"id": conversation, "started": stamp(now()), "settings": json.dumps(settings, sort_keys=True)}
        self._write(lambda connection: connection.execute(insert(_conversations).values(row)))

    def conversation(self, conversation: str) -> dict[str, str] | None:
        """Its circumstances, or None where there is no such conversation."""
        statement = select(_conversations.c.settings).where(_conversations.c.id == conversation)
        row = self._read(lambda connection: connection.execute(statement).first())
        return dict(json.loads(row.settings)) if row else None

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """The turns of a conversation, oldest first."""
        statement = select(_turns.c.id, _turns.c.sealed).where(_turns.c.conversation == conversation).order_by(_turns.c.number)
        rows = self._read(lambda connection: connection.execute(statement).all())
        return tuple(self._open(row.id, row.sealed) for row in rows)

    def turn(self, turn_id: str) -> Turn | None:
        statement = select(_turns.c.id, _turns.c.sealed).where(_turns.c.id == turn_id)
        row = self._read(lambda connection: connection.execute(statement).first())
        return self._open(row.id, row.sealed) if row else None

    def delete_conversation(self, conversation: str) -> int:
        """Remove a conversation and its turns; returns how many turns went. The ledger keeps its digests."""
        def work(connection: Connection) -> int:
            gone = connection.execute(delete(_turns).where(_turns.c.conversation == conversation)).rowcount
            connection.execute(delete(_conversations).where(_conversations.c.id == conversation))
            return gone

        return self._write(work)

    def expire(self, bundle: str, days: int) -> int:
        """Remove conversations of a bundle, and turns of its API, that began more than `days` ago; returns how many went.

        The ledger keeps their digests.
        """
        before = stamp(now() - timedelta(days=days))
        statement = select(_conversations.c.id, _conversations.c.settings).where(_conversations.c.started < before)
        rows = self._read(lambda connection: connection.execute(statement).all())
        old = [row.id for row in rows if json.loads(row.settings).get("bundle") == bundle]
        for conversation in old:
            self.delete_conversation(conversation)
        loose = select(_turns.c.id, _turns.c.sealed).where(_turns.c.conversation == "", _turns.c.started < before)
        turns = self._read(lambda connection: connection.execute(loose).all())
        gone = [row.id for row in turns if self._open(row.id, row.sealed).model.rpartition("/")[0] == bundle]
        if gone:
            self._write(lambda connection: connection.execute(delete(_turns).where(_turns.c.id.in_(gone))))
        return len(old) + len(gone)

    def save_turn(self, turn: Turn, conversation: str = "") -> None:
        """Write a finished turn and its ledger entry in one transaction."""
        data = _turn_json.dump_json(turn)

        def work(connection: Connection) -> None:
            count = select(func.count()).select_from(_turns).where(_turns.c.conversation == conversation)
            number = connection.execute(count).scalar_one() if conversation else 0
            connection.execute(insert(_turns).values(
                id=turn.id, conversation=conversation, number=number, started=turn.started,
                sealed=self._seal.close(data, turn.id)))  # fmt: skip
            last = connection.execute(select(_ledger).order_by(_ledger.c.number.desc()).limit(1)).first()
            entry = link(last.number + 1 if last else 1, _metadata(turn), last.digest if last else GENESIS)
            connection.execute(insert(_ledger).values(
                number=entry.number, content=canonical_json(entry.content).decode(), previous=entry.previous,
                digest=entry.digest))  # fmt: skip

        with self._append:
            self._write(work)

    def ledger(self) -> Iterator[Entry]:
        """Every entry in order."""
        rows = self._read(lambda connection: connection.execute(select(_ledger).order_by(_ledger.c.number)).all())
        return (Entry(row.number, json.loads(row.content), row.previous, row.digest) for row in rows)

    def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise StoreError(f"the database did not take the record: {error}", remedy="Check disk and permissions.") from None

    def _open(self, record: str, sealed: bytes) -> Turn:
        return _turn_json.validate_json(self._seal.open(sealed, record))


def _metadata(turn: Turn) -> dict[str, object]:
    return {
        "turn": turn.id, "started": turn.started, "bundle": turn.bundle, "model": turn.model, "engine": turn.engine,
        "language": turn.language, "rules": [rule.id for rule in turn.rules],
        "disclosures": [f"{d.kind}:{d.rule}" for d in turn.disclosures],
        "failed": [v.verifier for v in turn.verdicts if not v.passed],
        "reply": digest_bytes(turn.reply.encode()),
    }  # fmt: skip


def _durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
