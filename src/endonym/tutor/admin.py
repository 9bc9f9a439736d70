"""What administrators do: keys, quotas, classes and lists of a school, and what is declared of where data goes. No conversation is shown here.

Whoever administers a school meets that school alone; whoever administers all ("*"), each. Every deed is in the ledger before it is done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import cast, get_args

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.core.errors import RequestError
from endonym.core.money import millionths
from endonym.store.access import ADMINISTRATOR, EVERY_SCHOOL, KEY_PERSON, Kind, Per
from endonym.store.deeds import Deed
from endonym.store.sessions import Session
from endonym.tutor import pages
from endonym.tutor.admin_school import AUDIENCES, School, flows
from endonym.tutor.assessment import assessment_page
from endonym.tutor.desk import Attempts, Desk, field, form_of
from endonym.tutor.operation import Operation
from endonym.tutor.roster import Bringer, RosterPage
from endonym.tutor.session import begin_session, end_session, session_of

Administered = Callable[[Request, Session, str], Awaitable[Response]]
"""The last is the school."""
_MOST_NAME = 100
_MOST_DAYS = 730


def admin_routes(desk: Desk, operation: Operation) -> list[Route]:
    here = _Admin(desk, operation)
    own = here.for_school
    school = "/admin/s/{school}"
    return [
        Route("/admin", here.schools),
        Route("/admin/in", here.sign_in, methods=["POST"]),
        Route("/admin/out", here.sign_out, methods=["POST"]),
        Route("/admin/schools", here.add_school, methods=["POST"]),
        Route(school, own(here.school)),
        Route(f"{school}/keys", own(here.make_key), methods=["POST"]),
        Route(f"{school}/keys/{{key}}/revoke", own(here.revoke), methods=["POST"]),
        Route(f"{school}/keys/{{key}}/replace", own(here.replace), methods=["POST"]),
        Route(f"{school}/quotas", own(here.set_quota), methods=["POST"]),
        Route(f"{school}/quotas/reset", own(here.reset_quota), methods=["POST"]),
        Route(f"{school}/quotas/remove", own(here.remove_quota), methods=["POST"]),
        Route(f"{school}/classes/{{group}}/delete", own(here.delete_class), methods=["POST"]),
        Route(f"{school}/roster", own(here.roster), methods=["GET", "POST"]),
        Route(f"{school}/roster/codes.csv", own(here.codes), methods=["POST"]),
        Route(f"{school}/assessment/{{bundle}}.html", own(here.assessment), methods=["POST"]),
    ]


def school_id(school: str) -> str:
    """A school in an address."""
    return sha256(school.encode()).hexdigest()[:16]


class _Admin:
    def __init__(self, desk: Desk, operation: Operation) -> None:
        self._desk = desk
        self._operation = operation
        self._store = desk.store
        self._access = desk.store.access
        self._attempts = Attempts()
        self._roster = RosterPage(desk)

    # ---- who

    async def _administrator(self, request: Request) -> Session | None:
        """Who is signed in, as long as their key is in force."""
        session = await session_of(request, self._store)
        return session if session and session.role == ADMINISTRATOR else None

    def for_school(self, handler: Administered) -> Callable[[Request], Awaitable[Response]]:
        """Whoever is not signed in is asked to, whatever the address; a school that is not one's own does not exist."""

        async def guarded(request: Request) -> Response:
            session = await self._administrator(request)
            if session is None:
                return RedirectResponse("/admin", 303)
            school = next((one for one in await self._reach(session) if school_id(one) == request.path_params["school"]), None)
            if school is None:
                raise HTTPException(404)
            return await handler(request, session, school)

        return guarded

    async def _reach(self, session: Session) -> tuple[str, ...]:
        if session.school != EVERY_SCHOOL:
            return (session.school,)
        return tuple(sorted({*await to_thread.run_sync(self._access.schools), *await to_thread.run_sync(self._store.classes.schools)}))

    async def sign_in(self, request: Request) -> Response:
        if self._attempts.exhausted(request):
            return self._door(request, "class-too-many", 429)
        caller = await to_thread.run_sync(self._access.caller, field(await form_of(request), "key"))
        if caller is None or ADMINISTRATOR not in caller.audiences:
            self._attempts.failed(request)
            return self._door(request, "teach-key-unknown" if caller is None else "admin-key-not", 403)
        response = RedirectResponse("/admin", 303)
        await self._note(Session(caller.known_as, "administrator", caller.school), caller.school, "sign-in")
        await begin_session(request, response, self._store, Session(caller.known_as, "administrator", caller.school))
        return response

    async def sign_out(self, request: Request) -> Response:
        response = RedirectResponse("/admin", 303)
        await end_session(request, response, self._store)
        return response

    def _door(self, request: Request, problem: str = "", status: int = 200) -> Response:
        who = self._desk.greeter(request)
        return pages.page("admin_in.html", who, status, problem=who.text(problem) if problem else "")

    async def _note(self, session: Session, school: str, deed: Deed) -> None:
        await to_thread.run_sync(self._store.deeds.note, session.person, school, deed)

    # ---- schools

    async def schools(self, request: Request) -> Response:
        session = await self._administrator(request)
        if session is None:
            return self._door(request)
        if session.school != EVERY_SCHOOL:
            return RedirectResponse(f"/admin/s/{school_id(session.school)}", 303)
        reach = [(school_id(one), one) for one in await self._reach(session)]
        return pages.page("admin.html", self._desk.greeter(request), schools=reach)

    async def add_school(self, request: Request) -> Response:
        """The first administrator's key of a school that has none yet, from whoever administers all."""
        session = await self._administrator(request)
        if session is None or session.school != EVERY_SCHOOL:
            return RedirectResponse("/admin", 303)
        school = " ".join(field(await form_of(request), "school", 64).split())
        if not school or school == EVERY_SCHOOL or not school.isprintable():
            return RedirectResponse("/admin", 303)
        return await self._made(request, session, school, school, ADMINISTRATOR, 365)

    async def school(self, request: Request, session: Session, school: str) -> Response:
        return await self._page(request, session, school)

    async def _page(self, request: Request, session: Session, school: str, problem: str = "", status: int = 200, about: str = "") -> Response:
        who = self._desk.greeter(request)
        found = await to_thread.run_sync(School(self._desk, who, school, session, self._operation.currency).read)
        reach = flows(self._desk, who)
        return pages.page("admin_school.html", who, status, id=school_id(school), school=school, found=found, flows=reach, packs=list(dict.fromkeys((flow.bundle.id, flow.title) for flow in reach)), operation=self._operation,
                     every=session.school == EVERY_SCHOOL, audiences=self._audiences(session), problem=who.text(problem) if problem else "", about=about,
                     kinds=[kind for kind in get_args(Kind) if kind != "money" or self._operation.currency], pers=get_args(Per))  # fmt: skip

    # ---- keys

    def _audiences(self, session: Session) -> tuple[str, ...]:
        """For whom one may make keys: who administers makes other administrators only where they administer all."""
        return (*AUDIENCES, ADMINISTRATOR) if session.school == EVERY_SCHOOL else AUDIENCES

    async def make_key(self, request: Request, session: Session, school: str) -> Response:
        form = await form_of(request)
        name, audience, days = field(form, "name", _MOST_NAME), field(form, "audience"), field(form, "days", 6)
        if not name or not name.isprintable() or audience not in self._audiences(session) or not days.isascii() or not days.isdecimal() or not 1 <= int(days) <= _MOST_DAYS:
            return await self._page(request, session, school, "admin-key-wrong", 422, "key")
        return await self._made(request, session, school, name, audience, int(days))

    async def _made(self, request: Request, session: Session, school: str, name: str, audience: str, days: int) -> Response:
        await self._note(session, school, "key-made")
        secret = await to_thread.run_sync(partial(self._access.add_key, name, [audience], school=school, days=days))
        return self._once(request, school, name, secret)

    def _once(self, request: Request, school: str, name: str, secret: str) -> Response:
        return pages.page("admin_key.html", self._desk.greeter(request), id=school_id(school), school=school, name=name, secret=secret)

    async def revoke(self, request: Request, session: Session, school: str) -> Response:
        row = await self._key(request, session, school)
        await self._note(session, school, "key-revoked")
        await to_thread.run_sync(self._access.revoke, row["id"])
        return RedirectResponse(f"/admin/s/{school_id(school)}#keys", 303)

    async def replace(self, request: Request, session: Session, school: str) -> Response:
        """A lost key anew. Whoever was signed in with the old one is signed out, so that they notice."""
        row = await self._key(request, session, school)
        await self._note(session, school, "key-replaced")
        secret = await to_thread.run_sync(self._access.replace, row["id"])
        await to_thread.run_sync(self._store.sessions.forget, row["person"] or f"{KEY_PERSON}{row['id']}")
        return self._once(request, school, row["name"], secret)

    async def _key(self, request: Request, session: Session, school: str) -> dict[str, str]:
        """A key of the school in force, that one may change."""
        rows = await to_thread.run_sync(partial(self._access.keys, school=school))
        row = next((row for row in rows if row["id"] == request.path_params["key"] and not row["revoked"]), None)
        if row is None or not set(row["audiences"].split(", ")) <= set(self._audiences(session)):
            raise HTTPException(404)
        return row

    # ---- quotas

    async def set_quota(self, request: Request, session: Session, school: str) -> Response:
        form = await form_of(request)
        scope, kind, per, most = field(form, "scope"), field(form, "kind"), field(form, "per"), field(form, "most", 20)
        amount = _amount(kind, most)
        if scope not in await self._scopes(session, school) or kind not in get_args(Kind) or per not in get_args(Per) or amount is None:
            return await self._page(request, session, school, "admin-quota-wrong", 422, "quota")
        await self._note(session, school, "quota-set")
        await to_thread.run_sync(self._access.set_budget, scope, cast(Kind, kind), cast(Per, per), amount)
        return RedirectResponse(f"/admin/s/{school_id(school)}#quotas", 303)

    async def reset_quota(self, request: Request, session: Session, school: str) -> Response:
        scope = await self._scope(request, session, school)
        await self._note(session, school, "quota-reset")
        await to_thread.run_sync(self._access.reset, scope)
        return RedirectResponse(f"/admin/s/{school_id(school)}#quotas", 303)

    async def remove_quota(self, request: Request, session: Session, school: str) -> Response:
        scope, kind = await self._scope(request, session, school), field(await form_of(request), "kind")
        if kind not in get_args(Kind):
            raise HTTPException(404)
        await self._note(session, school, "quota-removed")
        await to_thread.run_sync(self._access.remove_budget, scope, cast(Kind, kind))
        return RedirectResponse(f"/admin/s/{school_id(school)}#quotas", 303)

    async def _scope(self, request: Request, session: Session, school: str) -> str:
        scope = field(await form_of(request), "scope")
        if scope not in await self._scopes(session, school):
            raise HTTPException(404)
        return scope

    async def _scopes(self, session: Session, school: str) -> Sequence[str]:
        """Those that one may change: what the school as a whole may spend is set by whoever administers all."""
        scopes = await to_thread.run_sync(self._access.scopes_in, school)
        return [scope for scope in scopes if session.school == EVERY_SCHOOL or scope != f"school:{school}"]

    # ---- classes, lists, assessment

    async def delete_class(self, request: Request, session: Session, school: str) -> Response:
        group = request.path_params["group"]
        if group not in [row[0] for row in await to_thread.run_sync(self._store.classes.in_school, school)]:
            raise HTTPException(404)
        await self._note(session, school, "class-deleted")
        await to_thread.run_sync(self._store.classes.delete, group)
        return RedirectResponse(f"/admin/s/{school_id(school)}#classes", 303)

    async def roster(self, request: Request, session: Session, school: str) -> Response:
        """Classes from a list, for one of the school's teachers."""
        rows = await to_thread.run_sync(partial(self._access.keys, school=school))
        teachers = {row["person"] or f"{KEY_PERSON}{row['id']}": row["name"] for row in rows if not row["revoked"] and "teacher" in row["audiences"].split(", ")}
        path = f"/admin/s/{school_id(school)}"
        return await self._roster.show(request, Bringer(school, "", tuple(teachers.items()), f"{path}/roster", path, partial(self._note, session, school, "roster")))

    async def codes(self, request: Request, session: Session, school: str) -> Response:
        return await self._roster.codes(request)

    async def assessment(self, request: Request, session: Session, school: str) -> Response:
        """The draft of an assessment, to be kept and filled in."""
        assistant = self._desk.assistants.get(request.path_params["bundle"])
        if assistant is None:
            raise HTTPException(404)
        who = self._desk.greeter(request)
        await self._note(session, school, "assessment")
        language = who.page if who.page in assistant.bundle.languages else assistant.bundle.contents.head.default_language
        engines = {audience: assistant.engines(audience) for audience in assistant.bundle.contents.head.audiences}
        break_glass = await to_thread.run_sync(self._store.break_glass.public) is not None
        page = assessment_page([(assistant.bundle, engines)], language, lambda name, /, **values: assistant.phrase(name, language, **values),
                               self._operation, break_glass=break_glass, school=school)  # fmt: skip
        return pages.download(page, "text/html; charset=utf-8", f"assessment-{assistant.bundle.id}.html")


def _amount(kind: str, typed: str) -> int | None:
    """What was typed as a quota's number, money in millionths; None where it is none."""
    if kind == "money":
        try:
            return millionths(typed)
        except RequestError:
            return None
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 18 else None
