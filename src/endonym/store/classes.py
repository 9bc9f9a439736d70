"""Classes: who teaches one, who joined it under a pseudonym, what is set in it, and which conversations were shared.

A code is known by its hash. Names, codes and tasks are sealed with a data key of the class; ids, pseudonyms and times stand in the clear.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from endonym.core.clock import now, stamp
from endonym.core.ids import new_id
from endonym.seams.turn import Help
from endonym.store.database import Database
from endonym.store.keys import Keys
from endonym.store.seal import DataKey
from endonym.store.split import SplitKey
from endonym.store.tables import (
    assignments,
    classes,
    course_links,
    courses,
    enrolled,
    hand_ins,
    members,
    return_codes,
    rosters,
    views,
    works,
)

LETTERS = "BCDFGHJKLMNPQRTVWXYZ"
"""Of codes: no vowels, so that no word arises, no S beside Z, and no digits, so that none is taken for a letter."""
CODE_LENGTH = 8
RETURN_LENGTH = 16
MOST_CLASSES = 100
"""That one teacher may have."""
MOST_ASSIGNMENTS = 200
"""That one class may have."""
_MANY = 500
_ALIKE = str.maketrans("АВСЕНКМРТХУЅ", "ABCEHKMPTXYS")
"""Letters of Cyrillic keyboards to the Latin ones that they look like."""


@dataclass(frozen=True, slots=True)
class Class:
    """Attributes: code: With which one joins, or "" where joining is closed; learning: Language of instruction."""

    id: str
    school: str
    teacher: str
    bundle: str
    made: str
    name: str
    code: str
    learning: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a teacher sets.

    Attributes:
        lesson, outcome, text: One of them says what it is about: a lesson's id, an outcome's code, or a task in the teacher's words.
        locked: No other lesson can be opened in its conversations.
        opens, closes: When students may write in it; "" for always.
        ended: When the teacher closed it, or "".
    """

    id: str
    group: str
    title: str
    lesson: str = ""
    outcome: str = ""
    text: str = ""
    help: Help = "ladder"
    learning: str = ""
    locked: bool = False
    opens: str = ""
    closes: str = ""
    ended: str = ""
    made: str = ""

    def open_at(self, moment: str) -> bool:
        return not self.ended and self.opens <= moment and (not self.closes or moment < self.closes)


@dataclass(frozen=True, slots=True)
class Work:
    """A conversation of a class. Attributes: assignment: Or ""; shared: Since when the teacher may read it, or ""."""

    conversation: str
    group: str
    assignment: str
    person: str
    shared: str


def plain_code(typed: str) -> str:
    """A code as it is compared, however it was typed: without spaces and hyphens, in capitals, in Latin letters."""
    letters = unicodedata.normalize("NFKC", typed[:100]).upper().translate(_ALIKE)
    return "".join(letter for letter in letters if letter.isalpha())


