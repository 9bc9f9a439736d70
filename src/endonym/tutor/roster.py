"""A list brought on a page, by a teacher or an administrator: checked, shown with its faults, confirmed, and answered with the sheet of codes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from endonym.core.clock import today
from endonym.core.errors import RequestError
from endonym.roster import Fault, Roster, read_roster
from endonym.store.rosters import Brought
from endonym.text.table import to_csv
from endonym.tutor import pages
from endonym.tutor.desk import Desk, field
from endonym.tutor.sheet import sheets
from endonym.tutor.uploads import Sent, sent_form
from endonym.tutor.visitor import Visitor

MOST_UPLOAD = 5_000_000
_MOST_HELD = 8_000_000
"""Bytes of a field: a file that is sent back to be confirmed is a third longer."""
_MOST_RENEWED = 200

Before = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who brings a list.

    Attributes:
        teachers: (person, name of their key) of whose classes it may become; None where that is the bringer alone.
        action: Path of the page; back: Where it came from.
        before: Awaited before anything is written.
    """

    school: str
    person: str
    teachers: Sequence[tuple[str, str]] | None
    action: str
    back: str
    before: Before | None = None

    def teacher(self, form: FormData) -> str:
        if self.teachers is None:
            return self.person
        wanted = field(form, "teacher")
        return wanted if wanted in [person for person, _ in self.teachers] else ""


@dataclass(frozen=True, slots=True)
class _Given:
    """A list as it was sent. Attributes: held: The same as text, to be sent back."""

    name: str
    held: str
    roster: Roster

    @property
    def names(self) -> frozenset[str]:
        return frozenset(student.name for group in self.roster.groups for student in group.students)


class RosterPage:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request, bringer: Bringer) -> Response:
        return self._page(self._desk.greeter(request), bringer) if request.method == "GET" else await self._sent(request, bringer)

    async def codes(self, request: Request) -> Response:
        """The sheet that was just shown, as CSV: nothing of it is kept, so it comes with the question."""
        form = (await sent_form(request, "", 0, _MOST_HELD)).form
        try:
            rows = [[str(cell)[:400] for cell in row] for row in json.loads(str(form.get("rows") or "[]"))]
        except (ValueError, TypeError):
            rows = []
        return pages.download("\ufeff" + to_csv(rows), "text/csv; charset=utf-8", "codes.csv")

    async def _sent(self, request: Request, bringer: Bringer) -> Response:
        who = self._desk.greeter(request)
        sent = await sent_form(request, "file", MOST_UPLOAD, _MOST_HELD)
        form, given = sent.form, None if sent.large else await self._read(sent, bringer.school)
        if sent.large:
            return self._page(who, bringer, who.text("roster-too-large", most=MOST_UPLOAD // 1_000_000), 413)
        bundle, _, learning = field(form, "pack").partition("/")
        assistant, teacher = self._desk.assistants.get(bundle), bringer.teacher(form)
        if given is None or assistant is None or learning not in assistant.bundle.languages or not teacher:
            return self._page(who, bringer, who.text("roster-incomplete"), 422)
        bring = partial(self._desk.store.rosters.bring, given.roster.groups, school=bringer.school, teacher=teacher, bundle=bundle, learning=learning)
        try:
            renew = [name for name in (" ".join(line.split()) for line in str(form.get("renew") or "").splitlines()[:_MOST_RENEWED]) if name]
            unknown = next((name for name in renew if name not in given.names), "")
            if field(form, "held") and not unknown and (not given.roster.errors or field(form, "skip") == "yes"):
                if bringer.before:
                    await bringer.before()
                remove = field(form, "remove") == "yes" and not given.roster.errors
                return self._done(who, bringer, await to_thread.run_sync(partial(bring, remove_missing=remove, renew=renew)), f"{request.base_url}join")
            brought = await to_thread.run_sync(partial(bring, rehearse=True)) if given.roster.groups else ()
        except RequestError:  # more classes than one teacher may have
            return self._page(who, bringer, who.text("teach-class-most"), 422)
        problem = Fault("reference", given.name, 1, who.text("roster-name"), given.name, unknown).words(who.text)[0] if unknown else ""
        return self._preview(who, bringer, given, brought, field(form, "pack"), teacher, problem)

    async def _read(self, sent: Sent, school: str) -> _Given | None:
        data, name = sent.file, sent.name[-100:]
        if not sent.chosen:
            name = field(sent.form, "held_name")
            try:
                data = base64.b64decode(str(sent.form.get("held") or ""), validate=True)
            except (binascii.Error, ValueError):
                return None
        if not data:
            return None
        roster = await to_thread.run_sync(lambda: read_roster({name: data}, today()).of_school(school))
        return _Given(name, base64.b64encode(data).decode(), roster)

    # ---- pages

    def _page(self, who: Visitor, bringer: Bringer, problem: str = "", status: int = 200) -> Response:
        packs = [(assistant.bundle, pages.title(assistant.bundle.contents.head.title, who.page)) for assistant in self._desk.assistants.values()
                 if self._desk.audience in assistant.bundle.contents.head.audiences]  # fmt: skip
        return pages.page("roster.html", who, status, school=bringer.school, problem=problem, roster=None, action=bringer.action, back=bringer.back,
                     teachers=bringer.teachers, packs=packs)  # fmt: skip

    def _preview(self, who: Visitor, bringer: Bringer, given: _Given, brought: tuple[Brought, ...], pack: str, teacher: str, problem: str) -> Response:
        faults = [(fault, *fault.words(who.text)) for fault in given.roster.faults[:100]]
        more = given.roster.more + len(given.roster.faults) - len(faults)
        return pages.page("roster.html", who, 422 if given.roster.errors or problem else 200, school=bringer.school, problem=problem, roster=given.roster, action=bringer.action,
                     back=bringer.back, teachers=bringer.teachers, faults=faults, more=more, brought=brought, held=given.held, held_name=given.name,
                     pack=pack, teacher=teacher)  # fmt: skip

    def _done(self, who: Visitor, bringer: Bringer, brought: tuple[Brought, ...], address: str) -> Response:
        found = sheets(brought)
        rows = [(who.text("roster-class"), who.text("roster-name"), who.text("roster-code"))]
        rows += [(name, student, code) for name, students in found for student, code in students if code]
        return pages.page("roster_done.html", who, action=bringer.action, back=bringer.back, administers=bringer.teachers is not None, sheets=found,
                     rows=json.dumps(rows, ensure_ascii=False), changed=any(one.changed for one in brought), address=address)  # fmt: skip
