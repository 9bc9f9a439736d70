"""A class that belongs to a course of a learning platform: how many of the course have come, and who told their teacher that they are done.

Names come from the platform for one page and are kept nowhere. What goes back to the grade book is what a teacher confirmed, one student at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.core.clock import now, stamp
from endonym.core.errors import IdentityError
from endonym.seams.identity import LearningPlatform, Member
from endonym.store.classes import Class
from endonym.store.sessions import Session
from endonym.tutor import pages
from endonym.tutor.desk import GRADE_RETURN, Desk, done_of, field, form_of, moment
from endonym.tutor.session import session_of
from endonym.tutor.teach import guard


@dataclass(frozen=True, slots=True)
class Roster:
    """A course's people. Attributes: fault: Why there is no list, or ""; come: Students that have opened the tutor; persons: Members by pseudonym."""

    platform: LearningPlatform
    fault: str
    students: int
    come: int
    persons: dict[str, Member]


def course_routes(desk: Desk) -> list[Route]:
    here, own = _Course(desk), guard(desk)
    return [
        Route("/teach/{group}/course", own(here.page)),
        Route("/teach/{group}/course/confirm", own(here.confirm), methods=["POST"]),
        Route("/a/{assignment}/done", partial(here.hand_in, done=True), methods=["POST"]),
        Route("/a/{assignment}/undone", partial(here.hand_in, done=False), methods=["POST"]),
    ]


class _Course:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._courses = desk.store.courses

    # ---- the teacher

    async def page(self, request: Request, session: Session, group: Class) -> Response:
        return await self._page(request, group)

    async def _page(self, request: Request, group: Class, problem: str = "", status: int = 200) -> Response:
        who, rosters = self._desk.visitor(request, group), await self._desk.outward(self._rosters, group)
        if not rosters:
            raise HTTPException(404)
        on = GRADE_RETURN in who.assistant.bundle.capabilities
        titles = {one.id: one.title for one in await to_thread.run_sync(self._desk.store.classes.assignments, group.id)}
        names = {person: member.name for roster in rosters for person, member in roster.persons.items()}
        handed = await to_thread.run_sync(self._courses.handed_in, group.id) if on else ()
        rows = [(one, titles.get(one.assignment, ""), names.get(one.person, ""), moment(who, one.handed), moment(who, one.confirmed)) for one in handed]
        return pages.page("teach_course.html", who, status, group=group, rosters=[(one, who.text(one.fault, name=one.platform.title) if one.fault else "") for one in rosters],
                     on=on, rows=sorted(rows, key=lambda row: bool(row[0].confirmed)), problem=problem)  # fmt: skip

    async def confirm(self, request: Request, session: Session, group: Class) -> Response:
        """Into the grade book, by the hand of the teacher."""
        form = await form_of(request)
        who, assignment, person = self._desk.visitor(request, group), field(form, "assignment"), field(form, "person")
        handed = next((one for one in await to_thread.run_sync(self._courses.handed_in, group.id) if (one.assignment, one.person) == (assignment, person)), None)
        if handed is None or GRADE_RETURN not in who.assistant.bundle.capabilities:
            raise HTTPException(404)
        if not handed.confirmed:
            try:
                sent = await self._desk.outward(self._send, group, assignment, person)
            except IdentityError:
                sent = False
            if not sent:
                return await self._page(request, group, who.text("course-not-sent"), 502)
            await to_thread.run_sync(self._courses.confirm, assignment, person)
        return RedirectResponse(f"/teach/{group.id}/course", 303)

    def _send(self, group: Class, assignment: str, person: str) -> bool:
        """Whether a column and the person in it were found. Raises: IdentityError: The platform did not take it."""
        sent = False
        for roster in self._rosters(group):
            for name, line_item in self._courses.line_items(group.id, assignment):
                if name == roster.platform.name and person in roster.persons:
                    roster.platform.confirm(line_item, roster.persons[person].subject, stamp(now()))
                    sent = True
        return sent

    def _rosters(self, group: Class) -> list[Roster]:
        return [self._roster(platform, course.members, group) for course in self._courses.of_class(group.id)
                if (platform := self._desk.identity.platforms.get(course.platform))]  # fmt: skip

    def _roster(self, platform: LearningPlatform, address: str, group: Class) -> Roster:
        if not address:
            return Roster(platform, "course-no-list", 0, 0, {})
        try:
            members = [one for one in platform.members(address) if one.role == "student"]
        except IdentityError:
            return Roster(platform, "sign-in-unreachable", 0, 0, {})
        known = self._desk.store.identities.known(platform.issuer, [one.subject for one in members])
        persons = {known[one.subject]: one for one in members if one.subject in known}
        return Roster(platform, "", len(members), self._courses.come(group.id, persons), persons)

    # ---- the student

    async def hand_in(self, request: Request, *, done: bool) -> Response:
        """The student tells their teacher that they are done, or takes it back."""
        session = await session_of(request, self._desk.store)
        given = await to_thread.run_sync(self._desk.store.classes.assignment, request.path_params["assignment"])
        group = await to_thread.run_sync(self._desk.store.classes.of_member, given.group, session.person) if given and session and session.role == "student" else None
        if given is None or session is None or group is None:
            raise HTTPException(404)
        if await to_thread.run_sync(done_of, self._desk, self._desk.visitor(request, group), given, session.person) is None:
            raise HTTPException(404)
        if done:
            await to_thread.run_sync(self._courses.hand_in, group.id, given.id, session.person)
        else:
            await to_thread.run_sync(self._courses.take_back, given.id, session.person)
        return RedirectResponse(f"/a/{given.id}", 303)
