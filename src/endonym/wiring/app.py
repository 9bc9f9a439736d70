"""The served application: the API under /v1, the tutor everywhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from time import time_ns
from typing import Any, Protocol

import structlog
from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from endonym.assistant import Assistant
from endonym.core.errors import EndonymError, SettingsError
from endonym.gateway import Admission, Gateway, Services
from endonym.gateway.admission import is_local
from endonym.ledger.note import Checkpoint
from endonym.seams.turn import Turn
from endonym.store import Store
from endonym.tutor import tutor_app
from endonym.tutor.services import Services as TutorServices
from endonym.wiring import metrics
from endonym.wiring.compose import Composition
from endonym.wiring.files import KINDS, read_file
from endonym.wiring.operation import operation_of
from endonym.wiring.settings import Settings
from endonym.wiring.state import open_signer
from endonym.wiring.traces import Traces, open_traces
from endonym.wiring.witnesses import Witnesses

log = structlog.get_logger()

_AGAIN_SECONDS = 60
_CHECKPOINT_SECONDS = 60.0
_CALLS = frozenset({("chat", "completions"), ("responses",), ("embeddings",)})
_ROUTES = frozenset({"", "t", "c", "why", "passages", "rules", "static", "join", "return", "class", "a", "teach", "healthz", "livez", "readyz", "metrics", "mcp", "openapi.json",
                     "mine", "practice", "size", "worker.js", "sign-in", "lti", "admin"})
_STOPPED = (b'data: {"error": {"message": "The server was stopped before this reply ended. Ask again.", "type": "server_error", "param": null, '
            b'"code": "server_stopping"}}\n\ndata: [DONE]\n\n')  # fmt: skip


class App:
    """Dispatches by path. Closes the composition when the server stops."""

    def __init__(self, assistants: Mapping[str, Assistant], composition: Composition) -> None:
        self._composition = composition
        _expect_chains(composition.settings, assistants)
        self._kept = {name: days for name, a in assistants.items() if (days := a.bundle.retention_days) is not None}
        store = composition.store
        anonymous = {
            name: tuple(a for a in assistant.bundle.contents.head.audiences if a in composition.settings.anonymous)
            for name, assistant in assistants.items()
        }
        self._traces = open_traces(composition.settings.traces)
        record = recorder(store, self._traces)
        checks = {"index": lambda: _asked(assistants), "store": store.ledger_size}
        models = [(f"{name}/{audience}", a, audience) for name, a in assistants.items() for audience in a.bundle.contents.head.audiences]
        structured = frozenset(model for model, a, audience in models if a.structured(audience))
        tools = frozenset(model for model, a, audience in models if a.tools(audience))
        images = frozenset(model for model, a, audience in models if audience in composition.settings.images and a.images(audience))
        services = Services(structured, tools, images, composition.embedder, lambda name: assistants[name].index, checks, store.rosters)
        self._gateway: ASGIApp = Gateway(assistants, record, Admission(store.access, anonymous, composition.settings.currency), store.access, services)
        self._tutor: ASGIApp = tutor_app(assistants, store, record, composition.identity, operation=operation_of(composition.settings),
                                         services=TutorServices(images, read_file, KINDS))  # fmt: skip
        self.ready: Callable[[], object] = lambda: None
        """Called once when requests are answered."""
        self._witnesses = Witnesses(composition.settings.witnesses, store)
        self._running: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = False

    def stopping(self, seconds: float) -> None:
        """The server has begun to stop: whatever still runs after `seconds` is told so and ends. Called from a signal's handler."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._loop.call_later, seconds, self._end_all)

    def _end_all(self) -> None:
        self._ended = True
        for task in self._running:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        streaming, status = False, 499  # of a client that went away before there was an answer

        async def noting(message: Message) -> None:
            nonlocal streaming, status
            if message["type"] == "http.response.start":
                streaming, status = (b"content-type", b"text/event-stream") in message["headers"], message["status"]
            await send(message)

        task = asyncio.current_task()
        if task is None:
            raise AssertionError("a request runs in a task")
        self._running.add(task)
        metrics.request_began()
        route = _route(scope)
        with self._traces.request(scope, route) if self._traces else nullcontext() as span:
            try:
                await self._answer(scope, receive, noting)
            except asyncio.CancelledError:
                if not (self._ended and streaming):
                    raise
                task.uncancel()
                await send({"type": "http.response.body", "body": _STOPPED})
            finally:
                self._running.discard(task)
                metrics.request_ended(route, status)
                if span:
                    span.ended(status)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path == "/metrics":
            await _expose(scope, send)
            return
        if Gateway.serves(path):
            await self._gateway(scope, receive, send)
        elif self._composition.settings.open_tutor or is_local(scope):
            await self._tutor(scope, receive, send)
        else:
            await _text(send, 403, b"The tutor is served on this machine alone. Its operator can open it: the setting open_tutor.\n")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                chores = [asyncio.create_task(self._expire()), asyncio.create_task(self._checkpoint())]
                self._loop = asyncio.get_running_loop()
                await send({"type": "lifespan.startup.complete"})
                self.ready()
            elif message["type"] == "lifespan.shutdown":
                for chore in chores:
                    chore.cancel()
                await to_thread.run_sync(self._add_checkpoint)
                await self._composition.close()
                if self._traces:
                    await to_thread.run_sync(self._traces.close)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _expire(self) -> None:
        """Delete what is older than the packs allow, and overwrite what was erased, at the start and then every hour."""
        while True:
            for name, days in self._kept.items():
                try:
                    gone = await to_thread.run_sync(self._composition.store.expire, name, days)
                except EndonymError as error:  # an hour later it is tried again
                    log.error("conversations.not_expired", bundle=name, error=type(error).__name__, detail=error.message[:300])
                    continue
                if gone:
                    log.info("conversations.expired", bundle=name, count=gone, older_than_days=days)
            await asyncio.sleep(3600 if await self._tidied() else _AGAIN_SECONDS)

    async def _tidied(self) -> bool:
        """Whether nothing that was erased stands anywhere; if not, it is tried again soon."""
        try:
            if await to_thread.run_sync(self._composition.store.tidy):
                return True
            log.warning("store.not_overwritten", reason="somebody reads what was before")
        except EndonymError as error:
            log.error("store.not_tidied", error=type(error).__name__, detail=error.message[:300])
        return False

    async def _checkpoint(self) -> None:
        """Sign what the ledger has become, every minute in which it grew, and let witnesses cosign it."""
        await self._witnesses.ask(await to_thread.run_sync(self._newest_checkpoint))
        while True:
            await asyncio.sleep(_CHECKPOINT_SECONDS)
            await self._witnesses.ask(await to_thread.run_sync(self._add_checkpoint))

    def _newest_checkpoint(self) -> Checkpoint | None:
        try:
            return self._composition.store.newest_checkpoint()
        except EndonymError as error:
            log.error("ledger.not_read", error=type(error).__name__, detail=error.message[:300])
            return None

    def _add_checkpoint(self) -> Checkpoint | None:
        """The checkpoint that was added, if any."""
        try:
            note = self._composition.store.add_checkpoint(open_signer(self._composition.settings))
        except EndonymError as error:  # the next one covers the same entries
            log.error("ledger.not_signed", error=type(error).__name__, detail=error.message[:300])
            return None
        if note:
            log.info("ledger.signed", size=note.size)
        return note


