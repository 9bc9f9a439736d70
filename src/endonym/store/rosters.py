"""Rosters: whom a school lists in a class, without keeping who is who.

Of a list stay the names of the class, sealed and in order of the alphabet, so that they can be masked in what goes to engines; and of each
student a digest of what the list calls them, under a key of the school, beside their pseudonym, so that the same list brought again changes
nothing. Nothing leads from a name to a pseudonym but the list itself together with the operator's key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import SystemRandom
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from endonym.core.clock import now, stamp, today
from endonym.core.errors import RequestError
from endonym.seams.roster import Group, Student
from endonym.store.classes import MOST_CLASSES, add_class, add_return_codes, take_out
from endonym.store.database import Database
from endonym.store.keys import Keys
from endonym.store.seal import DataKey
from endonym.store.sessions import new_person
from endonym.store.split import SplitKey
from endonym.store.tables import classes, enrolled, members, return_codes, rosters, works

ISSUED = "roster"
_MANY = 500
_MOST_NAMES = 5_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A student as the sheet has them. Attributes: code: Which is told this once, or "" for who has one already."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one class of a list.

    Attributes:
        made: It is new here.
        joined: How many came into the class.
        left: How many are in it that the list no longer names; gone: they were removed.
        missing: Names that were in the list before and are not now.
    """

    id: str
    name: str
    made: bool
    students: tuple[Listed, ...]
    joined: int
    left: int
    missing: tuple[str, ...]
    gone: bool

    @property
    def changed(self) -> bool:
        return bool(self.made or self.joined or (self.left and self.gone) or any(one.code for one in self.students))


class _Rehearsed(Exception):
    """What was tried is taken back."""

    def __init__(self, brought: tuple[Brought, ...]) -> None:
        self.brought = brought


