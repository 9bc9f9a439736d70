"""Conversations: begun, read, gone on with (streamed, or page by page where there is no JavaScript), and deleted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from secrets import token_hex

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from endonym.assistant import Assistant
from endonym.core.clock import now, stamp
from endonym.core.errors import EndonymError, RequestError
from endonym.core.ids import new_id
from endonym.seams.engine import Delta
from endonym.seams.turn import Help, Image, Turn
from endonym.seams.turn import Message as Said
from endonym.seams.turn import Request as Asked
from endonym.store import Store
from endonym.store.classes import Assignment, Work
from endonym.tutor import pages
from endonym.tutor.assigned import assignment_text
from endonym.tutor.faults import broken, status_of
from endonym.tutor.services import Services
from endonym.tutor.session import begin_session, expect_owner, session_of
from endonym.tutor.visitor import Visitor, visitor
from endonym.tutor.written import reads_pictures, written

Record = Callable[[Turn, str, str], Awaitable[bool]]
_GONE = "conversation_deleted"


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation at work.

    Attributes:
        person: Whose it is, or "".
        work: For which class it is, or None.
        assignment: What it is about where a teacher set that, and the person may still see it.
        settings: Its circumstances, as the store keeps them.
        names: Of the classes that the person is in, to be masked.
        teaches: Its person is a teacher, who looks at what students meet.
    """

    id: str
    person: str
    who: Visitor
    turns: tuple[Turn, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    work: Work | None = None
    assignment: Assignment | None = None
    names: tuple[str, ...] = ()
    teaches: bool = False

    @property
    def correct(self) -> str:
        """Where a teacher corrects its replies, without the turn's id; "" for everybody else."""
        return f"/teach/correct/{self.id}/" if self.teaches else ""

    @property
    def closed(self) -> bool:
        """Whether nobody may write in it now."""
        return self.assignment is not None and self.work is not None and not self.assignment.open_at(stamp(now()))


class Talks:
    """Args: record: The last stage of a turn, with the person whose it is and its conversation."""

    def __init__(self, assistants: Mapping[str, Assistant], store: Store, record: Record, audience: str, services: Services) -> None:
        self._services = services
        self._assistants = assistants
        self._store = store
        self._record = record
        self._audience = audience

    def routes(self) -> list[Route]:
        return [
            Route("/t/{bundle}/ask", self.begin, methods=["POST"]),
            Route("/c/{conversation}", self.conversation),
            Route("/c/{conversation}/say", self.say, methods=["POST"]),
            Route("/c/{conversation}/delete", self.delete, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Start a conversation with its first message."""
        bundle = request.path_params["bundle"]
        if bundle not in self._assistants:
            raise HTTPException(404)
        who = visitor(request, self._assistants[bundle], self._audience)
        said, pictures = await written(request, who, self._services), reads_pictures(who, self._services)
        if said.problem:
            return pages.start_page(who, said.problem, said.text, 422, pictures=pictures)
        response = RedirectResponse("/", 303)
        session = await session_of(request, self._store) or await begin_session(request, response, self._store)
        try:
            response.headers["location"] = f"/c/{await self.begun(who, session.person, said.text, images=said.images)}"
        except EndonymError as error:
            return pages.start_page(who, broken(who, error), said.text, status_of(error), pictures=pictures)
        return response

    async def begun(
        self, who: Visitor, person: str, text: str, assignment: Assignment | None = None, group: str = "", images: tuple[Image, ...] = ()
    ) -> str:
        """Start a conversation, answer its first message where there is one, and return its id. Args: group: The class for which it is, or ""."""
        conversation = new_id("c")
        settings = {"bundle": who.assistant.bundle.id, "audience": who.audience, "learning": who.learning}
        if assignment:
            settings |= {"assignment": assignment.id, "help": assignment.help, "only": assignment.lesson if assignment.locked else ""}
        await to_thread.run_sync(self._store.start_conversation, conversation, settings, person)
        if group:
            await to_thread.run_sync(self._store.classes.begin, conversation, group, assignment.id if assignment else "", person)
        if text:
            try:
                names = await to_thread.run_sync(self._store.rosters.names_of, person)
                await self._answer(Talk(conversation, person, who, (), settings, None, assignment, names), text, images)
            except EndonymError:
                with suppress(EndonymError):  # an empty one does no harm
                    await to_thread.run_sync(self._store.delete_conversation, conversation)
                raise
        return conversation

    async def conversation(self, request: Request) -> Response:
        return await self._page(await self._stored(request))

    async def _page(self, talk: Talk, problem: str = "", typed: str = "", status: int = 200) -> HTMLResponse:
        break_glass = await to_thread.run_sync(self._store.break_glass.public) is not None
        return pages.page("conversation.html", talk.who, status, conversation=talk.id, turns=talk.turns, problem=problem,
                          typed=typed, break_glass=break_glass, rule=pages.reply_rule(talk.who.assistant, talk.who),
                          work=talk.work, about=assignment_text(talk.who, talk.assignment), closed=talk.closed, correct=talk.correct,
                          pictures=reads_pictures(talk.who, self._services))  # fmt: skip

    async def say(self, request: Request) -> Response:
        """The next message: streamed to htmx, or answered with the whole page where there is no JavaScript."""
        talk = await self._stored(request)
        said = await written(request, talk.who, self._services)
        text, problem = said.text, talk.who.text("class-closed-say") if talk.closed else said.problem
        streamed = request.headers.get("hx-request") == "true"
        if problem:
            if streamed:
                return HTMLResponse(pages.render("problem.html", talk.who, problem=problem))
            return await self._page(talk, problem, text, 422)
        if streamed:
            return StreamingResponse(self._stream(talk, text, said.images), media_type="text/event-stream", headers={"x-accel-buffering": "no"})
        try:
            await self._answer(talk, text, said.images)
        except EndonymError as error:
            if error.code == _GONE:
                return pages.page("notice.html", talk.who, status_of(error), message=error.message)
            return await self._page(talk, broken(talk.who, error, talk.id), text, status_of(error))
        return RedirectResponse(f"/c/{talk.id}#last", 303)

    async def delete(self, request: Request) -> Response:
        talk = await self._stored(request)
        await to_thread.run_sync(self._store.delete_conversation, talk.id)
        return pages.page("notice.html", talk.who, message=talk.who.text("tutor-deleted"))

    # ---- turns

    async def _stored(self, request: Request) -> Talk:
        conversation = request.path_params["conversation"]
        settings = await to_thread.run_sync(self._store.conversation, conversation)
        if settings is None or settings["bundle"] not in self._assistants:
            raise HTTPException(404)
        person = await to_thread.run_sync(self._store.owner, conversation)
        session = await expect_owner(request, self._store, person)
        seen = visitor(request, self._assistants[settings["bundle"]], self._audience)
        who = replace(seen, audience=settings["audience"], learning=settings["learning"])
        turns = await to_thread.run_sync(self._store.turns, conversation)
        work = await to_thread.run_sync(self._store.classes.work, conversation)
        assignment = await to_thread.run_sync(self._store.classes.set_for, settings.get("assignment", ""), person)
        names = await to_thread.run_sync(self._store.rosters.names_of, person) if request.method == "POST" else ()
        return Talk(conversation, person, who, turns, settings, work, assignment, names, session is not None and session.role == "teacher")

    def _asked(self, talk: Talk, text: str, images: tuple[Image, ...]) -> Asked:
        past = tuple(Said(role, said) for role, said in pages.history(talk.turns))
        about = assignment_text(talk.who, talk.assignment)
        help_level: Help = "hints" if talk.settings.get("help") == "hints" else "ladder"
        return Asked((*past, Said("user", text, images=images)), talk.who.audience, talk.who.learning, payer=talk.person or talk.id, help=help_level,
                     only=talk.settings.get("only", ""), task=about.text if about else "", names=talk.names, plain=talk.who.plain)  # fmt: skip

    async def _answer(self, talk: Talk, text: str, images: tuple[Image, ...] = ()) -> Turn:
        finished: Turn | None = None
        async with aclosing(talk.who.assistant.respond(self._asked(talk, text, images), whole=True)) as items:
            async for item in items:
                if isinstance(item, Turn):
                    finished = item
        if finished is None:
            raise AssertionError("a turn ends with itself")
        await self._keep(finished, talk)
        return finished

    async def _keep(self, turn: Turn, talk: Talk) -> None:
        """Raises: RequestError: The conversation was deleted while the reply was written, in another window perhaps; neither is kept."""
        if not await self._record(turn, talk.person, talk.id):
            raise RequestError(talk.who.text("tutor-deleted"), status=410, code=_GONE)

    async def _stream(self, talk: Talk, text: str, images: tuple[Image, ...]) -> AsyncGenerator[bytes, None]:
        """Server-sent events: the question and an empty reply, the growing reply, the finished one."""
        who, mark = talk.who, f"r{token_hex(6)}"
        yield _event(pages.render("pending.html", who, text=text, images=images, mark=mark))
        grown, sent = "", 0
        try:
            async with aclosing(who.assistant.respond(self._asked(talk, text, images))) as items:
                async for item in items:
                    if isinstance(item, Turn):
                        await self._keep(item, talk)
                        yield _event(pages.render("finished.html", who, turn=item, mark=mark, correct=talk.correct))
                    elif isinstance(item, Delta) and item.text:
                        grown += item.text
                        if len(grown) - sent >= 24 or item.text.endswith((".", "?", "!", "\n")):
                            sent = len(grown)
                            yield _event(pages.render("growing.html", who, text=grown, mark=mark))
        except EndonymError as error:
            gone = error.code == _GONE
            yield _event(pages.render("gone.html" if gone else "broken.html", who, mark=mark,
                                      message=error.message if gone else broken(who, error, talk.id)))  # fmt: skip


def _event(text: str) -> bytes:
    lines = text.replace("\r", "").split("\n")
    return ("".join(f"data: {line}\n" for line in lines) + "\n").encode()
