"""What a person has practised and when it is due again: sealed with a key of the person's own, erased with it.

In the clear stand the person, the bundle and when an item was last answered, so that what is old can be deleted; which items they are is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from endonym.core.clock import now, stamp
from endonym.store.database import Database
from endonym.store.seal import DataKey
from endonym.store.split import SplitKey
from endonym.store.tables import practice


@dataclass(frozen=True, slots=True)
class Practised:
    """One item of one person.

    Attributes:
        card: What the schedule keeps of it; JSON.
        round: The round in which it was answered last.
    """

    item: str
    card: Mapping[str, Any]
    round: str = ""
    answered: str = ""


class Practice:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys

    def of(self, person: str, bundle: str) -> dict[str, Practised]:
        """What is kept of a person in a bundle, by item."""
        return {kept.item: kept for _, kept in self._opened(person, practice.c.bundle == bundle)}

    def keep(self, person: str, bundle: str, item: str, round_id: str, card: Callable[[Mapping[str, Any] | None], Mapping[str, Any]]) -> None:
        """Keep an answer. A second one in the same round changes nothing.

        Args:
            card: The new card from the one that is kept, or from None.
        """
        def work(connection: Connection) -> None:
            owner = owner_of(person)
            key = self._keys.find(connection, [owner]).get(owner) or self._keys.new(connection, [owner])[owner]
            name = key.salt(f"{bundle}/{item}")
            here = (practice.c.person == person) & (practice.c.item == name)
            row = connection.execute(select(practice.c.sealed).where(here)).first()
            before = _unpacked(key, row.sealed, name) if row else None
            if before and before.round == round_id:
                return
            kept = Practised(item, card(before.card if before else None), round_id, stamp(now()))
            connection.execute(delete(practice).where(here))
            connection.execute(insert(practice).values(person=person, item=name, bundle=bundle, answered=kept.answered, sealed=_packed(key, kept, name)))

        self._database.write(work)

    def forget(self, person: str) -> int:
        """Remove all of it, with its key; how many items went."""
        def work(connection: Connection) -> int:
            self._keys.drop(connection, [owner_of(person)])
            return connection.execute(delete(practice).where(practice.c.person == person)).rowcount

        return self._database.write(work)

    def expire(self, bundle: str, days: int) -> int:
        """Remove what was last answered more than `days` ago, and the key of whom nothing is left; how many items went."""
        old = (practice.c.bundle == bundle) & (practice.c.answered < stamp(now() - timedelta(days=days)))

        def work(connection: Connection) -> int:
            persons = connection.execute(select(practice.c.person).where(old).distinct()).scalars().all()
            gone = connection.execute(delete(practice).where(old)).rowcount
            for person in persons:
                if connection.execute(select(practice.c.item).where(practice.c.person == person).limit(1)).first() is None:
                    self._keys.drop(connection, [owner_of(person)])
            return gone

        return self._database.write(work)

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        return {"practice": self.export(person, split)}

    def export(self, person: str, split: SplitKey | None = None) -> list[dict[str, Any]]:
        """All that is kept of a person, in the clear. Args: split: The break-glass key, where it shall open it."""
        return [{"bundle": bundle, "item": kept.item, "answered": kept.answered, "schedule": dict(kept.card)}
                for bundle, kept in self._opened(person, split=split)]  # fmt: skip

    def _opened(self, person: str, *which: Any, split: SplitKey | None = None) -> Sequence[tuple[str, Practised]]:
        """(bundle, what is kept) in the order in which it was answered."""
        statement = select(practice).where(practice.c.person == person, *which).order_by(practice.c.answered, practice.c.item)

        def work(connection: Connection) -> list[tuple[str, Practised]]:
            rows = connection.execute(statement).all()
            key = self._keys.get(connection, owner_of(person), split) if rows else None
            return [(row.bundle, _unpacked(key, row.sealed, row.item)) for row in rows] if key else []

        return self._database.read(work)


def owner_of(person: str) -> str:
    """The name of a person's key."""
    return f"practice_{sha256(person.encode()).hexdigest()[:48]}"


def _packed(key: DataKey, kept: Practised, name: str) -> bytes:
    return key.close(json.dumps([kept.item, dict(kept.card), kept.round, kept.answered]).encode(), name)


def _unpacked(key: DataKey, sealed: bytes, name: str) -> Practised:
    return Practised(*json.loads(key.open(sealed, name)))
