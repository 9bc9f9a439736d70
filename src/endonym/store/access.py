"""Who may call, and how much: keys, known by their hash alone, and budgets that are reserved before work and settled after it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from endonym.core.clock import now, stamp
from endonym.core.errors import StoreError
from endonym.core.ids import new_id
from endonym.store.database import Database
from endonym.store.split import SplitKey
from endonym.store.tables import budgets, keys, reservations, spent

Kind = Literal["requests", "tokens", "money"]
"""Money in millionths of the operator's currency."""
Per = Literal["day", "month", "always"]
KEY_PERSON = "key_"
"""Before a key's id: who is known by nothing else."""
ADMINISTRATOR = "administrator"
"""The audience of a key with which somebody signs in to administer; no pack's replies are for it."""
EVERY_SCHOOL = "*"
_PREFIX = "eno"
_FORGOTTEN = timedelta(minutes=15)
"""A reservation that old belongs to a process that was killed."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key it is.

    Attributes:
        group: The class, within the school.
        audiences: Of any pack, that this key may use.
    """

    key: str
    name: str
    person: str
    school: str
    group: str
    audiences: tuple[str, ...]

    @property
    def known_as(self) -> str:
        """The person, or where nobody is named the key."""
        return self.person or f"{KEY_PERSON}{self.key}"

    @property
    def scopes(self) -> tuple[str, ...]:
        """Whose budgets pay, the widest first."""
        named = (("school", self.school), ("class", f"{self.school}/{self.group}" if self.group else ""), ("person", self.person))
        return (*(f"{kind}:{name}" for kind, name in named if name), f"key:{self.key}")


