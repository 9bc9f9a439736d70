"""What an administrator is shown of a school: numbers, pseudonyms, keys without their secrets, quotas, and what is declared of where data goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from endonym.bundle import Bundle
from endonym.core.money import shown as money
from endonym.seams.engine import Declaration
from endonym.store.access import ADMINISTRATOR, EVERY_SCHOOL, KEY_PERSON
from endonym.store.sessions import Session
from endonym.tutor import pages
from endonym.tutor.desk import Desk, moment
from endonym.tutor.visitor import Visitor

AUDIENCES = ("teacher", "student")
"""For whom an administrator of one school makes keys."""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """Attributes: listed: It came from a list."""

    id: str
    teacher: str
    pack: str
    made: str
    joined: int
    listed: bool


@dataclass(frozen=True, slots=True)
class KeyRow:
    """Attributes: person: Pseudonym of whose it is; open: It is in force, and who looks may change it."""

    id: str
    name: str
    audiences: str
    person: str
    state: str
    open: bool


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """Attributes: share: Of 100 that is used; open: Who looks may change it."""

    scope: str
    label: str
    kind: str
    per: str
    used: str
    most: str
    share: int
    open: bool


@dataclass(frozen=True, slots=True)
class DeedRow:
    deed: str
    when: str
    own: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Attributes: scopes: (scope, label) for which quotas can be set."""

    classes: Sequence[ClassRow]
    keys: Sequence[KeyRow]
    quotas: Sequence[QuotaRow]
    scopes: Sequence[tuple[str, str]]
    deeds: Sequence[DeedRow]


@dataclass(frozen=True, slots=True)
class Flow:
    """Where one pack's turns for some audiences go, in order; the guide, which is no model, stands last and is not among them."""

    bundle: Bundle
    title: str
    audiences: tuple[str, ...]
    engines: Sequence[Declaration]


class School:
    """One school, read in a worker thread."""

    def __init__(self, desk: Desk, who: Visitor, school: str, session: Session, currency: str) -> None:
        self._desk = desk
        self._who = who
        self._school = school
        self._session = session
        self._currency = currency
        self._every = session.school == EVERY_SCHOOL

    def read(self) -> Found:
        scopes = [scope for scope in self._desk.store.access.scopes_in(self._school) if self._every or scope != f"school:{self._school}"]
        keys = self._desk.store.access.keys(school=self._school)
        labels = {f"key:{row['id']}": row["name"] for row in keys}
        deeds = self._desk.store.deeds.of(self._school, self._session.person)
        return Found(tuple(self._classes()), tuple(map(self._key, reversed(keys))), tuple(self._quotas(scopes, labels)),
                     tuple((scope, self._label(scope, labels)) for scope in scopes),
                     tuple(DeedRow(done.deed, moment(self._who, done.when), done.own) for done in deeds))  # fmt: skip

    def _classes(self) -> Iterator[ClassRow]:
        rows = self._desk.store.classes.in_school(self._school)
        listed = self._desk.store.rosters.listed(row[0] for row in rows)
        for identity, teacher, bundle, made, joined in rows:
            assistant = self._desk.assistants.get(bundle)
            yield ClassRow(identity, teacher, pages.title(assistant.bundle.contents.head.title, self._who.page) if assistant else bundle, moment(self._who, made), joined, identity in listed)

    def _key(self, row: dict[str, str]) -> KeyRow:
        state = self._who.text("admin-revoked" if row["revoked"] else "admin-until", day=moment(self._who, row["revoked"] or row["ends"]))
        may = self._every or set(row["audiences"].split(", ")) <= set(AUDIENCES)
        audiences = ", ".join(self._who.text(f"admin-audience-{one}") if one in (*AUDIENCES, ADMINISTRATOR) else one for one in row["audiences"].split(", "))
        return KeyRow(row["id"], row["name"], audiences, row["person"] or f"{KEY_PERSON}{row['id']}", state, may and not row["revoked"])

    def _quotas(self, scopes: Sequence[str], labels: dict[str, str]) -> Iterator[QuotaRow]:
        for one in self._desk.store.access.budgets((f"school:{self._school}", *scopes)):
            used, most = (self._amount(amount, one.kind) for amount in (one.used, one.most))
            yield QuotaRow(one.scope, self._label(one.scope, labels), one.kind, one.per, used, most, 100 * one.used // one.most if one.most else 100, one.scope in scopes)

    def _amount(self, amount: int, kind: str) -> str:
        return money(amount, self._currency) if kind == "money" else f"{amount:,}".replace(",", "\u202f")

    def _label(self, scope: str, labels: dict[str, str]) -> str:
        """What a scope is called: without the school, which is the same in all."""
        kind, _, name = scope.partition(":")
        return labels.get(scope) or (self._school if kind == "school" else name.removeprefix(f"{self._school}/"))


def flows(desk: Desk, who: Visitor) -> list[Flow]:
    """By pack; audiences whose turns go the same way stand together."""
    found: list[Flow] = []
    for assistant in desk.assistants.values():
        ways: dict[tuple[Declaration, ...], tuple[str, ...]] = {}
        for name, audience in assistant.bundle.contents.head.audiences.items():
            way = assistant.engines(name)
            ways[way] = (*ways.get(way, ()), audience.title.get(who.page) or name)
        found += [Flow(assistant.bundle, pages.title(assistant.bundle.contents.head.title, who.page), audiences, way) for way, audiences in ways.items()]
    return found
