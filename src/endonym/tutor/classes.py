"""What students do in a class: join it by a code, see what is set, begin, share, leave. Nobody is asked who they are."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.core.clock import now, stamp
from endonym.core.errors import EndonymError
from endonym.store.classes import Assignment, Class, plain_code, spaced
from endonym.store.sessions import Session, new_person
from endonym.tutor import pages
from endonym.tutor.assigned import assignment_text
from endonym.tutor.desk import Attempts, Desk, done_of, field, form_of, moment
from endonym.tutor.faults import broken, status_of
from endonym.tutor.session import begin_session, end_session, session_of
from endonym.tutor.visitor import Visitor
from endonym.tutor.written import reads_pictures, written

_SHOWN = 20
"""Of a student's own conversations in a class at a time; more are a page further."""


def class_routes(desk: Desk) -> list[Route]:
    here = _Classes(desk)
    return [
        Route("/join", here.join, methods=["GET", "POST"]),
        Route("/join/{code}", here.invited, methods=["GET", "POST"]),
        Route("/return", here.come_back, methods=["POST"]),
        Route("/class", here.mine),
        Route("/class/code", here.new_code, methods=["POST"]),
        Route("/class/out", here.sign_out, methods=["POST"]),
        Route("/class/{group}/ask", here.ask, methods=["POST"]),
        Route("/class/{group}/leave", here.leave, methods=["POST"]),
        Route("/a/{assignment}", here.assignment),
        Route("/a/{assignment}/begin", here.begin, methods=["POST"]),
        Route("/c/{conversation}/share", partial(here.share, shared=True), methods=["POST"]),
        Route("/c/{conversation}/unshare", partial(here.share, shared=False), methods=["POST"]),
    ]