@dataclass(frozen=True, slots=True)
class Budget:
    scope: str
    kind: Kind
    per: Per
    most: int
    used: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was reserved. Attributes: until: When there will be more, or "" for never."""

    scope: str
    kind: str
    most: int
    until: str


class Access:
    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- keys

    def add_key(
        self, name: str, audiences: Sequence[str], *, person: str = "", school: str = "", group: str = "", days: int = 365
    ) -> str:
        """A new key's secret, which is told once and kept nowhere.

        Raises:
            StoreError: It would be for nobody, for a class without a school, or for a person who is somebody else already.
        """
        if not audiences:
            raise StoreError("expected at least one audience, found none", remedy="Name whom the key may speak for, such as student.")
        if school == EVERY_SCHOOL and tuple(audiences) != (ADMINISTRATOR,):
            raise StoreError(f"expected the audience {ADMINISTRATOR} alone for every school, found {', '.join(audiences)}", remedy="Name one school, or that audience.")
        if ADMINISTRATOR in audiences and (not school or group):
            raise StoreError("expected the school that an administrator answers for and no class, found another", remedy="Name the school, or '*' for all.")
        if group and not school:
            raise StoreError("expected the school of the class, found none", remedy="Name both.")
        if person.startswith(KEY_PERSON):
            raise StoreError(f"expected a person whose name does not begin with {KEY_PERSON}, found {person!r}",
                             remedy="So are those called who are known by their key alone; choose another pseudonym.")  # fmt: skip
        identity, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        row = {"id": identity, "hash": sha256(secret.encode()).digest(), "name": name, "person": person, "school": school, "class": group,
               "audiences": json.dumps(sorted(set(audiences))), "made": stamp(now()), "ends": stamp(now() + timedelta(days=days)), "revoked": ""}  # fmt: skip
        elsewhere = select(keys.c.id, keys.c.school).where(keys.c.person == person, keys.c.school != school, *_in_force()).limit(1)

        def work(connection: Connection) -> None:
            if person and (other := connection.execute(elsewhere).first()):
                raise StoreError(f"expected a person of {_named(school)}, found that {person!r} has the key {other.id} at {_named(other.school)}",
                                 remedy=f"Two people would share what is kept of one. Choose another pseudonym, or `endonym key revoke {other.id}` "
                                        "where it is the same person.")  # fmt: skip
            connection.execute(insert(keys).values(row))

        self._database.write(work)
        return f"{_PREFIX}_{identity}_{secret}"

    def caller(self, secret: str) -> Caller | None:
        """Whose key it is; None where there is none such, it ended or was revoked."""
        prefix, _, rest = secret.partition("_")
        identity, _, word = rest.partition("_")
        if prefix != _PREFIX or not word or len(secret) > 200:
            return None
        row = self._database.read(lambda connection: connection.execute(select(keys).where(keys.c.id == identity)).mappings().first())
        kept = row["hash"] if row else bytes(32)
        if not compare_digest(sha256(word.encode()).digest(), bytes(kept)) or row is None or row["revoked"] or row["ends"] <= stamp(now()):
            return None
        return Caller(row["id"], row["name"], row["person"], row["school"], row["class"], tuple(json.loads(row["audiences"])))

    def speaks(self, person: str, audience: str, school: str) -> bool:
        """Whether a key in force lets a person, or who is known by the key's id alone, speak for an audience of a school."""
        statement = select(keys.c.audiences).where(_own(person), keys.c.school == school, *_in_force())
        return bool(person) and any(audience in json.loads(row) for row in self._database.read(lambda connection: connection.execute(statement).scalars().all()))

    def keys(self, *, person: str = "", school: str = "") -> list[dict[str, str]]:
        """Every key, or a person's, or a school's, but its secret, the newest last."""
        statement = select(keys).order_by(keys.c.made, keys.c.id)
        wanted = statement.where(_own(person)) if person else statement.where(keys.c.school == school) if school else statement
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [{**{name: str(row[name]) for name in row if name != "hash"}, "audiences": ", ".join(json.loads(row["audiences"]))} for row in rows]

    def revoke(self, identity: str) -> bool:
        """Whether there was such a key; from now on it opens nothing."""
        statement = update(keys).where(keys.c.id == identity, keys.c.revoked == "").values(revoked=stamp(now()))
        return self._database.write(lambda connection: connection.execute(statement).rowcount > 0)

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """A person's keys, without their secrets, and budgets; they are in the clear."""
        scopes = self._database.read(lambda connection: _scopes_of(connection, person))
        return {"keys": self.keys(person=person), "budgets": [asdict(budget) for budget in self.budgets(scopes)]}

    def replace(self, identity: str) -> str:
        """A new key for whose key it is, with its end and its quotas, in place of the one that was lost; "" where there is none such in force."""
        new, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        lost = keys.c.id == identity

        def work(connection: Connection) -> bool:
            row = connection.execute(select(keys).where(lost, *_in_force())).mappings().first()
            if row is None:
                return False
            connection.execute(update(keys).where(lost).values(revoked=stamp(now())))
            same = {**row, "id": new, "hash": sha256(secret.encode()).digest(), "person": row["person"] or f"{KEY_PERSON}{identity}", "made": stamp(now())}
            connection.execute(insert(keys).values(same))
            for table in (budgets, spent):
                connection.execute(update(table).where(table.c.scope == f"key:{identity}").values(scope=f"key:{new}"))
            return True

        return f"{_PREFIX}_{new}_{secret}" if self._database.write(work) else ""

    def schools(self) -> tuple[str, ...]:
        """Those that keys name."""
        statement = select(keys.c.school).where(keys.c.school.not_in(("", EVERY_SCHOOL))).distinct().order_by(keys.c.school)
        return tuple(self._database.read(lambda connection: connection.execute(statement).scalars().all()))

    def scopes_in(self, school: str) -> tuple[str, ...]:
        """Scopes of a school that keys name: the school, its classes, its keys, and persons who have no key of another school."""
        mine = self.keys(school=school)
        elsewhere = {row["person"] for row in self.keys() if row["school"] != school}
        return tuple(dict.fromkeys((
            f"school:{school}", *(f"class:{school}/{row['class']}" for row in mine if row["class"]),
            *(f"person:{row['person']}" for row in mine if row["person"] and row["person"] not in elsewhere), *(f"key:{row['id']}" for row in mine),
        )))  # fmt: skip

    def forget(self, person: str) -> None:
        """Remove a person's keys and budgets."""
        def work(connection: Connection) -> None:
            scopes = _scopes_of(connection, person)
            for table in (budgets, spent, reservations):
                connection.execute(delete(table).where(table.c.scope.in_(scopes)))
            connection.execute(delete(keys).where(_own(person)))

        self._database.write(work)

    def reach(self, caller: Caller) -> tuple[str, ...]:
        """Scopes that a teacher's key answers for: its class, or every class of its school, with the persons and keys in them but its own."""
        here = select(keys.c["class"], keys.c.person, keys.c.id).where(
            keys.c.school == caller.school, keys.c["class"] != "", *_in_force())  # fmt: skip
        if not caller.school or "teacher" not in caller.audiences:
            return ()
        rows = self._database.read(lambda connection: connection.execute(here.where(keys.c["class"] == caller.group) if caller.group else here).all())
        found = (scope for group, person, identity in rows
                 for scope in (f"class:{caller.school}/{group}", f"person:{person}" if person else "", f"key:{identity}")
                 if scope not in (f"person:{caller.known_as}", f"key:{caller.key}"))  # fmt: skip
        return tuple(dict.fromkeys(filter(None, found)))

    # ---- budgets

    def set_budget(self, scope: str, kind: Kind, per: Per, most: int) -> None:
        """Allow a scope (`school:x`, `class:x/7b`, `person:y`, `key:z`) so much in each period; what was spent stays spent."""
        kind_of, _, name = scope.partition(":")
        if kind_of not in ("school", "class", "person", "key") or not name or kind not in get_args(Kind) or per not in get_args(Per) or most < 0:
            raise StoreError(f"expected school:, class:, person: or key: with a name, a kind of {', '.join(get_args(Kind))} per "
                             f"{', '.join(get_args(Per))} and an amount of 0 or more, found {scope!r} {kind} {per} {most}",
                             remedy="Correct it.")  # fmt: skip

        def work(connection: Connection) -> None:
            connection.execute(delete(budgets).where(budgets.c.scope == scope, budgets.c.kind == kind))
            connection.execute(insert(budgets).values(scope=scope, kind=kind, per=per, most=most))

        self._database.write(work)

    def budgets(self, scopes: Sequence[str] = ()) -> list[Budget]:
        """Those of the scopes named, or all, with what the present period has used."""
        def work(connection: Connection) -> list[Budget]:
            statement = select(budgets).order_by(budgets.c.scope, budgets.c.kind)
            rows = connection.execute(statement.where(budgets.c.scope.in_(scopes)) if scopes else statement).all()
            return [Budget(row.scope, row.kind, row.per, row.most, _used(connection, row.scope, row.kind, _period(row.per, now()))) for row in rows]

        return self._database.read(work)

    def remove_budget(self, scope: str, kind: Kind) -> None:
        """Limit a scope no longer."""
        self._database.write(lambda connection: connection.execute(delete(budgets).where(budgets.c.scope == scope, budgets.c.kind == kind)))

    def reset(self, scope: str) -> None:
        """Let a scope begin its present periods anew, as a teacher may for a class."""
        self._database.write(lambda connection: connection.execute(delete(spent).where(spent.c.scope == scope)))

    def reserve(self, scopes: Sequence[str], amounts: dict[Kind, int]) -> str | Refusal:
        """Set aside the most that a request may cost, of every budget that it touches, or of none.

        Returns:
            What `settle` wants; "" where no budget is touched.
        """
        moment = now()
        touched = select(budgets).where(budgets.c.scope.in_(scopes), budgets.c.kind.in_(amounts))
        if self._database.read(lambda connection: connection.execute(touched).first()) is None:
            return ""

        def work(connection: Connection) -> str | Refusal:
            rows = connection.execute(touched).all()
            connection.execute(delete(reservations).where(reservations.c.made < stamp(moment - _FORGOTTEN)))
            taken = []
            identity = new_id("res")
            for row in rows:
                period, amount = _period(row.per, moment), amounts[row.kind]
                if _used(connection, row.scope, row.kind, period) + amount > row.most:
                    return Refusal(row.scope, row.kind, row.most, _next(row.per, moment))
                taken.append({"id": identity, "scope": row.scope, "kind": row.kind, "period": period, "amount": amount, "made": stamp(moment)})
            connection.execute(insert(reservations), taken)
            return identity

        return self._database.write(work)

    def settle(self, reservation: str, amounts: dict[Kind, int]) -> None:
        """Turn what was set aside into what it cost. Nothing is charged twice, also where this is called twice."""
        if not reservation:
            return

        def work(connection: Connection) -> None:
            rows = connection.execute(select(reservations).where(reservations.c.id == reservation)).all()
            connection.execute(delete(reservations).where(reservations.c.id == reservation))
            for row in rows:
                here = (spent.c.scope == row.scope, spent.c.kind == row.kind, spent.c.period == row.period)
                amount = amounts.get(row.kind, 0)
                if connection.execute(update(spent).where(*here).values(amount=spent.c.amount + amount)).rowcount == 0:
                    connection.execute(insert(spent).values(scope=row.scope, kind=row.kind, period=row.period, amount=amount))

        self._database.write(work)


