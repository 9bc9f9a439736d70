"""Reading a conversation when two of three people must: each read stands in the ledger before anything is shown."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, text, update

from endonym.core.canonical import digest_bytes
from endonym.core.clock import now, stamp
from endonym.core.errors import StoreError
from endonym.core.ids import new_id
from endonym.store.database import Database
from endonym.store.entries import append
from endonym.store.seal import DataKey
from endonym.store.split import SplitKey, tag
from endonym.store.tables import NO_TURN, break_glass, data_keys, ledger

_MANY = 500
_EXPORT = "person-export"
_SLACK = timedelta(days=1)
"""By how much the clocks of two servers may differ."""
_LONGEST = 300
"""Characters of a reason or a role."""


class BreakGlass:
    """The key that is split, as the database keeps it: its public half, vouched for by the operator's key."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys

    def public(self) -> bytes | None:
        """The public half, or None where it was never set up."""
        return self._database.read(_public)

    def set_up(self, new: SplitKey, old: SplitKey | None = None) -> None:
        """Put `new` in force for every data key from now on, and say so in the ledger. `lock_all` locks those that there are.

        Args:
            old: The key that it replaces, as two of its shares gave it.

        Raises:
            StoreError: Another key than `old` is in force.
        """
        def work(connection: Connection) -> None:
            found = _public(connection)
            if found != (old.public if old else None):
                raise StoreError(f"expected {'the key of these shares' if old else 'no break-glass key'}, found another",
                                 remedy="Give two shares of the one in force, with --replace.")  # fmt: skip
            connection.execute(delete(break_glass))
            connection.execute(insert(break_glass).values(public=new.public, wrapped=self._keys.vouched(new.public), made=stamp(now())))
            append(connection, [_event("break-glass-setup", key=digest_bytes(new.public), replaces=digest_bytes(found) if found else "",
                                       shares=[str(number) for number in old.shares] if old else [])])  # fmt: skip

        self._database.write(work)

    def lock_all(self, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Lock every data key that is not yet; returns how many were. May be interrupted and run again."""
        public = self.public()
        if public is None:
            return 0
        unlocked = select(data_keys.c.owner).where(_unlocked(public)).order_by(data_keys.c.owner)
        owners = self._database.read(lambda connection: connection.execute(unlocked).scalars().all())
        for start in range(0, len(owners), _MANY):
            some = owners[start : start + _MANY]

            def work(connection: Connection, some: Sequence[str] = some) -> None:
                lock = self._keys.lock(connection)
                if lock is None:
                    return
                for owner, key in self._keys.find(connection, some).items():
                    connection.execute(update(data_keys).where(data_keys.c.owner == owner).values(split=lock.close(key, owner)))

            self._database.write(work)
            progress(start + len(some), len(owners))
        return len(owners)

    def expect(self, key: SplitKey | None) -> None:
        """Raises: StoreError: `key` is not the one in force."""
        public = self.public()
        if public is None:
            raise StoreError("expected a break-glass key, found none was set up", remedy="Run `endonym break-glass setup` first.")
        if key is None:
            raise StoreError("expected two shares of the break-glass key, found none", remedy="Ask two of its three holders to act.")
        if key.public != public:
            raise StoreError("expected shares of the break-glass key in force, found shares of another", remedy="Use those of the newest `endonym break-glass setup`.")


def read_entry(
    key: DataKey, subject: str, names: Sequence[str], reason: str, shares: Sequence[int], roles: Sequence[str]
) -> dict[str, object]:  # fmt: skip
    """The ledger's entry of a read.

    Args:
        names: Ids that may not stand in what is public: of the conversation, its turns and its person.
        key: The data key that `subject`, a conversation or a turn, was sealed with. Once it is erased, nobody can tell what was read.
        roles: Of those who acted, such as "head of school"; in the clear, as is the reason.
    """
    return _about(_event("break-glass-read", reason=_plain("reason", reason, names), shares=[str(number) for number in sorted(shares)],
                         roles=[_plain("role", role, names) for role in roles]), key, subject)  # fmt: skip


def export_entry(key: DataKey, person: str, shares: Sequence[int]) -> dict[str, object]:
    """The ledger's entry of a person's export. Args: key: Of their newest turn; else of something that is kept of them."""
    return _about(_event(_EXPORT, shares=[str(number) for number in sorted(shares)]), key, person)


@dataclass(frozen=True, slots=True)
class Known:
    """A data key that may say what was read.

    Attributes:
        subjects: The conversation and the turns that were sealed with it.
        moments: When those turns began, the first one first; none where it sealed something else.
    """

    key: DataKey
    subjects: Sequence[str] = ()
    moments: Sequence[str] = ()


def reads(connection: Connection, person: str, known: Sequence[Known]) -> Iterator[dict[str, Any]]:
    """Those of the reads in the ledger that were of a person, or of what was sealed with a key of `known`, the first one first.

    Nothing in an entry says whose it is to whoever has not the key: a digest that could be looked up would show in public which reads were
    of the same conversation. And an index beside the ledger would be as good as whoever keeps the database wants it to be. So entries are
    tried with keys, about 8 µs each. What bounds that: replies are no such entries (`NO_TURN` has an index); an export, of which there may
    be many, is tried with the keys of what was newest then (`export_entry`); a read, which takes two people, with those of what had begun.
    """
    candidates = _Candidates(known)
    for content in connection.execute(select(ledger.c.content).where(text(NO_TURN)).order_by(ledger.c.number)).scalars():
        event = json.loads(content)
        for one in candidates.of(event) if "read" in event else ():
            salt = one.key.salt(str(event["id"]))
            subjects = (person,) if event["kind"] == _EXPORT else one.subjects
            if found := next((subject for subject in subjects if _digest(salt, subject) == event["read"]), ""):
                yield {**{name: event[name] for name in ("kind", "started", "reason", "shares", "roles") if name in event}, "read": found}
                break


class _Candidates:
    """The keys that an entry can have been made with, by its time."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._untimed = [one for one in known if not one.moments]
        timed = sorted((one for one in known if one.moments), key=lambda one: one.moments[0])
        self._begun, self._since = timed, [one.moments[0] for one in timed]
        self._turns = sorted(((moment, at) for at, one in enumerate(timed) for moment in one.moments))
        self._moments = [moment for moment, _ in self._turns]

    def of(self, event: Mapping[str, Any]) -> Iterator[Known]:
        moment = datetime.fromisoformat(event["started"])
        early, late = stamp(moment - _SLACK), stamp(moment + _SLACK)
        if event["kind"] != _EXPORT:
            yield from self._begun[: bisect_right(self._since, late)]
            return
        yield from self._untimed
        first = bisect_left(self._moments, early)
        first = bisect_left(self._moments, self._moments[first - 1]) if first else 0  # what was newest before, and whatever began in the same moment
        yield from (self._begun[at] for at in dict.fromkeys(at for _, at in self._turns[first : bisect_right(self._moments, late)]))


def _public(connection: Connection) -> bytes | None:
    found = connection.execute(select(break_glass.c.public)).scalar()
    return bytes(found) if found else None


def _unlocked(public: bytes) -> Any:
    """Data keys that nobody locked with this key: it begins with the key's tag."""
    return or_(data_keys.c.split.is_(None), func.substr(data_keys.c.split, 1, len(tag(public))) != tag(public))


def _event(kind: str, **told: object) -> dict[str, object]:
    return {"kind": kind, "id": new_id("event"), "started": stamp(now()), **told}


def _about(event: dict[str, object], key: DataKey, subject: str) -> dict[str, object]:
    return {**event, "read": _digest(key.salt(str(event["id"])), subject)}


def _digest(salt: str, subject: str) -> str:
    return digest_bytes(f"{salt}{subject}".encode())


def _plain(name: str, value: str, names: Sequence[str]) -> str:
    value = value.strip()
    if not value or len(value) > _LONGEST or not value.isprintable():
        raise StoreError(f"{name}: expected 1 to {_LONGEST} characters on one line, found {len(value)}{'' if value.isprintable() else ' with others'}",
                         remedy="Say briefly why, and name nobody: it stands in the public ledger for good.")  # fmt: skip
    if found := next((one for one in names if one and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", value)), ""):
        raise StoreError(f"{name}: expected words that name nobody, found {found!r}", remedy="Leave it out: the ledger is public.")
    return value