class _Classes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._classes = desk.store.classes
        self._attempts = Attempts()

    # ---- joining

    async def join(self, request: Request) -> Response:
        if request.method == "GET":
            return self._door(request)
        code = plain_code(field(await form_of(request), "code"))
        if self._attempts.exhausted(request):
            return self._door(request, "class-too-many", 429)
        if await to_thread.run_sync(self._classes.by_code, code) is None:
            self._attempts.failed(request)
            return self._door(request, "class-code-unknown", 404, code)
        return RedirectResponse(f"/join/{code}", 303)

    async def invited(self, request: Request) -> Response:
        """The page behind the link, and its one button."""
        if self._attempts.exhausted(request):
            return self._door(request, "class-too-many", 429)
        group = await to_thread.run_sync(self._classes.by_code, request.path_params["code"])
        if group is None:
            self._attempts.failed(request)
            return self._door(request, "class-code-unknown", 404)
        who, session = self._desk.visitor(request, group), await session_of(request, self._desk.store)
        joins = session is None or session.role == "student"
        member = await to_thread.run_sync(self._classes.of_member, group.id, session.person if session else "")
        if member and joins:
            return RedirectResponse("/class", 303)
        if request.method == "GET" or not joins:
            return pages.page("join.html", who, group=group, code=plain_code(request.path_params["code"]), joins=joins)
        return await self._joined(request, who, group, session)

    async def _joined(self, request: Request, who: Visitor, group: Class, session: Session | None) -> Response:
        member = session or Session(new_person(), "student", group.school)
        await to_thread.run_sync(self._classes.join, group.id, member.person)
        known = await to_thread.run_sync(self._classes.has_return_code, member.person)
        response: Response = RedirectResponse("/class", 303) if known else await self._told(who, member.person, group.name)
        if session is None:
            await begin_session(request, response, self._desk.store, member)
        return response

    async def _told(self, who: Visitor, person: str, name: str = "", *, in_class: bool = True) -> Response:
        """The page with a new return code, which is shown once. Args: name: The class that was joined, or ""."""
        code = await to_thread.run_sync(self._classes.new_return_code, person)
        return pages.page("joined.html", who, code=spaced(code), name=name, in_class=in_class)

    async def come_back(self, request: Request) -> Response:
        """From another device, with the return code."""
        code = field(await form_of(request), "code")
        if self._attempts.exhausted(request):
            return self._door(request, "class-too-many", 429)
        person = await to_thread.run_sync(self._classes.returning, code)
        if not person:
            self._attempts.failed(request)
            return self._door(request, "class-return-unknown", 404)
        groups = self._desk.served(await to_thread.run_sync(self._classes.joined, person))
        response: Response = RedirectResponse("/class" if groups else "/mine", 303)
        if await to_thread.run_sync(self._classes.is_issued, person):  # others have seen that code: from now on it opens nothing
            who = self._desk.visitor(request, groups[0]) if groups else self._desk.greeter(request)
            response = await self._told(who, person, groups[0].name if groups else "")
        await begin_session(request, response, self._desk.store, Session(person, "student", groups[0].school if groups else ""))
        return response

    def _door(self, request: Request, problem: str = "", status: int = 200, typed: str = "") -> Response:
        who = self._desk.greeter(request)
        back = problem == "class-return-unknown"
        return pages.page("door.html", who, status, problem=who.text(problem) if problem else "", typed=typed, back=back,
                          providers=self._desk.identity.providers)  # fmt: skip

    # ---- in a class

    async def mine(self, request: Request) -> Response:
        """The classes of a student, each with its newest conversations; or older ones of one class."""
        return await self._page(request, await self._student(request))

    async def _page(self, request: Request, person: str, at: str = "", problem: str = "", typed: str = "", status: int = 200) -> Response:
        """Args: at: The class in which a question could not be taken, what is wrong with it, and what it was."""
        groups = self._desk.served(await to_thread.run_sync(self._classes.joined, person))
        if not groups:
            return RedirectResponse("/join", 303)
        before, of = request.query_params.get("before", ""), request.query_params.get("of", "")
        older = tuple(group for group in groups if before and group.id == of)
        shown = await to_thread.run_sync(self._shown, request, older or groups, person, before if older else "")
        return pages.page("class.html", self._desk.visitor(request, groups[0]), status, groups=shown, older=bool(older), at=at, problem=problem, typed=typed)

    def _shown(self, request: Request, groups: tuple[Class, ...], person: str, before: str) -> list[dict[str, object]]:
        """For each class what its student sees."""
        works = {work.conversation: work for work in self._classes.works_of(person)}
        found: list[dict[str, object]] = []
        for group in groups:
            who, moment_now = self._desk.visitor(request, group), stamp(now())
            given = self._classes.assignments(group.id)
            kept = self._desk.store.conversations_of(person, group=group.id, before=before, most=_SHOWN + 1)
            found.append({
                "group": group, "open": [one for one in given if one.open_at(moment_now)],
                "later": [(one.title, moment(who, one.opens)) for one in given if not one.ended and one.opens > moment_now],
                "closes": {one.id: moment(who, one.closes) for one in given}, "titles": {one.id: one.title for one in given},
                "own": [(works[one.id], one.first.request.messages[-1].text, moment(who, one.started)) for one in kept[:_SHOWN] if one.id in works],
                "before": kept[_SHOWN - 1].started if len(kept) > _SHOWN else "", "pictures": reads_pictures(who, self._desk.services),
            })  # fmt: skip
        return found

    async def ask(self, request: Request) -> Response:
        """A question of one's own, in a class."""
        person = await self._student(request)
        group = await self._joined_class(request.path_params["group"], person)
        who = self._desk.visitor(request, group)
        said = await written(request, who, self._desk.services)
        if said.problem:
            return await self._page(request, person, group.id, said.problem, said.text, 422)
        try:
            return RedirectResponse(f"/c/{await self._desk.begin(who, person, said.text, None, group.id, said.images)}", 303)
        except EndonymError as error:
            return await self._page(request, person, group.id, broken(who, error), said.text, status_of(error))

    async def leave(self, request: Request) -> Response:
        person = await self._student(request)
        group = await self._joined_class(request.path_params["group"], person)
        await to_thread.run_sync(self._classes.leave, group.id, person)
        who = self._desk.visitor(request, group)
        return pages.page("notice.html", who, message=who.text("class-left", name=group.name), remedy=who.text("class-left-note"))

    async def new_code(self, request: Request) -> Response:
        """A return code, for whoever is in a class or not."""
        person = await self._student(request)
        if not person:
            raise HTTPException(404)
        groups = self._desk.served(await to_thread.run_sync(self._classes.joined, person))
        return await self._told(self._desk.visitor(request, groups[0]) if groups else self._desk.greeter(request), person, in_class=bool(groups))

    async def sign_out(self, request: Request) -> Response:
        response = RedirectResponse("/join", 303)
        await end_session(request, response, self._desk.store)
        return response

    # ---- assignments

    async def assignment(self, request: Request) -> Response:
        """What is set. Whoever is not in the class is asked for its code, whatever the address."""
        found = await self._given(request)
        if found is None:
            return RedirectResponse("/join", 303)
        group, given, _ = found
        who, moment_now = self._desk.visitor(request, group), stamp(now())
        done = await to_thread.run_sync(done_of, self._desk, who, given, found[2])
        return pages.page("assignment.html", who, group=group, done=done, given=given, about=assignment_text(who, given), open=given.open_at(moment_now),
                     opens=moment(who, given.opens) if given.opens > moment_now else "", closes=moment(who, given.closes))  # fmt: skip

    async def begin(self, request: Request) -> Response:
        found = await self._given(request)
        if found is None:
            return RedirectResponse("/join", 303)
        group, given, person = found
        if not given.open_at(stamp(now())):
            return RedirectResponse(f"/a/{given.id}", 303)
        return RedirectResponse(f"/c/{await begun(self._desk, self._desk.visitor(request, group), person, given, group.id)}", 303)

    async def _given(self, request: Request) -> tuple[Class, Assignment, str] | None:
        session = await session_of(request, self._desk.store)
        given = await to_thread.run_sync(self._classes.assignment, request.path_params["assignment"])
        if session is None or session.role != "student" or given is None:
            return None
        group = await to_thread.run_sync(self._classes.of_member, given.group, session.person)
        return (group, given, session.person) if group else None

    # ---- sharing

    async def share(self, request: Request, *, shared: bool) -> Response:
        person, conversation = await self._student(request), request.path_params["conversation"]
        if not await to_thread.run_sync(partial(self._classes.share, conversation, person, shared=shared)):
            raise HTTPException(404)
        return RedirectResponse(f"/c/{conversation}#sharing", 303)

    # ---- who

    async def _student(self, request: Request) -> str:
        """The pseudonym of who is looking, or "" where there is none."""
        session = await session_of(request, self._desk.store)
        return session.person if session and session.role == "student" else ""

    async def _joined_class(self, group: str, person: str) -> Class:
        found = await to_thread.run_sync(self._classes.of_member, group, person)
        if found is None:
            raise HTTPException(404)
        return found


async def begun(desk: Desk, who: Visitor, person: str, given: Assignment, group: str) -> str:
    """The id of a new conversation about an assignment. Args: group: The class that it counts for, or "" for a preview."""
    about = assignment_text(who, given)
    languages = who.assistant.bundle.languages
    looking = replace(who, audience=desk.audience, learning=given.learning if given.learning in languages else who.learning)
    return await desk.begin(looking, person, about.first if about else "", given, group, ())
