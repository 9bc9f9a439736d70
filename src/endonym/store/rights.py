"""A person's rights over what is kept of them (GDPR, articles 15, 17 and 20): to have it, to know who read it, to have it erased."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, select, union

from endonym.core.errors import StoreError
from endonym.store.break_glass import BreakGlass, Known, export_entry, reads
from endonym.store.database import Database
from endonym.store.deeds import owner_of as deeds_of
from endonym.store.entries import append
from endonym.store.practice import Practice, owner_of
from endonym.store.seal import DataKey
from endonym.store.split import SplitKey
from endonym.store.tables import classes, corrections, members, turns
from endonym.store.turns import Turns, of_person, owners


class Part(Protocol):
    """Something of the store that keeps things of persons. Whoever adds a table with a person in it adds it to one, or a new one to `Rights`."""

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """What is kept of a person, in the clear, by what it is. Args: split: The break-glass key, where it shall open it."""

    def forget(self, person: str) -> object:
        """Remove all of it."""


class Rights:
    """Args: doors: By what persons come in, such as keys and sessions; rest: What else is kept of them, beside turns and practice."""

    def __init__(
        self, database: Database, break_glass: BreakGlass, turns: Turns, practice: Practice, *, doors: Sequence[Part], rest: Sequence[Part]
    ) -> None:
        self._database = database
        self._break_glass = break_glass
        self._turns = turns
        self._practice = practice
        self._doors = doors
        self._rest = (*rest, practice)

    def export_person(self, person: str, key: SplitKey | None = None) -> dict[str, Any]:
        """Everything that is kept of a person, in the clear. That it was exported is in the ledger before anything is opened.

        Args:
            key: The break-glass key.

        Raises:
            StoreError: There is a break-glass key, and `key` is not it.
        """
        _expect(person)
        if key or self._break_glass.public():
            self._break_glass.expect(key)
        entry = export_entry(self._key_of(person, key), person, key.shares if key else ())
        self._database.write(lambda connection: append(connection, [entry]))
        return self._kept_of(person, key)

    def own_export(self, person: str) -> dict[str, Any]:
        """The same for that person alone, so that the ledger need not tell them of it."""
        _expect(person)
        return self._kept_of(person, None)

    def _kept_of(self, person: str, key: SplitKey | None) -> dict[str, Any]:
        kept: dict[str, Any] = {"person": person}
        for part in (self._turns, *self._doors, *self._rest):
            kept |= part.kept_of(person, key)
        return {**kept, "reads": self.reads_of(person, key)}

    def _key_of(self, person: str, split: SplitKey | None) -> DataKey:
        """With which the ledger says that it was they: of their newest turn, else of what they practise or of a class. Of whom nothing is
        sealed, nobody can tell.
        """
        newest = select(turns.c.id, turns.c.conversation).where(of_person(person)).order_by(turns.c.started.desc(), turns.c.id).limit(1)

        def work(connection: Connection) -> DataKey:
            row = connection.execute(newest).first()
            names = [row.conversation or row.id] if row else _owners(connection, person)
            found = self._database.keys.find(connection, names, split)
            return next((found[name] for name in names if name in found), None) or DataKey(secrets.token_bytes(32))

        return self._database.read(work)

    def reads_of(self, person: str, key: SplitKey | None = None) -> list[dict[str, Any]]:
        """What the ledger says of reads and exports of what is still kept of a person: kind, when, why, which shares, and `read`: the
        conversation, the turn or the person. Args: key: As for `export_person`.
        """
        statement = select(turns.c.id, turns.c.conversation, turns.c.started).where(of_person(person))

        def work(connection: Connection) -> list[dict[str, Any]]:
            held: dict[str, list[tuple[str, str]]] = {}
            for row in connection.execute(statement):
                held.setdefault(row.conversation or row.id, []).append((row.started, row.id))
            of_turns = self._database.keys.find(connection, owners(of_person(person)), key)
            known = [Known(of_turns[owner], tuple(dict.fromkeys((owner, *(turn for _, turn in written)))), sorted(began for began, _ in written))
                     for owner, written in held.items() if owner in of_turns]  # fmt: skip
            others = self._database.keys.find(connection, _owners(connection, person), key)
            return list(reads(connection, person, [*known, *(Known(one) for one in others.values())]))

        return self._database.read(work)

    def erase_person(self, person: str) -> tuple[int, int]:
        """Remove everything that is kept of a person; (conversations, turns) that went. The ledger keeps their digests,
        which say nothing once the keys are gone.
        """
        _expect(person)
        for door in self._doors:  # first, so that nothing new is written meanwhile
            door.forget(person)
        gone = self._turns.forget(person)
        for part in self._rest:
            part.forget(person)
        self._database.overwrite()
        return gone

    def erase_written(self, person: str) -> tuple[int, int]:
        """Remove what a person wrote and practised; (conversations, turns) that went. Their sessions and classes go on."""
        _expect(person)
        gone = self._turns.forget(person)
        self._practice.forget(person)
        self._database.overwrite()
        return gone


def _owners(connection: Connection, person: str) -> list[str]:
    """Of data keys that are a person's own, or of what is theirs."""
    own = union(select(members.c["class"]).where(members.c.person == person), select(classes.c.id).where(classes.c.teacher == person),
                select(corrections.c.id).where(corrections.c.person == person))  # fmt: skip
    return [owner_of(person), deeds_of(person), *connection.execute(own).scalars()]


def _expect(person: str) -> None:
    if not person:
        raise StoreError("expected a person, found an empty name", remedy="Name whose data is meant.")