def spaced(code: str) -> str:
    """A code as it is read out: in groups of four."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


class Classes:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys

    # ---- classes, for their teacher

    def make(self, teacher: str, school: str, bundle: str, name: str, learning: str) -> Class | None:
        """A new class, open for joining; None where the teacher has as many as one may."""
        return self._database.write(lambda connection: add_class(connection, self._keys, teacher, school, bundle, name, learning))

    def in_school(self, school: str) -> tuple[tuple[str, str, str, str, int], ...]:
        """(id, teacher, bundle, made, members) of every class of a school, the oldest first: what nothing need be opened for."""
        counts = select(members.c["class"], func.count().label("joined")).group_by(members.c["class"]).subquery()
        statement = (select(classes.c.id, classes.c.teacher, classes.c.bundle, classes.c.made, func.coalesce(counts.c.joined, 0))
                     .outerjoin(counts, counts.c["class"] == classes.c.id).where(classes.c.school == school).order_by(classes.c.made, classes.c.id))  # fmt: skip
        return tuple((row[0], row[1], row[2], row[3], row[4]) for row in self._database.read(lambda connection: connection.execute(statement).all()))

    def schools(self) -> tuple[str, ...]:
        """Those that have a class."""
        statement = select(classes.c.school).distinct().order_by(classes.c.school)
        return tuple(self._database.read(lambda connection: connection.execute(statement).scalars().all()))

    def taught(self, teacher: str, school: str) -> tuple[Class, ...]:
        """A teacher's own classes, the oldest first."""
        return self._classes((classes.c.teacher == teacher) & (classes.c.school == school)) if teacher else ()

    def of_teacher(self, group: str, teacher: str, school: str) -> Class | None:
        """A class, for the teacher whose it is and nobody else."""
        found = self._classes((classes.c.id == group) & (classes.c.teacher == teacher) & (classes.c.school == school)) if teacher else ()
        return next(iter(found), None)

    def get(self, group: str) -> Class | None:
        """By its id, whoever asks."""
        return next(iter(self._classes(classes.c.id == group)), None) if group else None

    def set_code(self, group: Class, *, joining: bool = True) -> Class:
        """A new code, with which alone one joins from now on; or none, so that nobody joins."""
        changed = replace(group, code=_letters(CODE_LENGTH) if joining else "")

        def work(connection: Connection) -> None:
            values = {"code": _hash(changed.code) if joining else None, "sealed": _sealed_class(changed, self._keys.get(connection, group.id))}
            connection.execute(update(classes).where(classes.c.id == group.id).values(values))

        self._database.write(work)
        return changed

    def delete(self, group: str) -> None:
        """Remove a class with its members, assignments, views and key. Conversations stay with the students whose they are."""
        self._database.write(lambda connection: self._delete(connection, [group]))

    # ---- members

    def by_code(self, code: str) -> Class | None:
        """The class that is joined with a code."""
        plain = plain_code(code)
        return next(iter(self._classes(classes.c.code == _hash(plain))), None) if len(plain) == CODE_LENGTH else None

    def join(self, group: str, person: str) -> None:
        def work(connection: Connection) -> None:
            here = select(members.c.person).where(members.c["class"] == group, members.c.person == person)
            if connection.execute(here).first() is None:
                connection.execute(insert(members).values({"class": group, "person": person, "joined": stamp(now())}))

        self._database.write(work)

    def joined(self, person: str) -> tuple[Class, ...]:
        """The classes that a person is in, the oldest first."""
        return self._classes(classes.c.id.in_(_joined(person))) if person else ()

    def of_member(self, group: str, person: str) -> Class | None:
        """A class, for somebody who is in it."""
        return next(iter(self._classes((classes.c.id == group) & classes.c.id.in_(_joined(person)))), None) if person else None

    def leave(self, group: str, person: str) -> None:
        """Out of a class; what was shared with its teacher no longer is."""
        self._database.write(lambda connection: take_out(connection, group, [person]))

    def member_count(self, group: str) -> int:
        return self._database.read(lambda connection: _count(connection, members.c["class"] == group))

    # ---- coming back

    def new_return_code(self, person: str) -> str:
        """With it a person goes on from another device. It is told once; an older one no longer works."""
        return self._database.write(lambda connection: add_return_codes(connection, [person]))[person]

    def is_issued(self, person: str) -> bool:
        """Whether the return code of a person stands on a sheet that others have seen, and was never used."""
        statement = select(return_codes.c.issued).where(return_codes.c.person == person)
        return bool(self._database.read(lambda connection: connection.execute(statement).scalar()))

    def has_return_code(self, person: str) -> bool:
        statement = select(return_codes.c.person).where(return_codes.c.person == person)
        return self._database.read(lambda connection: connection.execute(statement).first()) is not None

    def returning(self, code: str) -> str:
        """Whose return code it is, or ""."""
        plain = plain_code(code)
        statement = select(return_codes.c.person).where(return_codes.c.hash == _hash(plain))
        return (self._database.read(lambda connection: connection.execute(statement).scalar()) or "") if len(plain) == RETURN_LENGTH else ""

    # ---- assignments

    def add_assignment(self, assignment: Assignment) -> Assignment | None:
        """The same with its id; None where the class has as many as one may."""
        made = replace(assignment, id=new_id("a"), made=stamp(now()))

        def work(connection: Connection) -> Assignment | None:
            if _count(connection, assignments.c["class"] == made.group) >= MOST_ASSIGNMENTS:
                return None
            sealed = self._keys.get(connection, made.group).close(json.dumps(asdict(made)).encode(), made.id)
            connection.execute(insert(assignments).values({"id": made.id, "class": made.group, "made": made.made, "ended": "", "sealed": sealed}))
            return made

        return self._database.write(work)

    def assignments(self, group: str) -> tuple[Assignment, ...]:
        """Those of a class, the newest first."""
        return self._assignments(assignments.c["class"] == group)

    def assignment(self, identity: str) -> Assignment | None:
        """By its id, whoever asks: compare its class."""
        return next(iter(self._assignments(assignments.c.id == identity)), None)

    def set_for(self, identity: str, person: str) -> Assignment | None:
        """By its id, for who is in its class or teaches it."""
        theirs = select(classes.c.id).where((classes.c.teacher == person) | classes.c.id.in_(_joined(person)))
        here = (assignments.c.id == identity) & assignments.c["class"].in_(theirs)
        return next(iter(self._assignments(here)), None) if identity and person else None

    def end_assignment(self, assignment: Assignment, *, again: bool = False) -> None:
        """Nobody begins it or writes in it any more; or, `again`, as its times say."""
        values = {"ended": "" if again else stamp(now())}
        self._database.write(lambda connection: connection.execute(update(assignments).where(assignments.c.id == assignment.id).values(values)))

    def delete_assignment(self, assignment: Assignment) -> None:
        """Remove it and its view; conversations stay with the students, and with the class those that were shared."""
        def work(connection: Connection) -> None:
            connection.execute(delete(views).where(views.c.assignment == assignment.id))
            connection.execute(delete(assignments).where(assignments.c.id == assignment.id))
            connection.execute(update(works).where(works.c.assignment == assignment.id).values(assignment=""))
            for table in (course_links, hand_ins):
                connection.execute(delete(table).where(table.c.assignment == assignment.id))

        self._database.write(work)

    # ---- conversations

    def begin(self, conversation: str, group: str, assignment: str, person: str) -> None:
        """Remember for which class and assignment a conversation is; nobody but its owner reads it yet."""
        row = {"conversation": conversation, "class": group, "assignment": assignment, "person": person, "shared": ""}
        self._database.write(lambda connection: connection.execute(insert(works).values(row)))

    def work(self, conversation: str) -> Work | None:
        return next(iter(self._works(works.c.conversation == conversation)), None)

    def works_of(self, person: str) -> tuple[Work, ...]:
        return self._works(works.c.person == person) if person else ()

    def works_on(self, assignment: str) -> tuple[Work, ...]:
        return self._works(works.c.assignment == assignment) if assignment else ()

    def shared(self, group: str) -> tuple[Work, ...]:
        """Those of a class that its teacher may read, the newest first."""
        found = self._works((works.c["class"] == group) & (works.c.shared != ""))
        return tuple(sorted(found, key=lambda one: one.shared, reverse=True))

    def share(self, conversation: str, person: str, *, shared: bool) -> bool:
        """Let the teacher read a conversation, or no longer; whether it is the person's and of a class."""
        here = (works.c.conversation == conversation) & (works.c.person == person)
        statement = update(works).where(here).values(shared=stamp(now()) if shared else "")
        return self._database.write(lambda connection: connection.execute(statement).rowcount > 0)

    # ---- views

    def view(self, assignment: Assignment) -> dict[str, Any] | None:
        """What the teacher was shown last of an assignment."""
        def work(connection: Connection) -> dict[str, Any] | None:
            row = connection.execute(select(views.c.sealed).where(views.c.assignment == assignment.id)).first()
            return json.loads(self._keys.get(connection, assignment.group).open(row.sealed, f"view {assignment.id}")) if row else None

        return self._database.read(work)

    def keep_view(self, assignment: Assignment, view: dict[str, Any]) -> None:
        def work(connection: Connection) -> None:
            sealed = self._keys.get(connection, assignment.group).close(json.dumps(view).encode(), f"view {assignment.id}")
            connection.execute(delete(views).where(views.c.assignment == assignment.id))
            connection.execute(insert(views).values(assignment=assignment.id, sealed=sealed))

        self._database.write(work)

    def token(self, group: str, text: str) -> str:
        """A word for `text` that says nothing to whoever has not the key of the class."""
        return self._database.read(lambda connection: self._keys.get(connection, group)).salt(text)

    # ---- a person's rights

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """Classes joined and taught, conversations that are for one, and whether there is a code to return with."""
        def work(connection: Connection) -> dict[str, Any]:
            since = {row[0]: row.joined for row in connection.execute(select(members.c["class"], members.c.joined).where(members.c.person == person))}
            code = connection.execute(select(return_codes.c.made).where(return_codes.c.person == person)).scalar()
            for_class = connection.execute(select(works).where(works.c.person == person).order_by(works.c.conversation)).all()
            titles = {one.id: one.title for one in self._opened_assignments(connection, assignments.c.id.in_([row.assignment for row in for_class]), split)}
            taught = self._opened_classes(connection, classes.c.teacher == person, split)
            given = self._opened_assignments(connection, assignments.c["class"].in_([one.id for one in taught]), split)
            return {
                "classes": [*(_told(one, joined=since[one.id]) for one in self._opened_classes(connection, classes.c.id.in_(_joined(person)), split)),
                            *(_told(one, made=one.made, assignments=[asdict(a) for a in given if a.group == one.id]) for one in taught)],
                "works": [{"conversation": row.conversation, "class": row._mapping["class"], "assignment": row.assignment,
                           "title": titles.get(row.assignment, ""), "shared": row.shared} for row in for_class],
                "return_code": {"made": code} if code else None,
            }  # fmt: skip

        return self._database.read(work)

    def forget(self, person: str) -> None:
        """Remove what is kept of a person; of a teacher their classes."""
        def work(connection: Connection) -> None:
            for table in (members, return_codes, works):
                connection.execute(delete(table).where(table.c.person == person))
            self._delete(connection, connection.execute(select(classes.c.id).where(classes.c.teacher == person)).scalars().all())

        self._database.write(work)

    # ---- how

    def _delete(self, connection: Connection, groups: Sequence[str]) -> None:
        own = select(assignments.c.id).where(assignments.c["class"].in_(groups))
        connection.execute(delete(views).where(views.c.assignment.in_(own)))
        for table in (assignments, members, works, courses, course_links, hand_ins, rosters, enrolled):
            connection.execute(delete(table).where(table.c["class"].in_(groups)))
        connection.execute(delete(classes).where(classes.c.id.in_(groups)))
        self._keys.drop(connection, groups)
        drop_unused_codes(connection)

    def _classes(self, which: Any) -> tuple[Class, ...]:
        return self._database.read(lambda connection: self._opened_classes(connection, which))

    def _opened_classes(self, connection: Connection, which: Any, split: SplitKey | None = None) -> tuple[Class, ...]:
        rows = connection.execute(select(classes).where(which).order_by(classes.c.made, classes.c.id)).all()
        opened = [json.loads(sealed) for sealed in self._opened(connection, [(row.id, row.sealed, row.id) for row in rows], split)]
        return tuple(Class(row.id, row.school, row.teacher, row.bundle, row.made, said["name"], said["code"], said["learning"])
                     for row, said in zip(rows, opened, strict=True))  # fmt: skip

    def _assignments(self, which: Any) -> tuple[Assignment, ...]:
        return self._database.read(lambda connection: self._opened_assignments(connection, which))

    def _opened_assignments(self, connection: Connection, which: Any, split: SplitKey | None = None) -> tuple[Assignment, ...]:
        rows = connection.execute(select(assignments).where(which).order_by(assignments.c.made.desc(), assignments.c.id)).all()
        opened = [json.loads(sealed) for sealed in self._opened(connection, [(row._mapping["class"], row.sealed, row.id) for row in rows], split)]
        return tuple(Assignment(**{**said, "ended": row.ended}) for row, said in zip(rows, opened, strict=True))

    def _opened(self, connection: Connection, rows: Sequence[tuple[str, bytes, str]], split: SplitKey | None) -> Iterator[bytes]:
        """What is sealed in (class, sealed, record), with one query for the keys of all."""
        keys = self._keys.find(connection, {group for group, _, _ in rows}, split) if rows else {}
        for group, sealed, record in rows:
            yield (keys.get(group) or self._keys.get(connection, group)).open(sealed, record)

    def _works(self, which: Any) -> tuple[Work, ...]:
        statement = select(works).where(which).order_by(works.c.conversation)
        rows = self._database.read(lambda connection: connection.execute(statement).all())
        return tuple(Work(row.conversation, row._mapping["class"], row.assignment, row.person, row.shared) for row in rows)


