"""Who is at the browser: a pseudonym behind a cookie's token, of which only the hash is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select

from endonym.core.clock import now, stamp
from endonym.core.ids import new_id
from endonym.store.database import Database
from endonym.store.split import SplitKey
from endonym.store.tables import sessions

Role = Literal["student", "teacher", "administrator"]


@dataclass(frozen=True, slots=True)
class Session:
    """Attributes: person: A pseudonym, or of a teacher who their key says; school: "" where nobody gave one, "*" for an administrator of all."""

    person: str
    role: Role
    school: str = ""
    ends: str = ""


def new_person() -> str:
    """A pseudonym for somebody of whom nothing else is known."""
    return new_id("p")


class Sessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, session: Session, days: int) -> str:
        """Begin a session; its token, which is told once. Ended sessions are forgotten on the way."""
        token, moment = secrets.token_urlsafe(32), now()
        row = {"hash": _hash(token), "person": session.person, "role": session.role, "school": session.school, "class": "",
               "made": stamp(moment), "ends": stamp(moment + timedelta(days=days))}  # fmt: skip

        def work(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.ends < stamp(moment)))
            connection.execute(insert(sessions).values(row))

        self._database.write(work)
        return token

    def whose(self, token: str) -> Session | None:
        """The session of a token; None where it is unknown or has ended."""
        statement = select(sessions).where(sessions.c.hash == _hash(token), sessions.c.ends >= stamp(now()))
        row = self._database.read(lambda connection: connection.execute(statement).first())
        return Session(row.person, row.role, row.school, row.ends) if row else None

    def close(self, token: str) -> None:
        """End one session."""
        self._database.write(lambda connection: connection.execute(delete(sessions).where(sessions.c.hash == _hash(token))))

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """A person's sessions, without what opens them; they are in the clear."""
        statement = select(sessions).where(sessions.c.person == person).order_by(sessions.c.made)
        rows = self._database.read(lambda connection: connection.execute(statement).mappings().all())
        return {"sessions": [{name: row[name] for name in ("role", "school", "class", "made", "ends")} for row in rows]}

    def forget(self, person: str) -> None:
        """End every session of a person."""
        self._database.write(lambda connection: connection.execute(delete(sessions).where(sessions.c.person == person)))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