class Rosters:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys

    def bring(
        self, groups: Sequence[Group], *, school: str, teacher: str, bundle: str, learning: str, remove_missing: bool = False,
        renew: Collection[str] = (), rehearse: bool = False, progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> tuple[Brought, ...]:  # fmt: skip
        """Classes and students as a list has them, all of it or nothing.

        Args:
            learning: Language of instruction of new classes.
            remove_missing: Who is no longer listed leaves the class; what they wrote stays theirs.
            renew: Names on the list of who needs a new code. Who has used theirs begins anew, so that nobody who has the list can read what they wrote.
            rehearse: Only say what would become of it.

        Raises:
            RequestError: The teacher would have more classes than one may.
        """
        if not school or not teacher:
            raise RequestError("expected a school and a teacher, found an empty name", remedy="Name both.")
        desk = _Import(school, teacher, bundle, learning, remove_missing, frozenset(renew), self._keys)

        def work(connection: Connection) -> tuple[Brought, ...]:
            brought = []
            for number, group in enumerate(groups, 1):
                brought.append(desk.bring(connection, group))
                progress(number, len(groups))
            desk.take_out(connection)
            if rehearse:
                raise _Rehearsed(tuple(brought))
            return tuple(brought)

        try:
            return self._database.write(work)
        except _Rehearsed as tried:
            return tuple(_without_codes(one) for one in tried.brought)

    # ---- names, to be masked

    def names_of(self, person: str) -> tuple[str, ...]:
        """The names that the lists of a person's classes hold, those that they teach too."""
        here = rosters.c["class"].in_(select(members.c["class"]).where(members.c.person == person)) | rosters.c["class"].in_(
            select(classes.c.id).where(classes.c.teacher == person))  # fmt: skip
        return self._names(here) if person else ()

    def names_in(self, school: str, name: str) -> tuple[str, ...]:
        """The names in the classes of a school that are called so."""
        if not school or not name:
            return ()

        def work(connection: Connection) -> list[str]:
            here = select(classes.c.id, classes.c.sealed).join(rosters, rosters.c["class"] == classes.c.id).where(classes.c.school == school)
            rows = connection.execute(here).all()
            keys = self._keys.find(connection, here.with_only_columns(classes.c.id))
            return [row.id for row in rows if row.id in keys and json.loads(keys[row.id].open(row.sealed, row.id))["name"] == name]

        groups = self._database.read(work)
        return self._names(rosters.c["class"].in_(groups)) if groups else ()

    def listed(self, groups: Iterable[str]) -> frozenset[str]:
        """Those of the classes that came from a list."""
        statement = select(rosters.c["class"]).where(rosters.c["class"].in_(list(groups)))
        return frozenset(self._database.read(lambda connection: connection.execute(statement).scalars().all()))

    # ---- a person's rights

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """In which classes a list has put a person."""
        statement = select(enrolled.c["class"]).where(enrolled.c.person == person).order_by(enrolled.c["class"])
        groups = self._database.read(lambda connection: connection.execute(statement).scalars().all())
        return {"rosters": [{"class": group, "listed": "yes"} for group in groups]}

    def forget(self, person: str) -> None:
        """A list no longer says who they are."""
        self._database.write(lambda connection: connection.execute(delete(enrolled).where(enrolled.c.person == person)))

    def expire(self, bundle: str, days: int) -> int:
        """Let go of names and of who is who, where a list was brought more than `days` ago and no conversation of its class is kept any more."""
        before = (today() - timedelta(days=days)).isoformat()
        old = select(rosters.c["class"]).join(classes, classes.c.id == rosters.c["class"]).where(
            classes.c.bundle == bundle, rosters.c.imported < before, rosters.c.imported != "", rosters.c["class"].not_in(select(works.c["class"])))  # fmt: skip

        def work(connection: Connection) -> int:
            groups = list(connection.execute(old).scalars().all())
            for group in groups:
                connection.execute(delete(enrolled).where(enrolled.c["class"] == group))
                values = {"imported": "", "sealed": _sealed(self._keys.get(connection, group), group, ())}
                connection.execute(update(rosters).where(rosters.c["class"] == group).values(values))
            return len(groups)

        if not self._database.read(lambda connection: connection.execute(old.limit(1)).first()):
            return 0
        return self._database.write(work)

    def _names(self, which: Any) -> tuple[str, ...]:
        statement = select(rosters.c["class"], rosters.c.sealed).where(which)

        def work(connection: Connection) -> list[str]:
            rows = connection.execute(statement).all()
            keys = self._keys.find(connection, statement.with_only_columns(rosters.c["class"]))
            return [name for group, sealed in rows if group in keys for name in _opened(keys[group], group, sealed)]

        return tuple(dict.fromkeys(self._database.read(work)))[:_MOST_NAMES]


def school_owner(school: str) -> str:
    """The name of a school's key."""
    return f"school_{sha256(school.encode()).hexdigest()[:48]}"


def school_key(connection: Connection, school: str, keys: Keys) -> DataKey:
    """The data key of a school, made where there is none."""
    owner = school_owner(school)
    return keys.find(connection, [owner]).get(owner) or keys.new(connection, [owner])[owner]


class _Import:
    """One list at work, within one transaction."""

    def __init__(
        self, school: str, teacher: str, bundle: str, learning: str, remove_missing: bool, renew: frozenset[str], keys: Keys
    ) -> None:
        self._school, self._teacher, self._bundle, self._learning = school, teacher, bundle, learning
        self._remove = remove_missing
        self._renew = renew
        self._keys = keys
        self._codes: dict[str, str] = {}
        self._going: list[tuple[str, list[str]]] = []

    def bring(self, connection: Connection, group: Group) -> Brought:
        school = school_key(connection, self._school, self._keys)
        own, made = self._class(connection, group, school.salt(f"class\0{self._teacher}\0{group.source}"))
        key = self._keys.get(connection, own)
        wanted = {school.salt(f"student\0{student.source}"): student for student in group.students}
        renewed = self._renewed(connection, wanted)
        before = {row.source: row.person for row in connection.execute(select(enrolled).where(enrolled.c["class"] == own))}
        new = {source: renewed.get(source, "") for source in wanted if source not in before or source in renewed}
        elsewhere = _persons(connection, [source for source, person in new.items() if not person])
        fresh = {source: new_person() for source, person in new.items() if not person and source not in elsewhere}
        come = {**new, **elsewhere, **fresh}
        self._codes |= add_return_codes(connection, list(fresh.values()), ISSUED)
        _put(connection, own, {source: person for source, person in come.items() if before.get(source) != person})
        left = {source: person for source, person in before.items() if source not in wanted}
        if self._remove and left:
            self._going.append((own, list(left.values())))
        missing = self._keep_names(connection, own, key, group.students, stay=bool(left) and not self._remove)
        persons = {**before, **come}
        students = tuple(Listed(student.name, self._codes.get(persons[source], "")) for source, student in wanted.items())
        return Brought(own, group.name, made, students, sum(source not in before for source in come), len(left), missing, self._remove)

    def take_out(self, connection: Connection) -> None:
        """Who is no longer listed goes once all classes were brought: who only changed class is known until then."""
        for group, persons in self._going:
            take_out(connection, group, persons)

    def _class(self, connection: Connection, group: Group, source: str) -> tuple[str, bool]:
        """(the class's id, whether it was made)."""
        found = connection.execute(select(rosters.c["class"]).where(rosters.c.source == source)).scalar()
        if found:
            return found, False
        made = add_class(connection, self._keys, self._teacher, self._school, self._bundle, group.name, self._learning)
        if made is None:
            raise RequestError(f"expected at most {MOST_CLASSES} classes of one teacher, found more", param="teacher", code="too_many_classes",
                               remedy="Name another teacher for some of them, or delete classes that are over.")  # fmt: skip
        connection.execute(insert(rosters).values({"class": made.id, "source": source, "imported": "", "sealed": _sealed(self._keys.get(connection, made.id), made.id, ())}))
        return made.id, True

    def _renewed(self, connection: Connection, wanted: Mapping[str, Student]) -> dict[str, str]:
        """By source, the pseudonym of who gets a new code: the same one where nobody has used it, else a new one in all their classes."""
        asked = [source for source, student in wanted.items() if student.name in self._renew]
        found: dict[str, str] = {}
        for source, person in _persons(connection, asked).items():
            if person in self._codes:  # renewed for another class of this list
                found[source] = person
                continue
            unused = connection.execute(select(return_codes.c.issued).where(return_codes.c.person == person)).scalar() == ISSUED
            heir = person if unused else new_person()
            if heir != person:
                for group in connection.execute(select(enrolled.c["class"]).where(enrolled.c.source == source)).scalars().all():
                    take_out(connection, group, [person])
                    _put(connection, group, {source: heir})
            self._codes |= add_return_codes(connection, [heir], ISSUED)
            found[source] = heir
        return found

    def _keep_names(self, connection: Connection, own: str, key: DataKey, students: Sequence[Student], *, stay: bool) -> tuple[str, ...]:
        """Write the names down, and say which are no longer listed. Args: stay: Those go on being masked."""
        row = connection.execute(select(rosters.c.sealed, rosters.c.imported).where(rosters.c["class"] == own)).one()
        old, day = set(_opened(key, own, row.sealed)), today().isoformat()
        new = {name for student in students for name in student.names}
        kept = new | old if stay else new
        if kept != old or row.imported != day:
            sealed = _sealed(key, own, kept) if kept != old else row.sealed
            connection.execute(update(rosters).where(rosters.c["class"] == own).values(imported=day, sealed=sealed))
        return tuple(sorted(old - new))


def _persons(connection: Connection, sources: Sequence[str]) -> dict[str, str]:
    """Who is known already, by source."""
    found: dict[str, str] = {}
    for start in range(0, len(sources), _MANY):
        statement = select(enrolled.c.source, enrolled.c.person).where(enrolled.c.source.in_(sources[start : start + _MANY]))
        found |= {row.source: row.person for row in connection.execute(statement)}
    return found


def _put(connection: Connection, group: str, people: Mapping[str, str]) -> None:
    """Into a class, in no order: that of a list would say who is who."""
    rows = list(people.items())
    SystemRandom().shuffle(rows)
    if not rows:
        return
    here = set(connection.execute(select(members.c.person).where(members.c["class"] == group)).scalars().all())
    joined = [{"class": group, "person": person, "joined": stamp(now())} for _, person in rows if person not in here]
    if joined:
        connection.execute(insert(members), joined)
    connection.execute(insert(enrolled), [{"class": group, "source": source, "person": person} for source, person in rows])


def _without_codes(brought: Brought) -> Brought:
    """As a rehearsal says it: a class that was not made has no id, and codes that were not given are none."""
    students = tuple(Listed(one.name, "new" if one.code else "") for one in brought.students)
    return Brought("" if brought.made else brought.id, brought.name, brought.made, students, brought.joined, brought.left, brought.missing, brought.gone)


def _sealed(key: DataKey, group: str, names: Iterable[str]) -> bytes:
    return key.close(json.dumps(sorted(names), ensure_ascii=False).encode(), f"roster {group}")


def _opened(key: DataKey, group: str, sealed: bytes) -> list[str]:
    names: list[str] = json.loads(key.open(sealed, f"roster {group}"))
    return names
