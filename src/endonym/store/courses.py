"""Courses of learning platforms: which class one has, which assignment a link opens, and who told their teacher that they are done.

Courses and links are known by keyed hashes; addresses of the platform are sealed with the data key of the class.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from endonym.core.clock import now, stamp
from endonym.store.database import Database
from endonym.store.identities import batched
from endonym.store.split import SplitKey
from endonym.store.tables import classes, course_links, courses, hand_ins, members


@dataclass(frozen=True, slots=True)
class Course:
    """Attributes: platform: Its name in the settings; members: Address of its list of people, or ""."""

    platform: str
    members: str


@dataclass(frozen=True, slots=True)
class HandIn:
    """Attributes: confirmed: When the teacher did, or ""."""

    assignment: str
    person: str
    handed: str
    confirmed: str


class Courses:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._key = database.keys.get

    def class_of(self, course: str) -> str:
        """The id of its class, or ""."""
        statement = select(courses.c["class"]).where(courses.c.course == course)
        return self._database.read(lambda connection: connection.execute(statement).scalar()) or ""

    def settle(self, course: str, group: str, platform: str, members: str) -> None:
        """A course has this class from now on."""
        def work(connection: Connection) -> None:
            sealed = self._key(connection, group).close(json.dumps([platform, members]).encode(), f"course {course}")
            connection.execute(delete(courses).where(courses.c.course == course))
            connection.execute(insert(courses).values({"course": course, "class": group, "sealed": sealed}))

        self._database.write(work)

    def of_class(self, group: str) -> tuple[Course, ...]:
        def work(connection: Connection) -> tuple[Course, ...]:
            rows = connection.execute(select(courses).where(courses.c["class"] == group).order_by(courses.c.course)).all()
            key = self._key(connection, group) if rows else None
            return tuple(Course(*json.loads(key.open(row.sealed, f"course {row.course}"))) for row in rows) if key else ()

        return self._database.read(work)

    def link(self, link: str, group: str, assignment: str, platform: str, line_item: str) -> None:
        """A link of a course opens this assignment from now on. Args: line_item: Its column in the grade book, or ""."""
        def work(connection: Connection) -> None:
            sealed = self._key(connection, group).close(json.dumps([platform, line_item]).encode(), f"link {link}")
            connection.execute(delete(course_links).where(course_links.c.link == link))
            connection.execute(insert(course_links).values({"link": link, "class": group, "assignment": assignment, "sealed": sealed}))

        self._database.write(work)

    def linked(self, link: str) -> str:
        """The assignment that a link opens, or ""."""
        statement = select(course_links.c.assignment).where(course_links.c.link == link)
        return self._database.read(lambda connection: connection.execute(statement).scalar()) or ""

    def line_items(self, group: str, assignment: str) -> tuple[tuple[str, str], ...]:
        """(platform, column of its grade book) of an assignment."""
        def work(connection: Connection) -> tuple[tuple[str, str], ...]:
            rows = connection.execute(select(course_links).where(course_links.c.assignment == assignment, course_links.c["class"] == group)).all()
            key = self._key(connection, group) if rows else None
            found = (json.loads(key.open(row.sealed, f"link {row.link}")) for row in rows) if key else ()
            return tuple(dict.fromkeys((platform, item) for platform, item in found if item))

        return self._database.read(work)

    def come(self, group: str, persons: Iterable[str]) -> int:
        """How many of some persons are in a class."""
        def work(connection: Connection) -> int:
            here = members.c["class"] == group
            return sum(len(connection.execute(select(members.c.person).where(here, members.c.person.in_(some))).all()) for some in batched(persons))

        return self._database.read(work)

    # ---- done

    def hand_in(self, group: str, assignment: str, person: str) -> None:
        def work(connection: Connection) -> None:
            if connection.execute(select(hand_ins.c.person).where(*_here(assignment, person))).first() is None:
                row = {"assignment": assignment, "person": person, "class": group, "handed": stamp(now()), "confirmed": ""}
                connection.execute(insert(hand_ins).values(row))

        self._database.write(work)

    def take_back(self, assignment: str, person: str) -> None:
        """As long as the teacher has not confirmed it."""
        self._database.write(lambda connection: connection.execute(delete(hand_ins).where(*_here(assignment, person), hand_ins.c.confirmed == "")))

    def confirm(self, assignment: str, person: str) -> None:
        self._database.write(lambda connection: connection.execute(update(hand_ins).where(*_here(assignment, person)).values(confirmed=stamp(now()))))

    def handed(self, assignment: str, person: str) -> HandIn | None:
        return next(iter(self._hand_ins(*_here(assignment, person))), None)

    def handed_in(self, group: str) -> tuple[HandIn, ...]:
        """Those of a class, the oldest first."""
        return self._hand_ins(hand_ins.c["class"] == group)

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """What they handed in; it is in the clear."""
        rows = self._hand_ins(hand_ins.c.person == person)
        return {"done": [{"assignment": one.assignment, "handed": one.handed, "confirmed": one.confirmed} for one in rows]}

    def forget(self, person: str) -> None:
        """Remove it."""
        self._database.write(lambda connection: connection.execute(delete(hand_ins).where(hand_ins.c.person == person)))

    def expire(self, bundle: str, days: int) -> int:
        """Remove what was handed in more than `days` ago in classes of a bundle; how many went."""
        here = (hand_ins.c["class"].in_(select(classes.c.id).where(classes.c.bundle == bundle)), hand_ins.c.handed < stamp(now() - timedelta(days=days)))
        return self._database.write(lambda connection: connection.execute(delete(hand_ins).where(*here)).rowcount)

    def _hand_ins(self, *which: Any) -> tuple[HandIn, ...]:
        statement = select(hand_ins).where(*which).order_by(hand_ins.c.handed, hand_ins.c.person)
        rows = self._database.read(lambda connection: connection.execute(statement).all())
        return tuple(HandIn(row.assignment, row.person, row.handed, row.confirmed) for row in rows)


def _here(assignment: str, person: str) -> tuple[Any, Any]:
    return hand_ins.c.assignment == assignment, hand_ins.c.person == person
