"""The database: one code path over SQLAlchemy, SQLite by default.

Synchronous; surfaces call it in a worker thread. Conversations and traces are sealed; the ledger holds metadata and
digests in the clear so that anybody can verify it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from endonym.core.clock import now, stamp
from endonym.core.errors import LedgerError, StoreError, StoreUnavailable
from endonym.ledger import Entry
from endonym.ledger.note import Checkpoint, Signer
from endonym.ledger.proof import Proof
from endonym.ledger.tree import consistency, inclusion, root
from endonym.seams.turn import Turn
from endonym.store.access import Access
from endonym.store.break_glass import BreakGlass, read_entry
from endonym.store.classes import Classes
from endonym.store.corrections import Corrections
from endonym.store.courses import Courses
from endonym.store.database import Database
from endonym.store.deeds import Deeds
from endonym.store.entries import append, entries, nodes, of_turn
from endonym.store.identities import Identities
from endonym.store.practice import Practice
from endonym.store.rights import Rights
from endonym.store.rosters import Rosters
from endonym.store.seal import Keyring
from endonym.store.sessions import Sessions
from endonym.store.split import SplitKey
from endonym.store.tables import checkpoints, conversations, ledger, turns, works
from endonym.store.turns import Record, Turns
from endonym.store.writer import GroupWriter


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as its owner finds it again. Attributes: first: Its first turn."""

    id: str
    started: str
    bundle: str
    first: Turn


