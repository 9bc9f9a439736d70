"""The data keys of the database: made, found and let go within a transaction, locked a second time where there is a break-glass key.

Owners are conversations, turns that stand in none, classes, corrections, persons for what they practise and for their deeds as administrators, schools
for their lists, and `identities` for all who sign in by another organisation's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from endonym.core.errors import StoreError
from endonym.store.seal import DataKey, Keyring
from endonym.store.split import Lock, SplitKey
from endonym.store.tables import break_glass, data_keys

_BREAK_GLASS = "break-glass"
"""The name under which the public half of the break-glass key is wrapped."""


class Keys:
    """Args: keyring: The operator's keys; those of a rotation take their place."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self._lock: Lock | None = None

    def new(self, connection: Connection, owners: Sequence[str]) -> dict[str, DataKey]:
        """A new key for each owner."""
        lock = self.lock(connection)
        made = {owner: self.keyring.new_key(owner) for owner in owners}
        rows = [{"owner": owner, "wrapped": wrapped, "split": lock.close(key, owner) if lock else None} for owner, (key, wrapped) in made.items()]
        connection.execute(insert(data_keys), rows)
        return {owner: key for owner, (key, _) in made.items()}

    def find(self, connection: Connection, owners: Any, split: SplitKey | None = None) -> dict[str, DataKey]:
        """The keys that there are. Args: owners: Their names, or a query for them; split: The break-glass key, where it shall open them."""
        rows = connection.execute(select(data_keys).where(data_keys.c.owner.in_(owners))).all()
        return {row.owner: split.open(row.split, row.owner) if split else self.keyring.unwrap(row.wrapped, row.owner) for row in rows}

    def get(self, connection: Connection, owner: str, split: SplitKey | None = None) -> DataKey:
        """Raises: StoreError: There is none."""
        found = self.find(connection, [owner], split).get(owner)
        if found is None:
            raise StoreError(f"there is no key of {owner}", remedy="It may have been deleted since.")
        return found

    def drop(self, connection: Connection, owners: Any) -> None:
        """Let keys go: what was sealed with them is read by nobody any more. Args: owners: Their names, or a query for them."""
        connection.execute(delete(data_keys).where(data_keys.c.owner.in_(owners)))

    def wrap(self, connection: Connection, wrapped: Iterable[tuple[str, bytes]]) -> None:
        """Put what `Keyring.rewrap` gave in its place. Args: wrapped: (owner, wrapped key)."""
        for owner, key in wrapped:
            connection.execute(update(data_keys).where(data_keys.c.owner == owner).values(wrapped=key))

    # ---- the break-glass key

    def lock(self, connection: Connection) -> Lock | None:
        """What locks data keys a second time, or None where no break-glass key was set up.

        Raises:
            StoreError: Somebody without the operator's key put another public half there.
        """
        row = connection.execute(select(break_glass)).first()
        if row is None:
            return None
        public = bytes(row.public)
        if self._lock is None or self._lock.public != public:
            if self.keyring.unwrap(row.wrapped, _BREAK_GLASS).key != public:
                raise StoreError("the break-glass key in the database is not the one that was set up", remedy="Find out who changed it, and restore the backup.")
            self._lock = Lock(public)
        return self._lock

    def vouched(self, public: bytes) -> bytes:
        """The public half as `lock` knows again that whoever holds the operator's key put it there."""
        return self.keyring.wrap(public, _BREAK_GLASS)

    def vouch_anew(self, connection: Connection, keyring: Keyring) -> None:
        """Vouch for the public half with the newest key of `keyring`."""
        for row in connection.execute(select(break_glass)).all():
            if wrapped := keyring.rewrap(row.wrapped, _BREAK_GLASS):
                connection.execute(update(break_glass).values(wrapped=wrapped))