def _joined(person: str) -> Any:
    """The classes that a person is in."""
    return select(members.c["class"]).where(members.c.person == person)


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(which)).scalar_one()


def take_out(connection: Connection, group: str, persons: Sequence[str]) -> None:
    """Out of a class, with what they are in it: what they shared, handed in, and that a list names them."""
    for start in range(0, len(persons), _MANY):
        some = persons[start : start + _MANY]
        for table in (members, works, hand_ins, enrolled):
            connection.execute(delete(table).where(table.c["class"] == group, table.c.person.in_(some)))
    drop_unused_codes(connection)


def drop_unused_codes(connection: Connection) -> None:
    """Codes of sheets that nobody used go with the last class of whose they are: nobody could say who that was."""
    unused = select(return_codes.c.person).where(return_codes.c.issued != "", return_codes.c.person.not_in(select(members.c.person)))
    connection.execute(delete(return_codes).where(return_codes.c.person.in_(unused)))


def add_class(connection: Connection, keys: Keys, teacher: str, school: str, bundle: str, name: str, learning: str) -> Class | None:
    """A new class, open for joining; None where the teacher has as many as one may."""
    if _count(connection, classes.c.teacher == teacher) >= MOST_CLASSES:
        return None
    made = Class(new_id("class"), school, teacher, bundle, stamp(now()), name, _letters(CODE_LENGTH), learning)
    key = keys.new(connection, [made.id])[made.id]
    connection.execute(insert(classes).values(id=made.id, school=school, teacher=teacher, bundle=bundle, made=made.made,
                                              code=_hash(made.code), sealed=_sealed_class(made, key)))  # fmt: skip
    return made


def add_return_codes(connection: Connection, persons: Sequence[str], issued: str = "") -> dict[str, str]:
    """A new return code for each person, instead of the one that they had. Args: issued: Who else has seen it, or ""."""
    codes = {person: _letters(RETURN_LENGTH) for person in persons}
    connection.execute(delete(return_codes).where(return_codes.c.person.in_(persons)))
    rows = [{"hash": _hash(code), "person": person, "made": stamp(now()), "issued": issued} for person, code in codes.items()]
    if rows:
        connection.execute(insert(return_codes), rows)
    return codes


def _told(group: Class, **more: object) -> dict[str, object]:
    return {"class": group.id, "name": group.name, "school": group.school, **more}


def _sealed_class(group: Class, key: DataKey) -> bytes:
    return key.close(json.dumps({"name": group.name, "code": group.code, "learning": group.learning}).encode(), group.id)


def _letters(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _hash(code: str) -> bytes:
    return sha256(code.encode()).digest()
