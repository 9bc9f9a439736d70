"""What administrators do, in the ledger: that it was done and when in the clear, by whom and in which school only for who may know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, select, text

from endonym.core.canonical import digest_bytes
from endonym.core.clock import now, stamp
from endonym.core.ids import new_id
from endonym.store.database import Database
from endonym.store.entries import append
from endonym.store.rosters import school_key, school_owner
from endonym.store.seal import DataKey
from endonym.store.split import SplitKey
from endonym.store.tables import NO_TURN, ledger

KIND = "administrator"
Deed = Literal["sign-in", "key-made", "key-replaced", "key-revoked", "quota-set", "quota-removed", "quota-reset", "class-deleted", "roster", "assessment"]


@dataclass(frozen=True, slots=True)
class Done:
    """Attributes: own: It was the person who asks."""

    deed: str
    when: str
    own: bool


class Deeds:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys

    def note(self, person: str, school: str, deed: Deed) -> None:
        """Write down that something is about to be done; it is on disk when this returns. Nothing in it names anybody: `by` and `school` are digests with
        salts from keys of their own, and once a person's key is erased nobody can tell any more that it was they.
        """
        event: dict[str, object] = {"kind": KIND, "id": new_id("event"), "started": stamp(now()), "deed": deed}

        def work(connection: Connection) -> None:
            salts = self._own(connection, person).salt(str(event["id"])), school_key(connection, school, self._keys).salt(str(event["id"]))
            append(connection, [{**event, "by": _digest(salts[0], person), "school": _digest(salts[1], school)}])

        self._database.write(work)

    def of(self, school: str, person: str, most: int = 50) -> tuple[Done, ...]:
        """What was done in a school, the newest first."""
        owner = owner_of(person)

        def work(connection: Connection) -> tuple[Done, ...]:
            known = self._keys.find(connection, [owner, school_owner(school)])
            of_school, own = known.get(school_owner(school)), known.get(owner)
            if of_school is None:
                return ()
            found: list[Done] = []
            for event in _events(connection):
                salt = str(event["id"])
                if event["school"] == _digest(of_school.salt(salt), school):
                    found.append(Done(event["deed"], event["started"], own is not None and event["by"] == _digest(own.salt(salt), person)))
                if len(found) == most:
                    break
            return tuple(found)

        return self._database.read(work)

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """What they did, as the ledger tells whoever has their key."""
        def work(connection: Connection) -> list[dict[str, str]]:
            own = self._keys.find(connection, [owner_of(person)], split).get(owner_of(person))
            events = _events(connection) if own else ()
            return [{"deed": event["deed"], "when": event["started"]} for event in events if own and event["by"] == _digest(own.salt(str(event["id"])), person)]

        return {"deeds": self._database.read(work)}

    def forget(self, person: str) -> None:
        """Remove what tells that somebody did something."""
        self._database.write(lambda connection: self._keys.drop(connection, [owner_of(person)]))

    def _own(self, connection: Connection, person: str) -> DataKey:
        owner = owner_of(person)
        return self._keys.find(connection, [owner]).get(owner) or self._keys.new(connection, [owner])[owner]


def _events(connection: Connection) -> Iterator[dict[str, Any]]:
    """Deeds in the ledger, the newest first."""
    for content in connection.execute(select(ledger.c.content).where(text(NO_TURN)).order_by(ledger.c.number.desc())).scalars():
        event: dict[str, Any] = json.loads(content)
        if event.get("kind") == KIND:
            yield event


def owner_of(person: str) -> str:
    """The name of a person's key."""
    return f"deeds_{sha256(person.encode()).hexdigest()[:48]}"


def _digest(salt: str, name: str) -> str:
    return digest_bytes(f"{salt}{name}".encode())
