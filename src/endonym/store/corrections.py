"""What teachers say of replies of the tutor, so that each becomes an evaluation case.

Each correction is sealed with a data key of its own, so that whoever deletes one deletes it from backups' reach as well. In the clear stand
its id, the teacher, the bundle and when it was made. No student and no conversation is named, in the clear or sealed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select

from endonym.core.clock import now, stamp
from endonym.core.ids import new_id
from endonym.store.database import Database
from endonym.store.split import SplitKey
from endonym.store.tables import corrections

Wrong = Literal["wrong_fact", "gave_answer", "wrong_language", "off_curriculum", "unkind", "other"]
MOST_CORRECTIONS = 500
"""That one teacher may have."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a teacher says of one reply.

    Attributes:
        language: Language of learning; `reply_language` that in which the reply is to be.
        asked: What was asked, message by message, as the teacher rewrote it.
        must: What a good reply holds: of each entry one of its alternatives.
        must_not: What it does not hold.
        better: A better reply in the teacher's words, or "".
        attempts: Honest attempts that had been made when the reply came.
    """

    bundle: str
    audience: str
    language: str
    reply_language: str
    kinds: tuple[Wrong, ...]
    asked: tuple[str, ...]
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    better: str = ""
    attempts: int = 0
    id: str = ""
    made: str = ""


class Corrections:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys

    def add(self, person: str, correction: Correction) -> Correction | None:
        """The same with its id; None where the teacher has as many as one may."""
        made = replace(correction, id=new_id("correction"), made=stamp(now()))

        def work(connection: Connection) -> Correction | None:
            held = connection.execute(select(corrections.c.id).where(corrections.c.person == person)).all()
            if len(held) >= MOST_CORRECTIONS:
                return None
            sealed = self._keys.new(connection, [made.id])[made.id].close(json.dumps(asdict(made)).encode(), made.id)
            connection.execute(insert(corrections).values(id=made.id, person=person, bundle=made.bundle, made=made.made, sealed=sealed))
            return made

        return self._database.write(work)

    def of(self, person: str) -> tuple[Correction, ...]:
        """A teacher's own, the newest first."""
        return tuple(reversed(self._opened(corrections.c.person == person))) if person else ()

    def about(self, bundle: str) -> tuple[Correction, ...]:
        """Everybody's about one bundle, the oldest first; who made them is not told."""
        return self._opened(corrections.c.bundle == bundle)

    def delete(self, person: str, correction: str) -> bool:
        """Remove one of a teacher's own with its key; whether there was one."""
        return self._erase((corrections.c.person == person) & (corrections.c.id == correction)) > 0

    def forget(self, person: str) -> int:
        """Remove all of a teacher's; how many went."""
        return self._erase(corrections.c.person == person)

    def expire(self, bundle: str, days: int) -> int:
        """Remove those about a bundle that were made more than `days` ago; how many went."""
        return self._erase((corrections.c.bundle == bundle) & (corrections.c.made < stamp(now() - timedelta(days=days))))

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """A teacher's own, in the clear. Args: split: The break-glass key, where it shall open them."""
        return {"corrections": [asdict(one) for one in self._opened(corrections.c.person == person, split)]}

    def _opened(self, which: Any, split: SplitKey | None = None) -> tuple[Correction, ...]:
        statement = select(corrections).where(which).order_by(corrections.c.made, corrections.c.id)

        def work(connection: Connection) -> tuple[Correction, ...]:
            rows = connection.execute(statement).all()
            keys = self._keys.find(connection, select(corrections.c.id).where(which), split)
            return tuple(_unpacked(keys[row.id].open(row.sealed, row.id)) for row in rows if row.id in keys)

        return self._database.read(work)

    def _erase(self, which: Any) -> int:
        def work(connection: Connection) -> int:
            self._keys.drop(connection, select(corrections.c.id).where(which))
            return connection.execute(delete(corrections).where(which)).rowcount

        return self._database.write(work)


def _unpacked(data: bytes) -> Correction:
    said = json.loads(data)
    for name in ("kinds", "asked", "must_not"):
        said[name] = tuple(said[name])
    return Correction(**{**said, "must": tuple(tuple(words) for words in said["must"])})