class Store:
    """Args: url: SQLAlchemy address; keyring: The operator's keys.

    Raises:
        StoreError: The database cannot be opened.
    """

    def __init__(self, url: str, keyring: Keyring) -> None:
        self._database = Database(url, keyring)
        self._turns = Turns(self._database)
        self._writer = GroupWriter(self._turns.save, StoreUnavailable)
        self.access = Access(self._database)
        self.break_glass = BreakGlass(self._database)
        self.sessions = Sessions(self._database)
        self.classes = Classes(self._database)
        self.identities = Identities(self._database)
        self.courses = Courses(self._database)
        self.rosters = Rosters(self._database)
        self.deeds = Deeds(self._database)
        self.practice = Practice(self._database)
        self.corrections = Corrections(self._database)
        self._rights = Rights(self._database, self.break_glass, self._turns, self.practice,
                              doors=(self.access, self.sessions, self.identities), rest=(self.classes, self.courses, self.rosters, self.deeds, self.corrections))  # fmt: skip

    @staticmethod
    def sqlite(path: Path, keyring: Keyring) -> Store:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600, exist_ok=True)
        return Store(f"sqlite:///{path}", keyring)

    def close(self) -> None:
        """Write what still waits, and let go."""
        self._writer.close()
        self._database.close()

    # ---- conversations and turns

    def start_conversation(self, conversation: str, settings: dict[str, str], person: str = "") -> None:
        """Remember a conversation's circumstances (`bundle`, audience, languages) and whose it is."""
        row = {"id": conversation, "person": person, "bundle": settings.get("bundle", ""), "started": stamp(now()),
               "settings": json.dumps(settings, sort_keys=True)}  # fmt: skip

        def work(connection: Connection) -> None:
            connection.execute(insert(conversations).values(row))
            self._database.keys.new(connection, [conversation])

        self._database.write(work)

    def conversation(self, conversation: str) -> dict[str, str] | None:
        """Its circumstances, or None where there is no such conversation."""
        statement = select(conversations.c.settings).where(conversations.c.id == conversation)
        row = self._database.read(lambda connection: connection.execute(statement).first())
        return dict(json.loads(row.settings)) if row else None

    def owner(self, conversation: str) -> str:
        """Whose it is: a pseudonym, or "" where nobody is known or there is none."""
        statement = select(conversations.c.person).where(conversations.c.id == conversation)
        return self._database.read(lambda connection: connection.execute(statement).scalar()) or ""

    def reader(self, turn_id: str) -> str:
        """Who alone may read a turn of a conversation: its owner, or "" for whoever holds the id."""
        statement = select(turns.c.person).where(turns.c.id == turn_id, turns.c.conversation != "")
        return self._database.read(lambda connection: connection.execute(statement).scalar()) or ""

    def conversations_of(
        self, person: str, *, before: str = "", group: str = "", among: Sequence[str] | None = None, most: int
    ) -> tuple[Kept, ...]:
        """A person's conversations, the newest first, at most so many: the first turn of each is opened.

        Args:
            before: Those alone that began before this moment.
            group: Those alone of this class.
            among: Those alone of these ids.
        """
        if not person:
            return ()
        begun = (turns.c.conversation == conversations.c.id) & (turns.c.number == 0)
        statement = select(conversations.c.id, conversations.c.started, conversations.c.bundle).join(turns, begun).where(conversations.c.person == person)
        if before:
            statement = statement.where(conversations.c.started < before)
        if group:
            statement = statement.where(conversations.c.id.in_(select(works.c.conversation).where(works.c["class"] == group, works.c.person == person)))
        if among is not None:
            statement = statement.where(conversations.c.id.in_(among))
        newest = statement.order_by(conversations.c.started.desc(), conversations.c.id).limit(most)
        rows = self._database.read(lambda connection: connection.execute(newest).all())
        first = dict(self._turns.by_conversation((turns.c.number == 0) & turns.c.conversation.in_([row.id for row in rows])))
        return tuple(Kept(row.id, row.started, row.bundle, first[row.id]) for row in rows if row.id in first)

    def newest_turns(self, person: str, most: int) -> tuple[tuple[str, Turn], ...]:
        """(conversation, turn) of a person's own, at most so many, the newest first."""
        if not person:
            return ()
        own = (turns.c.person == person) & (turns.c.conversation != "")
        newest = select(turns.c.id).where(own).order_by(turns.c.started.desc(), turns.c.id).limit(most)
        ids = self._database.read(lambda connection: connection.execute(newest).scalars().all())
        place = {turn_id: number for number, turn_id in enumerate(ids)}
        return tuple(sorted(self._turns.by_conversation(own & turns.c.id.in_(ids)), key=lambda found: place[found[1].id]))

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """The turns of a conversation, oldest first."""
        return self._turns.opened(turns.c.conversation == conversation)

    def turn(self, turn_id: str) -> Turn | None:
        return next(iter(self._turns.opened(turns.c.id == turn_id)), None)

    def record(self, turn: Turn, conversation: str = "", person: str = "") -> Future[bool]:
        """Write a finished turn and its ledger entry in one transaction; done when both are on disk. False where the conversation was
        deleted meanwhile: then the entry alone is.
        """
        return self._writer.put(Record(turn, conversation, person))

    def save_turn(self, turn: Turn, conversation: str = "", person: str = "") -> bool:
        """`record`, waited for."""
        return self.record(turn, conversation, person).result()

    def delete_conversation(self, conversation: str) -> int:
        """Remove a conversation, its turns and its key; returns how many turns went. The ledger keeps its digests."""
        return self._turns.erase(turns.c.conversation == conversation, conversations.c.id == conversation)[1]

    def expire(self, bundle: str, days: int) -> int:
        """Remove conversations of a bundle, and turns of its API, that began more than `days` ago; returns how many went.

        The ledger keeps their digests.
        """
        before = stamp(now() - timedelta(days=days))
        old = select(conversations.c.id).where(conversations.c.bundle == bundle, conversations.c.started < before)
        gone = self._turns.erase(
            turns.c.conversation.in_(old) | ((turns.c.conversation == "") & (turns.c.bundle == bundle) & (turns.c.started < before)),
            conversations.c.id.in_(old),
        )
        self.practice.expire(bundle, days)
        self.courses.expire(bundle, days)
        self.rosters.expire(bundle, days)
        self.corrections.expire(bundle, days)
        return sum(gone)

    def tidy(self) -> bool:
        """Forget who has not come for long and tickets that have ended, whatever packs say, and overwrite what was erased; False where somebody
        reads what was before, and it has to be called again.
        """
        self.identities.expire()
        return self._database.overwrite()

    # ---- a person's rights

    def export_person(self, person: str, key: SplitKey | None = None) -> dict[str, Any]:
        """As `Rights.export_person`."""
        return self._rights.export_person(person, key)

    def own_export(self, person: str) -> dict[str, Any]:
        """As `Rights.own_export`."""
        return self._rights.own_export(person)

    def reads_of(self, person: str, key: SplitKey | None = None) -> list[dict[str, Any]]:
        """As `Rights.reads_of`."""
        return self._rights.reads_of(person, key)

    def erase_person(self, person: str) -> tuple[int, int]:
        """As `Rights.erase_person`."""
        return self._rights.erase_person(person)

    def erase_written(self, person: str) -> tuple[int, int]:
        """As `Rights.erase_written`."""
        return self._rights.erase_written(person)

    # ---- with the break-glass key

    def read_with(self, key: SplitKey, subject: str, reason: str, roles: Sequence[str] = ()) -> tuple[Turn, ...]:
        """A conversation, or one turn, for two holders of shares. Their read is in the ledger, on disk, before anything is opened.

        Args:
            subject: Id of the conversation or of the turn.
            reason: In the clear in the ledger.
            roles: Of those who act.

        Raises:
            StoreError: Nothing of this id is kept, `key` is not the one in force, or the reason names what is read.
        """
        self.break_glass.expect(key)
        which = (turns.c.conversation == subject) | (turns.c.id == subject)
        owned = next(iter(self._turns.keys_of(which, key).values()), None) if subject else None
        if owned is None:
            raise StoreError(f"expected the id of a conversation or a turn that is kept, found {subject!r}", remedy="It may have been deleted since.")
        statement = select(turns.c.id, turns.c.conversation, turns.c.person).where(which)
        names = {name for row in self._database.read(lambda connection: connection.execute(statement).all()) for name in row}
        entry = read_entry(owned, subject, sorted(names), reason, key.shares, roles)
        self._database.write(lambda connection: append(connection, [entry]))
        return self._turns.opened(which, key)

    # ---- keys

    def rewrap(self, keyring: Keyring, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Wrap every data key with the newest key of `keyring`; returns how many were. May be interrupted and run again."""
        return self._database.rewrap(keyring, progress)

    # ---- ledger

    def ledger(self) -> Iterator[Entry]:
        """Every entry in order."""
        with self._database.reading() as connection:
            yield from entries(connection)

    def ledger_size(self) -> int:
        return self._database.read(_size)

    def add_checkpoint(self, signer: Signer) -> Checkpoint | None:
        """A signed checkpoint over all entries, kept; None where there is none to add."""
        def work(connection: Connection) -> Checkpoint | None:
            size = _size(connection)
            if size <= (connection.execute(select(func.max(checkpoints.c.size))).scalar() or 0):
                return None
            note = signer.sign(Checkpoint(signer.verifier.name, size, root(size, nodes(connection))))
            connection.execute(insert(checkpoints).values(size=size, made=stamp(now()), note=str(note)))
            return note

        return self._database.write(work)

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """Those that were kept, the smallest first."""
        statement = select(checkpoints.c.note).order_by(checkpoints.c.size)
        return tuple(Checkpoint.parse(note) for note in self._database.read(lambda connection: connection.execute(statement).scalars().all()))

    def newest_checkpoint(self) -> Checkpoint | None:
        statement = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
        note = self._database.read(lambda connection: connection.execute(statement).scalar())
        return Checkpoint.parse(note) if note else None

    def growth(self, old: int, size: int) -> list[bytes]:
        """The proof that the ledger of `old` entries is the beginning of that of `size`."""
        return self._database.read(lambda connection: consistency(old, size, nodes(connection)))

    def add_cosignature(self, note: Checkpoint, signature: tuple[str, bytes]) -> None:
        """Keep a witness's signature under a checkpoint that is kept; a second one of the same key changes nothing."""
        def work(connection: Connection) -> None:
            here = checkpoints.c.size == note.size
            kept = connection.execute(select(checkpoints.c.note).where(here)).scalar()
            found = Checkpoint.parse(kept) if kept else None
            if found is None or found.body != note.body:
                raise LedgerError(f"expected a checkpoint of size {note.size} that is kept here, found another", remedy="Run `endonym ledger verify`.")
            if not any(name == signature[0] and data[:4] == signature[1][:4] for name, data in found.signatures):
                connection.execute(update(checkpoints).where(here).values(note=str(replace(found, signatures=(*found.signatures, signature)))))

        self._database.write(work)

    def root_at(self, size: int) -> bytes:
        """The root of the tree over the first `size` entries."""
        return self._database.read(lambda connection: root(size, nodes(connection)))

    def proved(self, turn_id: str) -> bool:
        """Whether a checkpoint covers the turn already, so that `prove` can."""
        here = select(ledger.c.number).where(of_turn(turn_id)).scalar_subquery()
        statement = select(checkpoints.c.size).where(checkpoints.c.size >= here).limit(1)
        return self._database.read(lambda connection: connection.execute(statement).first()) is not None

    def prove(self, turn_id: str) -> Proof:
        """That the reply of a turn was given, by the first checkpoint that holds it.

        Raises:
            LedgerError: There is no such turn, or no checkpoint after it yet.
        """
        def work(connection: Connection) -> tuple[Entry, Checkpoint, list[bytes]] | None:
            row = connection.execute(select(ledger.c.number).where(of_turn(turn_id))).first()
            if row is None:
                raise LedgerError(f"there is no entry of {turn_id!r}", remedy="Check the id of the turn.")
            note = connection.execute(select(checkpoints.c.note).where(checkpoints.c.size >= row.number).order_by(checkpoints.c.size)
                                      .limit(1)).scalar()  # fmt: skip
            if note is None:
                return None
            checkpoint = Checkpoint.parse(note)
            return next(entries(connection, row.number)), checkpoint, inclusion(row.number - 1, checkpoint.size, nodes(connection))

        found = self._database.read(work)
        if found is None:
            raise LedgerError(f"no checkpoint holds {turn_id} yet", remedy="Wait for the next one, or make one: `endonym ledger checkpoint`.")
        entry, checkpoint, path = found
        salt = next((key.salt(turn_id) for key in self._turns.keys_of(turns.c.id == turn_id).values()), "")
        return Proof(entry, tuple(path), checkpoint, salt)


def _size(connection: Connection) -> int:
    return connection.execute(select(func.max(ledger.c.number))).scalar() or 0