def _own(person: str) -> ColumnElement[bool]:
    """The keys of a person, or the one by which alone they are known (`Caller.known_as`) with those that took its place."""
    bare = person.removeprefix(KEY_PERSON)
    return keys.c.person == person if bare == person else (keys.c.person == person) | ((keys.c.id == bare) & (keys.c.person == ""))


def _in_force() -> tuple[ColumnElement[bool], ...]:
    return keys.c.revoked == "", keys.c.ends > stamp(now())


def _named(school: str) -> str:
    return f"the school {school!r}" if school else "no school"


def _scopes_of(connection: Connection, person: str) -> list[str]:
    """Of budgets that are a person's own."""
    own = select(keys.c.id).where(_own(person))
    return [f"person:{person}", *(f"key:{identity}" for identity in connection.execute(own).scalars())]


def _used(connection: Connection, scope: str, kind: str, period: str) -> int:
    done = select(spent.c.amount).where(spent.c.scope == scope, spent.c.kind == kind, spent.c.period == period)
    aside = select(func.coalesce(func.sum(reservations.c.amount), 0)).where(
        reservations.c.scope == scope, reservations.c.kind == kind, reservations.c.period == period)  # fmt: skip
    return (connection.execute(done).scalar() or 0) + int(connection.execute(aside).scalar_one())


def _period(per: str, moment: datetime) -> str:
    """A day as 2026-11-26, a month as 2026-11, by UTC."""
    return {"day": moment.strftime("%Y-%m-%d"), "month": moment.strftime("%Y-%m")}.get(per, "")


def _next(per: str, moment: datetime) -> str:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if per == "day":
        return stamp(day + timedelta(days=1))
    return stamp((day.replace(day=1) + timedelta(days=32)).replace(day=1)) if per == "month" else ""
