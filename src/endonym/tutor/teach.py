"""What teachers do: sign in with a key of their school, make classes, set assignments, and see what students let them see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, get_args

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.core.clock import now, stamp
from endonym.seams.turn import Help
from endonym.store.classes import Assignment, Class, spaced
from endonym.store.sessions import Session
from endonym.tutor import pages
from endonym.tutor.aggregate import CAPABILITY, K, View, over_time, view
from endonym.tutor.assigned import assignment_text
from endonym.tutor.classes import begun
from endonym.tutor.desk import Attempts, Desk, field, form_of, moment, qr
from endonym.tutor.drafts import draft_routes
from endonym.tutor.roster import Bringer, RosterPage
from endonym.tutor.session import begin_session, end_session, teacher_of
from endonym.tutor.uploads import Sent, sent_form
from endonym.tutor.visitor import Visitor
from endonym.web.times import read_local, zone_name

MOST_TASK = 4000
MOST_FILE = 5_000_000
"""Bytes of a file with a task."""
MOST_NAME = 80
_HELP = get_args(Help)

Taught = Callable[[Request, Session, Class], Awaitable[Response]]


def teach_routes(desk: Desk) -> list[Route]:
    here = _Teach(desk)
    own = here.for_own
    return [
        Route("/teach", here.classes),
        Route("/teach/in", here.sign_in, methods=["POST"]),
        Route("/teach/out", here.sign_out, methods=["POST"]),
        Route("/teach/classes", here.make, methods=["POST"]),
        Route("/teach/roster", here.roster, methods=["GET", "POST"]),
        Route("/teach/roster/codes.csv", here.codes, methods=["POST"]),
        Route("/teach/{group}", own(here.group)),
        Route("/teach/{group}/code", own(partial(here.set_code, joining=True)), methods=["POST"]),
        Route("/teach/{group}/close", own(partial(here.set_code, joining=False)), methods=["POST"]),
        Route("/teach/{group}/delete", own(here.delete), methods=["POST"]),
        Route("/teach/{group}/set", own(here.setting), methods=["GET", "POST"]),
        Route("/teach/{group}/misconceptions", own(here.misconceptions)),
        Route("/teach/{group}/a/{assignment}", own(here.assignment)),
        Route("/teach/{group}/a/{assignment}/preview", own(here.preview), methods=["POST"]),
        Route("/teach/{group}/a/{assignment}/end", own(partial(here.end, again=False)), methods=["POST"]),
        Route("/teach/{group}/a/{assignment}/again", own(partial(here.end, again=True)), methods=["POST"]),
        Route("/teach/{group}/a/{assignment}/delete", own(here.delete_assignment), methods=["POST"]),
        Route("/teach/{group}/c/{conversation}", own(here.shared)),
        *draft_routes(desk, own),
    ]


def guard(desk: Desk) -> Callable[[Taught], Callable[[Request], Awaitable[Response]]]:
    """What lets a teacher into pages of their own classes, and nobody else."""
    return _Teach(desk).for_own


class _Teach:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.store
        self._classes = desk.store.classes
        self._attempts = Attempts()
        self._roster = RosterPage(desk)

    # ---- who

    async def _teacher(self, request: Request) -> Session | None:
        return await teacher_of(request, self._store)

    def for_own(self, handler: Taught) -> Callable[[Request], Awaitable[Response]]:
        """Whoever is not signed in is asked to, whatever the address; a class that is not one's own does not exist."""

        async def guarded(request: Request) -> Response:
            session = await self._teacher(request)
            if session is None:
                return RedirectResponse("/teach", 303)
            group = await to_thread.run_sync(self._classes.of_teacher, request.path_params["group"], session.person, session.school)
            if group is None:
                raise HTTPException(404)
            return await handler(request, session, group)

        return guarded

    async def sign_in(self, request: Request) -> Response:
        if self._attempts.exhausted(request):
            return self._door(request, "class-too-many", 429)
        caller = await to_thread.run_sync(self._store.access.caller, field(await form_of(request), "key"))
        if caller is None or "teacher" not in caller.audiences:
            self._attempts.failed(request)
            return self._door(request, "teach-key-unknown" if caller is None else "teach-key-not-teacher", 403)
        if not caller.school:
            return self._door(request, "teach-key-no-school", 403)
        response = RedirectResponse("/teach", 303)
        await begin_session(request, response, self._store, Session(caller.known_as, "teacher", caller.school))
        return response

    async def sign_out(self, request: Request) -> Response:
        response = RedirectResponse("/teach", 303)
        await end_session(request, response, self._store)
        return response

    def _door(self, request: Request, problem: str = "", status: int = 200) -> Response:
        who = self._desk.greeter(request)
        return pages.page("teach_in.html", who, status, problem=who.text(problem) if problem else "", providers=self._desk.identity.providers)

    # ---- classes

    async def classes(self, request: Request) -> Response:
        session = await self._teacher(request)
        return self._door(request) if session is None else await self._list(request, session)

    async def _list(self, request: Request, session: Session, problem: str = "", typed: str = "", status: int = 200) -> Response:
        groups = self._desk.served(await to_thread.run_sync(self._classes.taught, session.person, session.school))
        who = self._desk.greeter(request)
        counts = {group.id: await to_thread.run_sync(self._classes.member_count, group.id) for group in groups}
        packs = [(assistant.bundle, pages.title(assistant.bundle.contents.head.title, who.page)) for assistant in self._desk.assistants.values()
                 if self._desk.audience in assistant.bundle.contents.head.audiences]  # fmt: skip
        return pages.page("teach.html", who, status, school=session.school, groups=groups, counts=counts, packs=packs, typed=typed,
                     problem=who.text(problem) if problem else "")  # fmt: skip

    async def make(self, request: Request) -> Response:
        session = await self._teacher(request)
        if session is None:
            return RedirectResponse("/teach", 303)
        form = await form_of(request)
        name, (bundle, _, learning) = field(form, "name", MOST_NAME), field(form, "pack").partition("/")
        assistant = self._desk.assistants.get(bundle)
        if not name or assistant is None or learning not in assistant.bundle.languages:
            return await self._list(request, session, "teach-class-incomplete", name, 422)
        made = await to_thread.run_sync(self._classes.make, session.person, session.school, bundle, name, learning)
        if made is None:
            return await self._list(request, session, "teach-class-most", name, 422)
        return RedirectResponse(f"/teach/{made.id}", 303)

    async def roster(self, request: Request) -> Response:
        """Classes from a list of the school's register."""
        session = await self._teacher(request)
        if session is None:
            return RedirectResponse("/teach", 303)
        return await self._roster.show(request, Bringer(session.school, session.person, None, "/teach/roster", "/teach"))

    async def codes(self, request: Request) -> Response:
        return RedirectResponse("/teach", 303) if await self._teacher(request) is None else await self._roster.codes(request)

    async def group(self, request: Request, session: Session, group: Class) -> Response:
        who = self._desk.visitor(request, group)
        given = await to_thread.run_sync(self._classes.assignments, group.id)
        shared = await to_thread.run_sync(self._classes.shared, group.id)
        link, titles, moment_now = f"{request.base_url}join/{group.code}", {one.id: one.title for one in given}, stamp(now())
        return pages.page("teach_class.html", who, group=group, link=link, qr=qr(link) if group.code else "", code=spaced(group.code),
                     count=await to_thread.run_sync(self._classes.member_count, group.id), least=K,
                     listed=bool(await to_thread.run_sync(self._store.rosters.listed, [group.id])),
                     over_time=CAPABILITY in who.assistant.bundle.capabilities,
                     given=[(one, _state(one, moment_now)) for one in given],
                     shared=[(one, titles.get(one.assignment, ""), moment(who, one.shared)) for one in shared],
                     courses=await to_thread.run_sync(self._store.courses.of_class, group.id))  # fmt: skip

    async def misconceptions(self, request: Request, session: Session, group: Class) -> Response:
        """What the class misunderstood, assignment by assignment; nothing where the packs have not turned that on."""
        who = self._desk.visitor(request, group)
        if CAPABILITY not in who.assistant.bundle.capabilities:
            raise HTTPException(404)
        given = sorted(await to_thread.run_sync(self._classes.assignments, group.id), key=lambda one: one.made)
        met = await to_thread.run_sync(over_time, self._store, given)
        rows = [(lesson.title, lesson.misconceptions[number].belief, [(one, moment(who, one.assignment.made)) for one in times])
                for (name, number), times in sorted(met.items())
                if (lesson := who.assistant.bundle.lesson(name, group.learning)) and number < len(lesson.misconceptions)]  # fmt: skip
        return pages.page("teach_misconceptions.html", who, group=group, rows=rows, least=K)

    async def set_code(self, request: Request, session: Session, group: Class, *, joining: bool) -> Response:
        await to_thread.run_sync(partial(self._classes.set_code, group, joining=joining))
        return RedirectResponse(f"/teach/{group.id}", 303)

    async def delete(self, request: Request, session: Session, group: Class) -> Response:
        await to_thread.run_sync(self._classes.delete, group.id)
        return RedirectResponse("/teach", 303)

    # ---- assignments

    async def setting(self, request: Request, session: Session, group: Class) -> Response:
        """The form for a new assignment, and what it sends."""
        who = self._desk.visitor(request, group)
        if request.method == "GET":
            return self._form(who, group, Assignment("", group.id, "", learning=group.learning))
        sent = await sent_form(request, "file", MOST_FILE)
        form, times = sent.form, {name: field(sent.form, name, 40) for name in ("opens", "closes")}
        wanted, problem = _read(who, form, Assignment("", group.id, "", learning=group.learning))
        if sent.chosen:
            wanted, note, problem = await to_thread.run_sync(self._filled, who, wanted, sent)
            return self._form(who, group, wanted, problem, times, 422 if problem else 200, note)
        if problem:
            return self._form(who, group, wanted, who.text(problem, most=MOST_TASK), times, 422)
        made = await to_thread.run_sync(self._classes.add_assignment, wanted)
        if made is None:
            return self._form(who, group, wanted, who.text("teach-set-most"), None, 422)
        return RedirectResponse(f"/teach/{group.id}/a/{made.id}", 303)

    def _filled(self, who: Visitor, wanted: Assignment, sent: Sent) -> tuple[Assignment, str, str]:
        """(what is set with the file's text in its task, a note, what is wrong with the file), for the teacher to look at."""
        read, kinds = self._desk.services.read_file, _kinds(self._desk)
        text, fault = ("", "large") if sent.large else read(sent.file, sent.name) if read else ("", "kind")
        if fault:
            return wanted, "", who.text(f"teach-file-{fault}", kinds=kinds, most=MOST_FILE // 1_000_000)
        note = who.text("teach-file-cut", most=MOST_TASK, found=len(text)) if len(text) > MOST_TASK else who.text("teach-file-filled")
        return replace(wanted, text=text[:MOST_TASK], lesson="", outcome=""), note, ""

    def _form(self, who: Visitor, group: Class, wanted: Assignment, problem: str = "", times: dict[str, str] | None = None, status: int = 200,
              note: str = "") -> Response:  # fmt: skip
        bundle = who.assistant.bundle
        shelves = [(pages.subject_name(who, shelf.subject), shelf.lessons) for shelf in pages.shelves(bundle, group.learning)]
        outcomes: dict[str, list[Any]] = {}
        for outcome in bundle.contents.outcomes:
            if outcome.language == group.learning:
                outcomes.setdefault(pages.subject_name(who, outcome.subject), []).append(outcome)
        return pages.page("teach_set.html", who, status, group=group, wanted=wanted, shelves=shelves, outcomes=outcomes, problem=problem, helps=_HELP,
                     times=times or {"opens": "", "closes": ""}, most=MOST_TASK, zone=zone_name(who.jurisdiction, who.page), note=note,
                     file_kinds=self._desk.services.file_kinds, kinds=_kinds(self._desk), most_file=MOST_FILE // 1_000_000)  # fmt: skip

    async def assignment(self, request: Request, session: Session, group: Class) -> Response:
        given, who = await self._given(request, group), self._desk.visitor(request, group)
        link = f"{request.base_url}a/{given.id}"
        seen: View = await to_thread.run_sync(view, self._store, given)
        return pages.page("teach_assignment.html", who, group=group, given=given, about=assignment_text(who, given), link=link, qr=qr(link),
                     state=_state(given, stamp(now())), opens=moment(who, given.opens), closes=moment(who, given.closes), least=K,
                     seen=seen, made=moment(who, seen.made), rows=_rows(who, given, seen))  # fmt: skip

    async def preview(self, request: Request, session: Session, group: Class) -> Response:
        """The assignment as a student meets it, in a conversation of the teacher's own that counts for no class."""
        given = await self._given(request, group)
        return RedirectResponse(f"/c/{await begun(self._desk, self._desk.visitor(request, group), session.person, given, '')}", 303)

    async def end(self, request: Request, session: Session, group: Class, *, again: bool) -> Response:
        given = await self._given(request, group)
        await to_thread.run_sync(partial(self._classes.end_assignment, given, again=again))
        return RedirectResponse(f"/teach/{group.id}/a/{given.id}", 303)

    async def delete_assignment(self, request: Request, session: Session, group: Class) -> Response:
        await to_thread.run_sync(self._classes.delete_assignment, await self._given(request, group))
        return RedirectResponse(f"/teach/{group.id}", 303)

    async def _given(self, request: Request, group: Class) -> Assignment:
        found = await to_thread.run_sync(self._classes.assignment, request.path_params["assignment"])
        if found is None or found.group != group.id:
            raise HTTPException(404)
        return found

    # ---- what students share

    async def shared(self, request: Request, session: Session, group: Class) -> Response:
        """A conversation, as long as its student shares it."""
        conversation = request.path_params["conversation"]
        work = await to_thread.run_sync(self._classes.work, conversation)
        if work is None or work.group != group.id or not work.shared:
            raise HTTPException(404)
        who = self._desk.visitor(request, group)
        given = await to_thread.run_sync(self._classes.assignment, work.assignment)
        return pages.page("teach_shared.html", who, group=group, correct=f"/teach/correct/{conversation}/",
                          turns=await to_thread.run_sync(self._store.turns, conversation), about=assignment_text(who, given),
                          since=moment(who, work.shared))  # fmt: skip


def _kinds(desk: Desk) -> str:
    """Kinds of files that are read, as people call them."""
    return ", ".join(kind[1:].upper() for kind in desk.services.file_kinds)


def _state(given: Assignment, moment_now: str) -> str:
    """`open`, `later` or `closed`."""
    return "open" if given.open_at(moment_now) else "later" if not given.ended and given.opens > moment_now else "closed"


def _read(who: Visitor, form: FormData, empty: Assignment) -> tuple[Assignment, str]:
    """(what was set, what is wrong with it or "")."""
    bundle = who.assistant.bundle
    kind, _, about = field(form, "about").partition(":")
    text = field(form, "text", MOST_TASK + 1)
    level = field(form, "help")
    wanted = replace(
        empty, title=field(form, "title", MOST_NAME), text=text[:MOST_TASK], locked=field(form, "locked") == "yes",
        help="hints" if level == "hints" else "ladder", lesson=about if kind == "lesson" else "", outcome=about if kind == "outcome" else "",
    )  # fmt: skip
    lesson = bundle.lessons.get((wanted.lesson, empty.learning))
    outcome = bundle.outcomes.get((wanted.outcome, empty.learning))
    if level not in _HELP or (wanted.lesson and lesson is None) or (wanted.outcome and outcome is None):
        return wanted, "teach-set-unknown"
    if len(text) > MOST_TASK:
        return wanted, "teach-set-long"
    if bool(about) == bool(text):
        return wanted, "teach-set-one"
    try:
        opens, closes = (stamp(read_local(typed, who.jurisdiction)) if (typed := field(form, name)) else "" for name in ("opens", "closes"))
    except (ValueError, OverflowError):
        return wanted, "teach-set-time"
    if closes and closes <= max(opens, stamp(now())):
        return wanted, "teach-set-order"
    title = wanted.title or (lesson.title if lesson else "") or (outcome.statement if outcome else text).splitlines()[0][:MOST_NAME]
    return replace(wanted, title=title, opens=opens, closes=closes), ""


def _rows(who: Visitor, given: Assignment, seen: View) -> list[tuple[str, str, int]]:
    """(kind, what was met in words, by how many at least)."""
    found: list[tuple[str, str, int]] = []
    for cell in seen.cells:
        lesson = who.assistant.bundle.lesson(cell.lesson, given.learning)
        if lesson is None:
            continue
        words = lesson.title
        if cell.kind == "hint":
            words = lesson.hints[cell.number - 1] if cell.number <= len(lesson.hints) else ""
        elif cell.kind == "misconception":
            words = lesson.misconceptions[cell.number].belief if cell.number < len(lesson.misconceptions) else ""
        if words:
            found.append((cell.kind, f"{cell.number}. {words}" if cell.kind == "hint" else words, cell.least))
    return found
