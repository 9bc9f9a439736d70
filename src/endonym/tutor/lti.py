"""A course of a learning platform opens the tutor (LTI 1.3): its class, its assignments, and a teacher's choice of what a link opens.

The pages of the tutor are shown in no frame, and a browser keeps no session for one inside another site's page. So a platform that opens us in a
frame gets one page with one button, which begins the same departure anew in a window of its own. Choosing what a link opens begins no session: it
may happen in the frame, carried by tickets that are used once.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode, urlsplit

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from endonym.core.errors import IdentityError
from endonym.seams.identity import DeepLink, Launch, LearningPlatform, Linked
from endonym.store.classes import Assignment, Class
from endonym.store.sessions import Session
from endonym.tutor import pages
from endonym.tutor.desk import GRADE_RETURN, Desk, field, form_of
from endonym.tutor.guarded import policy
from endonym.tutor.session import begin_session, forget
from endonym.tutor.sign_in import base_of, going, refused

_MINUTES = 10
_CHOICE_MINUTES = 60
_MOST_NAME = 80
_ASKED = ("iss", "client_id", "login_hint", "lti_message_hint", "lti_deployment_id", "target_link_uri")


def lti_routes(desk: Desk) -> list[Route]:
    here = _Lti(desk)
    return [
        Route("/lti/login", here.login, methods=["GET", "POST"]),
        Route("/lti/launch", here.launch, methods=["POST"]),
        Route("/lti/keys", here.keys),
        Route("/lti/class", here.settle, methods=["POST"]),
        Route("/lti/choose", here.choose, methods=["POST"]),
    ]


class _Lti:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.store
        self._classes = desk.store.classes

    # ---- out and back

    async def keys(self, request: Request) -> Response:
        platforms = self._desk.identity.platforms
        if not platforms:
            raise HTTPException(404)
        return JSONResponse(dict(next(iter(platforms.values())).keys()), headers={"cache-control": "public, max-age=600"})

    async def login(self, request: Request) -> Response:
        """The platform asks us to ask it who is there. Source: 1EdTech Security Framework 1.0, section 5.1.1."""
        sent: Mapping[str, Any] = await form_of(request) if request.method == "POST" else request.query_params
        asked = {name: str(sent.get(name) or "")[:4000] for name in _ASKED if sent.get(name)}
        platform = self._desk.identity.platform(asked.get("iss", ""), asked.get("client_id", ""))
        if platform is None:
            return self._refused(request, None, IdentityError(f"no platform {asked.get('iss', '')[:200]!r}", "unknown"))
        choosing = urlsplit(asked.get("target_link_uri", "")).path == "/lti/choose"
        if request.headers.get("sec-fetch-dest") in ("iframe", "frame") and not choosing:
            return _framed(platform, pages.page("lti_open.html", self._desk.greeter(request), name=platform.title, again=f"/lti/login?{urlencode(asked)}"))
        try:
            state, mark = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            departure = await self._desk.outward(platform.depart, f"{base_of(self._desk, request)}/lti/launch", state, asked)
        except IdentityError as error:
            return self._refused(request, platform, error)
        keep = {**departure.keep, "platform": platform.name, "mark": mark}
        await to_thread.run_sync(self._store.identities.give_ticket, "launch", keep, _MINUTES, state)
        response = RedirectResponse(departure.address, 302, {"cache-control": "no-store"})
        # the platform's answer is a form of its own site's, with which no cookie goes that is not marked so
        response.set_cookie(going(state), mark, max_age=_MINUTES * 60, httponly=True, samesite="none", secure=True, path="/lti")
        return response

    async def launch(self, request: Request) -> Response:
        form = await form_of(request)
        state, token = field(form, "state"), field(form, "id_token", 100_000)
        keep = await to_thread.run_sync(self._store.identities.take_ticket, "launch", state) if state else None
        platform = self._desk.identity.platforms.get(keep["platform"]) if keep else None
        try:
            if keep is None or platform is None:
                raise IdentityError("no such departure, or it was used", "stale")
            if field(form, "error"):
                raise IdentityError(f"{platform.name}: {field(form, 'error')!r}", "cancelled")
            launch = await self._desk.outward(platform.arrive, token, keep)
            here = hmac.compare_digest(str(keep["mark"]).encode(), request.cookies.get(going(state), "").encode())
            if launch.deep_link is None and not here:
                raise IdentityError("another browser left", "stale")
            if not launch.role or (launch.deep_link and launch.role != "teacher"):
                raise IdentityError(f"{platform.name}: no role that counts here", "role")
            response = await self._launched(request, platform, launch)
        except IdentityError as error:
            response = self._refused(request, platform, error)
        response.delete_cookie(going(state), path="/lti", secure=True, httponly=True, samesite="none")
        return response

    async def _launched(self, request: Request, platform: LearningPlatform, launch: Launch) -> Response:
        name = self._store.identities.name
        course = await to_thread.run_sync(name, "course", launch.context)
        group = await to_thread.run_sync(self._classes.get, await to_thread.run_sync(self._store.courses.class_of, course))
        if launch.role == "student" and group is None:
            return self._told(request, platform, "lti-no-class", "lti-no-class-says")
        person = await to_thread.run_sync(self._store.identities.person, launch.issuer, launch.subject, launch.role, platform.school)
        keep = {
            "platform": platform.name, "person": person, "course": course, "title": launch.title, "members": launch.members,
            "link": await to_thread.run_sync(name, "link", launch.link), "assignment": launch.custom.get("assignment", ""),
            "line_item": launch.line_item, "deep_link": asdict(launch.deep_link) if launch.deep_link else None,
        }  # fmt: skip
        if launch.role == "student" and group is not None:
            await to_thread.run_sync(self._classes.join, group.id, person)
            given = await self._linked(keep, group)
            response: Response = RedirectResponse(f"/a/{given.id}" if given else "/class", 303)
        elif group is None:
            response = await self._class_page(request, platform, keep)
        elif group.teacher != person:
            return self._told(request, platform, "lti-colleague", "lti-colleague-says")
        else:
            response = await self._settled(request, platform, keep, group)
        if launch.deep_link is None:
            await begin_session(request, response, self._store, Session(person, "student" if launch.role == "student" else "teacher", platform.school), platform.days)
            forget(response)  # no cookie comes with a form of another site, so that it may have been somebody else's browser
        return response

    async def _linked(self, keep: Mapping[str, Any], group: Class) -> Assignment | None:
        """The assignment that a link of a course opens: the one it carries, or the one that it opened before."""
        wanted = keep["assignment"] or await to_thread.run_sync(self._store.courses.linked, keep["link"])
        given = await to_thread.run_sync(self._classes.assignment, wanted) if wanted else None
        if given is None or given.group != group.id:
            return None
        await to_thread.run_sync(self._store.courses.link, keep["link"], group.id, given.id, keep["platform"], keep["line_item"])
        return given

    # ---- the class of a course

    async def _class_page(self, request: Request, platform: LearningPlatform, keep: Mapping[str, Any], problem: str = "", status: int = 200) -> Response:
        who = self._desk.greeter(request)
        groups = self._desk.served(await to_thread.run_sync(self._classes.taught, keep["person"], platform.school))
        packs = [(one.bundle, pages.title(one.bundle.contents.head.title, who.page)) for one in self._desk.assistants.values()
                 if self._desk.audience in one.bundle.contents.head.audiences]  # fmt: skip
        return _framed(platform, pages.page("lti_class.html", who, status, ticket=await self._ticket(keep), groups=groups, packs=packs, title=keep["title"],
                                       name=platform.title, problem=who.text(problem) if problem else ""))  # fmt: skip

    async def settle(self, request: Request) -> Response:
        """The teacher says which class belongs to the course."""
        form = await form_of(request)
        found = await self._kept(form)
        if found is None:
            return self._refused(request, None, IdentityError("no such choice, or it was made", "stale"))
        platform, keep = found
        if chosen := field(form, "class"):
            group = await to_thread.run_sync(self._classes.of_teacher, chosen, keep["person"], platform.school)
        else:
            name, (bundle, _, learning) = field(form, "name", _MOST_NAME), field(form, "pack").partition("/")
            assistant = self._desk.assistants.get(bundle)
            if not name or assistant is None or learning not in assistant.bundle.languages:
                return await self._class_page(request, platform, keep, "teach-class-incomplete", 422)
            group = await to_thread.run_sync(self._classes.make, keep["person"], platform.school, bundle, name, learning)
        if group is None or not self._desk.served((group,)):
            return await self._class_page(request, platform, keep, "lti-class-none" if chosen else "teach-class-most", 422)
        return await self._settled(request, platform, keep, group)

    async def _settled(self, request: Request, platform: LearningPlatform, keep: Mapping[str, Any], group: Class) -> Response:
        """On to what the teacher came for, once the course has its class."""
        await to_thread.run_sync(self._store.courses.settle, keep["course"], group.id, platform.name, keep["members"])
        if keep["deep_link"]:
            return await self._choice_page(request, platform, keep, group)
        given = await self._linked(keep, group)
        return RedirectResponse(f"/teach/{group.id}/a/{given.id}" if given else f"/teach/{group.id}", 303)

    # ---- what a link opens

    async def _choice_page(self, request: Request, platform: LearningPlatform, keep: Mapping[str, Any], group: Class, problem: str = "", status: int = 200) -> Response:
        who = self._desk.visitor(request, group)
        bundle = who.assistant.bundle
        shelves = [(pages.subject_name(who, shelf.subject), shelf.lessons) for shelf in pages.shelves(bundle, group.learning)]
        outcomes: dict[str, list[Any]] = {}
        for outcome in bundle.contents.outcomes:
            if outcome.language == group.learning:
                outcomes.setdefault(pages.subject_name(who, outcome.subject), []).append(outcome)
        return _framed(platform, pages.page("lti_choose.html", who, status, ticket=await self._ticket({**keep, "class": group.id}), group=group, name=platform.title,
                                       given=await to_thread.run_sync(self._classes.assignments, group.id), shelves=shelves, outcomes=outcomes,
                                       problem=who.text(problem) if problem else ""))  # fmt: skip

    async def choose(self, request: Request) -> Response:
        """Sign what the teacher chose, for the platform."""
        form = await form_of(request)
        found = await self._kept(form)
        group = await to_thread.run_sync(self._classes.of_teacher, found[1].get("class", ""), found[1]["person"], found[0].school) if found else None
        if found is None or group is None or not found[1]["deep_link"]:
            return self._refused(request, None, IdentityError("no such choice, or it was made", "stale"))
        platform, keep = found
        given = await self._chosen(request, group, field(form, "about"))
        if given is None:
            return await self._choice_page(request, platform, keep, group, "teach-set-unknown", 422)
        who, asked = self._desk.visitor(request, group), DeepLink(**keep["deep_link"])
        graded = asked.graded and GRADE_RETURN in who.assistant.bundle.capabilities
        try:
            linked = Linked(given.title, f"{base_of(self._desk, request)}/lti/launch", {"assignment": given.id}, graded)
            signed = await self._desk.outward(platform.answer, asked, (linked,))
        except IdentityError as error:
            return self._refused(request, platform, error)
        back = urlsplit(asked.back)
        response = pages.page("lti_return.html", who, back=asked.back, signed=signed, title=given.title, name=platform.title)
        return _framed(platform, response, (f"{back.scheme}://{back.netloc}",))

    async def _chosen(self, request: Request, group: Class, about: str) -> Assignment | None:
        """The assignment that was chosen; a lesson or an outcome is set as a new one."""
        kind, _, name = about.partition(":")
        bundle = self._desk.visitor(request, group).assistant.bundle
        if kind == "assignment":
            given = await to_thread.run_sync(self._classes.assignment, name)
            return given if given and given.group == group.id else None
        lesson = bundle.lessons.get((name, group.learning)) if kind == "lesson" else None
        outcome = bundle.outcomes.get((name, group.learning)) if kind == "outcome" else None
        if lesson is None and outcome is None:
            return None
        title = lesson.title if lesson else outcome.statement.splitlines()[0][:_MOST_NAME] if outcome else ""
        wanted = Assignment("", group.id, title, lesson=name if lesson else "", outcome=name if outcome else "", learning=group.learning)
        return await to_thread.run_sync(self._classes.add_assignment, wanted)

    # ---- how

    async def _ticket(self, keep: Mapping[str, Any]) -> str:
        return await to_thread.run_sync(self._store.identities.give_ticket, "choice", keep, _CHOICE_MINUTES)

    async def _kept(self, form: FormData) -> tuple[LearningPlatform, dict[str, Any]] | None:
        """(platform, what was kept) of a form's ticket, which is gone then."""
        keep = await to_thread.run_sync(self._store.identities.take_ticket, "choice", field(form, "ticket"))
        platform = self._desk.identity.platforms.get(keep["platform"]) if keep else None
        known = keep is not None and await to_thread.run_sync(self._store.identities.holds, keep["person"])  # who was erased since chooses nothing
        return (platform, keep) if keep and platform and known else None

    def _told(self, request: Request, platform: LearningPlatform, message: str, remedy: str) -> Response:
        who = self._desk.greeter(request)
        return _framed(platform, pages.page("notice.html", who, 403, message=who.text(message), remedy=who.text(remedy, name=platform.title)))

    def _refused(self, request: Request, platform: LearningPlatform | None, error: IdentityError) -> Response:
        known = (platform,) if platform else self._desk.identity.platforms.values()
        headers = {"content-security-policy": policy(frame for one in known for frame in one.frames)}
        return refused(self._desk, request, platform.title if platform else "", error, "lti-again", headers)


def _framed(platform: LearningPlatform, response: Response, forms: tuple[str, ...] = ()) -> Response:
    """A page that the platform may show inside its own, and no other site."""
    response.headers["content-security-policy"] = policy(platform.frames, forms)
    return response


