"""Routes of the tutor."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from importlib import resources
from secrets import token_hex
from urllib.parse import urlsplit

import structlog
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from endonym.assistant import Assistant
from endonym.core.errors import EndonymError, RequestError
from endonym.core.ids import new_id
from endonym.seams.engine import Delta
from endonym.seams.turn import Message as Said
from endonym.seams.turn import Request as Asked
from endonym.seams.turn import Role, Turn
from endonym.store import Store
from endonym.tutor import pages
from endonym.tutor.visitor import LEARN_COOKIE, PAGE_COOKIE, Visitor, visitor

MOST_CHARACTERS = 8000
_STATIC = {".css": "text/css", ".js": "text/javascript", ".txt": "text/plain", ".svg": "image/svg+xml"}
_HEADERS = {
    b"content-security-policy": b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"cross-origin-opener-policy": b"same-origin",
}
log = structlog.get_logger()


def tutor_app(assistants: Mapping[str, Assistant], store: Store, audience: str = "student") -> Starlette:
    """The tutor over one or more packs, for one audience."""
    tutor = _Tutor(assistants, store, audience)
    return Starlette(
        routes=[
            Route("/", tutor.home),
            Route("/t/{bundle}", tutor.start),
            Route("/t/{bundle}/ask", tutor.begin, methods=["POST"]),
            Route("/c/{conversation}", tutor.conversation),
            Route("/c/{conversation}/say", tutor.say, methods=["POST"]),
            Route("/c/{conversation}/delete", tutor.delete, methods=["POST"]),
            Route("/why/{turn}", tutor.why),
            Route("/passages/{bundle}/{document}/{anchor}", tutor.passage),
            Route("/rules/{bundle}", tutor.rules),
            Route("/static/{name}", tutor.static),
        ],
        middleware=[Middleware(_Guarded)],
        exception_handlers={HTTPException: tutor.lost, EndonymError: tutor.failed, Exception: tutor.failed},
    )


class _Guarded:
    """Security headers on every answer; forms are taken from our own pages only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "POST" and not _same_origin(dict(scope["headers"])):
            await Response("This form was sent from another site.", 403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS.items()]
            await send(message)

        await self.app(scope, receive, with_headers)


def _same_origin(headers: dict[bytes, bytes]) -> bool:
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin.decode("latin-1")).netloc == headers.get(b"host", b"").decode("latin-1")


