"""Who signs in by another organisation's word: a pseudonym, known again by a keyed hash of what the organisation calls them.

Neither subject, name nor address of mail is kept. The hash's key is a data key, wrapped by the operator's: without it nobody can try subjects out.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from endonym.core.clock import now, stamp
from endonym.core.ids import new_id
from endonym.store.database import Database
from endonym.store.seal import DataKey
from endonym.store.split import SplitKey
from endonym.store.tables import classes, identities, tickets

_OWNER = "identities"
_FORGOTTEN = timedelta(days=400)
"""Who has not come for longer than a school year is not known again."""


class Identities:
    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- persons

    def person(self, issuer: str, subject: str, role: str, school: str) -> str:
        """The pseudonym of a subject, made where there is none; what they are now is kept with it."""
        def work(connection: Connection) -> str:
            name = _named(self._own_key(connection), "subject", issuer, subject)
            here = (identities.c.issuer == issuer) & (identities.c.subject == name)
            said = {"role": role, "school": school, "seen": stamp(now())}
            found = connection.execute(select(identities.c.person).where(here)).scalar()
            if found:
                connection.execute(update(identities).where(here).values(said))
                return str(found)
            person = new_id("p")
            connection.execute(insert(identities).values(issuer=issuer, subject=name, person=person, **said))
            return person

        return self._database.write(work)

    def known(self, issuer: str, subjects: Iterable[str]) -> dict[str, str]:
        """Of subjects those who have come, with their pseudonyms."""
        key = self._key()
        named = {_named(key, "subject", issuer, subject): subject for subject in subjects}

        def work(connection: Connection) -> dict[str, str]:
            found: dict[str, str] = {}
            for some in batched(named):
                here = (identities.c.issuer == issuer, identities.c.subject.in_(some))
                rows = connection.execute(select(identities.c.subject, identities.c.person).where(*here)).all()
                found |= {named[row.subject]: row.person for row in rows}
            return found

        return self._database.read(work)

    def holds(self, person: str) -> bool:
        """Whether a person is known by another organisation's word, on which each of their sessions rests."""
        statement = select(identities.c.person).where(identities.c.person == person)
        return bool(person) and self._database.read(lambda connection: connection.execute(statement).first()) is not None

    def name(self, kind: str, *parts: str) -> str:
        """A word for something of another organisation that says nothing to whoever has not the key."""
        return _named(self._key(), kind, *parts)

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """By whose word they sign in; it is in the clear but for what the issuer calls them."""
        statement = select(identities).where(identities.c.person == person).order_by(identities.c.issuer)
        rows = self._database.read(lambda connection: connection.execute(statement).all())
        return {"sign_in": [{"issuer": row.issuer, "role": row.role, "school": row.school, "seen": row.seen, "subject": "a keyed hash"} for row in rows]}

    def forget(self, person: str) -> None:
        """The issuer's subject is nobody here any more; if they come again, they are somebody new."""
        self._database.write(lambda connection: connection.execute(delete(identities).where(identities.c.person == person)))

    def expire(self) -> int:
        """Forget who has not come for more than a year and teaches no class, and tickets that have ended; how many persons they were."""
        old = delete(identities).where(identities.c.seen < stamp(now() - _FORGOTTEN), identities.c.person.not_in(select(classes.c.teacher)))

        def work(connection: Connection) -> int:
            connection.execute(delete(tickets).where(tickets.c.ends < stamp(now())))
            return connection.execute(old).rowcount

        return self._database.write(work)

    # ---- tickets

    def give_ticket(self, purpose: str, keep: Mapping[str, Any], minutes: int = 10, token: str = "") -> str:
        """What a browser takes with it and brings back once; `keep` stays here, sealed. Args: token: Random already; by default a new one."""
        token, moment = token or secrets.token_urlsafe(32), now()

        def work(connection: Connection) -> None:
            name = sha256(token.encode())
            sealed = self._own_key(connection).close(json.dumps(keep).encode(), f"ticket {name.hexdigest()}")
            connection.execute(delete(tickets).where(tickets.c.ends < stamp(moment)))
            connection.execute(insert(tickets).values(hash=name.digest(), purpose=purpose, ends=stamp(moment + timedelta(minutes=minutes)), sealed=sealed))

        self._database.write(work)
        return token

    def take_ticket(self, purpose: str, token: str) -> dict[str, Any] | None:
        """What was kept for a ticket; None where there is none such, it has ended, or somebody took it before."""
        name = sha256(token.encode())
        here = (tickets.c.hash == name.digest(), tickets.c.purpose == purpose, tickets.c.ends >= stamp(now()))

        def work(connection: Connection) -> dict[str, Any] | None:
            sealed = connection.execute(select(tickets.c.sealed).where(*here)).scalar()
            if sealed is None or connection.execute(delete(tickets).where(*here)).rowcount != 1:
                return None
            kept: dict[str, Any] = json.loads(self._own_key(connection).open(sealed, f"ticket {name.hexdigest()}"))
            return kept

        return self._database.write(work)

    # ---- how

    def _key(self) -> DataKey:
        """Read where there is one, so that nobody who writes is waited for."""
        found = self._database.read(lambda connection: self._database.keys.find(connection, [_OWNER]))
        return found.get(_OWNER) or self._database.write(self._own_key)

    def _own_key(self, connection: Connection) -> DataKey:
        keys = self._database.keys
        return keys.find(connection, [_OWNER]).get(_OWNER) or keys.new(connection, [_OWNER])[_OWNER]


def batched(values: Iterable[str], most: int = 500) -> Iterator[list[str]]:
    """So many at once as a database takes in one statement."""
    listed = list(values)
    yield from (listed[at : at + most] for at in range(0, len(listed), most))


def _named(key: DataKey, kind: str, *parts: str) -> str:
    """Source: HMAC (RFC 2104) with SHA-256; the parts as JSON, so that no two lists are written alike."""
    return hmac.new(key.key, json.dumps([kind, *parts]).encode(), sha256).hexdigest()