async def _expose(scope: Scope, send: Send) -> None:
    """Metrics, to whoever asks on this machine."""
    if is_local(scope):
        await _text(send, 200, await to_thread.run_sync(metrics.exposition))
    else:
        await _text(send, 403, b"Metrics are told on this machine alone.\n")


async def _text(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")]})
    await send({"type": "http.response.body", "body": body})


def _route(scope: Scope) -> str:
    """A path without what varies in it, one of a few."""
    parts = scope.get("path", "").split("/")[1:]
    if parts[0] == "v1":
        return f"/v1/{'/'.join(parts[1:3])}" if tuple(parts[1:3]) in _CALLS else "/v1/models" if parts[1:2] == ["models"] else "other"
    return f"/{parts[0]}" if parts[0] in _ROUTES else "other"


def _expect_chains(settings: Settings, assistants: Mapping[str, Assistant]) -> None:
    known = {name: None for pack, a in assistants.items() for name in (pack, *(f"{pack}/{audience}" for audience in a.bundle.contents.head.audiences))}
    for name in settings.chains:
        if name not in known:
            raise SettingsError(f"chains: expected one of {', '.join(known)}, found {name!r}", remedy="Correct the name, or serve that pack.")


class Recorder(Protocol):
    def __call__(self, turn: Turn, person: str, conversation: str = "", /) -> Awaitable[bool]: ...


def _asked(assistants: Mapping[str, Assistant]) -> None:
    """Raises: EndonymError: An index cannot be read."""
    for assistant in assistants.values():
        assistant.index.check()


def recorder(store: Store, traces: Traces | None = None) -> Recorder:
    """The stage record: a finished turn goes to the store and the ledger, is counted and shown in the request's span. Whether it is kept:
    False where its conversation was deleted meanwhile.
    """

    async def record(turn: Turn, person: str, conversation: str = "", /) -> bool:
        began = time_ns()
        kept = await asyncio.wrap_future(store.record(turn, conversation, person))
        metrics.turn_ended(turn)
        if traces:
            traces.turn(turn, began)
        return kept

    return record