class _Tutor:
    def __init__(self, assistants: Mapping[str, Assistant], store: Store, audience: str) -> None:
        self._assistants = dict(assistants)
        self._store = store
        self._audience = audience

    # ---- pages

    async def home(self, request: Request) -> Response:
        if len(self._assistants) == 1:
            return RedirectResponse(f"/t/{next(iter(self._assistants))}")
        who = self._visitor(request, next(iter(self._assistants.values())))
        choices = [(self._visitor(request, assistant), assistant) for assistant in self._assistants.values()]
        return pages.page("home.html", who, choices=choices)

    async def start(self, request: Request) -> Response:
        assistant = self._assistant(request.path_params["bundle"])
        who = self._visitor(request, assistant)
        response = self._start_page(who)
        for name, given in ((PAGE_COOKIE, "page"), (LEARN_COOKIE, "learn")):
            if request.query_params.get(given) in assistant.bundle.languages:
                response.set_cookie(name, request.query_params[given], max_age=31_536_000, samesite="lax", httponly=True)
        return response

    def _start_page(self, who: Visitor, problem: str = "", typed: str = "", status: int = 200) -> HTMLResponse:
        shelves = pages.shelves(who.assistant.bundle, who.learning)
        return pages.page(
            "start.html", who, status, shelves=[(pages.subject_name(who, shelf.subject), shelf) for shelf in shelves],
            rule=pages.reply_rule(who.assistant, who), problem=problem, typed=typed,
        )  # fmt: skip

    async def begin(self, request: Request) -> Response:
        """Start a conversation with its first message."""
        who = self._visitor(request, self._assistant(request.path_params["bundle"]))
        text, problem = await _message(request, who)
        if problem:
            return self._start_page(who, problem, text, 422)
        conversation = new_id("c")
        settings = {"bundle": who.assistant.bundle.id, "audience": who.audience, "learning": who.learning}
        await to_thread.run_sync(self._store.start_conversation, conversation, settings)
        await self._answer(conversation, who, (), text)
        return RedirectResponse(f"/c/{conversation}", 303)

    async def conversation(self, request: Request) -> Response:
        conversation, who, turns = await self._stored(request)
        return self._conversation_page(conversation, who, turns)

    def _conversation_page(
        self, conversation: str, who: Visitor, turns: tuple[Turn, ...], problem: str = "", typed: str = "", status: int = 200
    ) -> HTMLResponse:
        return pages.page("conversation.html", who, status, conversation=conversation, turns=turns, problem=problem,
                          typed=typed, rule=pages.reply_rule(who.assistant, who))  # fmt: skip

    async def say(self, request: Request) -> Response:
        """The next message: streamed to htmx, or answered with the whole page where there is no JavaScript."""
        conversation, who, turns = await self._stored(request)
        text, problem = await _message(request, who)
        streamed = request.headers.get("hx-request") == "true"
        if problem:
            if streamed:
                return HTMLResponse(pages.render("problem.html", who, problem=problem))
            return self._conversation_page(conversation, who, turns, problem, text, 422)
        if streamed:
            return StreamingResponse(self._stream(conversation, who, turns, text), media_type="text/event-stream",
                                     headers={"cache-control": "no-store", "x-accel-buffering": "no"})  # fmt: skip
        await self._answer(conversation, who, turns, text)
        return RedirectResponse(f"/c/{conversation}#last", 303)

    async def delete(self, request: Request) -> Response:
        conversation, who, _ = await self._stored(request)
        await to_thread.run_sync(self._store.delete_conversation, conversation)
        return pages.page("notice.html", who, message=who.text("tutor-deleted"))

    async def why(self, request: Request) -> Response:
        turn = await to_thread.run_sync(self._store.turn, request.path_params["turn"])
        bundle = turn.model.rpartition("/")[0] if turn else ""
        if turn is None or bundle not in self._assistants:
            raise HTTPException(404)
        who = self._visitor(request, self._assistants[bundle])
        return pages.page("why.html", who, turn=turn)

    async def passage(self, request: Request) -> Response:
        assistant = self._assistant(request.path_params["bundle"])
        passages = pages.document(assistant.bundle, request.path_params["document"])
        anchor = request.path_params["anchor"]
        if anchor not in {passage.anchor for passage in passages}:
            raise HTTPException(404)
        quote = request.query_params.get("quote", "")[:2000]
        return pages.page("passage.html", self._visitor(request, assistant), passages=passages, anchor=anchor, quote=quote,
                          marked=pages.marked, sources=assistant.bundle.sources)  # fmt: skip

    async def rules(self, request: Request) -> Response:
        assistant = self._assistant(request.path_params["bundle"])
        who = self._visitor(request, assistant)
        return pages.page("rules.html", who, rules=assistant.rules(self._audience, who.page))

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        kind = _STATIC.get("." + name.rpartition(".")[2])
        file = resources.files("endonym.web").joinpath("static", name)
        if kind is None or "/" in name or not file.is_file():
            raise HTTPException(404)
        return Response(file.read_bytes(), media_type=kind, headers={"cache-control": "public, max-age=3600"})

    # ---- faults

    async def lost(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        who = self._visitor(request, next(iter(self._assistants.values())))
        return pages.page("notice.html", who, status, message=who.text("tutor-not-found"),
                          remedy=who.text("tutor-not-found-remedy"))  # fmt: skip

    async def failed(self, request: Request, error: Exception) -> Response:
        log.error("page.failed", path=request.url.path, error=type(error).__name__, detail=str(error)[:300])
        who = self._visitor(request, next(iter(self._assistants.values())))
        message = error.message if isinstance(error, RequestError) else who.text("tutor-failed")
        return pages.page("notice.html", who, error.status if isinstance(error, RequestError) else 500, message=message)

    # ---- turns

    def _assistant(self, bundle: str) -> Assistant:
        if bundle not in self._assistants:
            raise HTTPException(404)
        return self._assistants[bundle]

    def _visitor(self, request: Request, assistant: Assistant) -> Visitor:
        return visitor(request, assistant, self._audience)

    async def _stored(self, request: Request) -> tuple[str, Visitor, tuple[Turn, ...]]:
        conversation = request.path_params["conversation"]
        settings = await to_thread.run_sync(self._store.conversation, conversation)
        if settings is None or settings["bundle"] not in self._assistants:
            raise HTTPException(404)
        seen = self._visitor(request, self._assistants[settings["bundle"]])
        who = Visitor(seen.assistant, settings["audience"], seen.page, settings["learning"])
        return conversation, who, await to_thread.run_sync(self._store.turns, conversation)

    def _asked(self, who: Visitor, turns: tuple[Turn, ...], text: str) -> Asked:
        past = tuple(Said(_role(role), said) for role, said in pages.history(turns))
        return Asked((*past, Said("user", text)), who.audience, who.learning)

    async def _answer(self, conversation: str, who: Visitor, turns: tuple[Turn, ...], text: str) -> Turn:
        finished: Turn | None = None
        async with aclosing(who.assistant.respond(self._asked(who, turns, text))) as items:
            async for item in items:
                if isinstance(item, Turn):
                    finished = item
        if finished is None:
            raise AssertionError("a turn ends with itself")
        await to_thread.run_sync(self._store.save_turn, finished, conversation)
        return finished

    async def _stream(self, conversation: str, who: Visitor, turns: tuple[Turn, ...], text: str) -> AsyncGenerator[bytes, None]:
        """Server-sent events: the question and an empty reply, the growing reply, the finished one."""
        mark = f"r{token_hex(6)}"
        yield _event(pages.render("pending.html", who, text=text, mark=mark))
        written, sent = "", 0
        try:
            async with aclosing(who.assistant.respond(self._asked(who, turns, text))) as items:
                async for item in items:
                    if isinstance(item, Turn):
                        await to_thread.run_sync(self._store.save_turn, item, conversation)
                        yield _event(pages.render("finished.html", who, turn=item, mark=mark))
                    elif isinstance(item, Delta) and item.text:
                        written += item.text
                        if len(written) - sent >= 24 or item.text.endswith((".", "?", "!", "\n")):
                            sent = len(written)
                            yield _event(pages.render("growing.html", who, text=written, mark=mark))
        except EndonymError as error:
            log.error("turn.failed", conversation=conversation, error=type(error).__name__, detail=str(error)[:300])
            message = error.message if isinstance(error, RequestError) else who.text("tutor-failed")
            yield _event(pages.render("broken.html", who, mark=mark, message=message))


def _role(role: str) -> Role:
    return "user" if role == "user" else "assistant"


def _event(text: str) -> bytes:
    lines = text.replace("\r", "").split("\n")
    return ("".join(f"data: {line}\n" for line in lines) + "\n").encode()


async def _message(request: Request, who: Visitor) -> tuple[str, str]:
    """(the message, what is wrong with it or "")."""
    form = await request.form(max_fields=10, max_part_size=200_000)
    text = str(form.get("quick") or form.get("message") or "").strip()
    if not text:
        return "", who.text("tutor-empty")
    if len(text) > MOST_CHARACTERS:
        return text[:MOST_CHARACTERS], who.text("tutor-too-long", most=MOST_CHARACTERS, found=len(text))
    return text, ""
