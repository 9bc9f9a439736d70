"""The API as a raw ASGI application. Source: OpenAI's API reference."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from endonym.assistant import Assistant
from endonym.core.errors import RequestError
from endonym.gateway.admission import Admission
from endonym.gateway.bodies import read_completion, to_request
from endonym.gateway.budgets import Budgets
from endonym.gateway.embeddings import Embeddings
from endonym.gateway.errors import error_body
from endonym.gateway.formats import read_format
from endonym.gateway.health import Health
from endonym.gateway.mcp import Mcp
from endonym.gateway.models import Models
from endonym.gateway.names import Names
from endonym.gateway.openapi import describe
from endonym.gateway.replies import ChatReply
from endonym.gateway.response_bodies import read_response_body, response_request
from endonym.gateway.response_replies import ResponseReply
from endonym.gateway.services import Services
from endonym.gateway.tools import read_offer
from endonym.gateway.turns import Record, Turns
from endonym.gateway.wire import Headers, read_body, send_json
from endonym.store.access import Access, Caller

Route = Callable[[Caller, Scope, Receive, Send], Awaitable[None]]
_OPEN = ("/healthz", "/livez", "/readyz")
"""What answers without a key."""


class Gateway:
    """Answers under /v1, and what `serves` says beside it.

    Args:
        record: The last stage of a turn, with the person whose it is: it is awaited before the reply's end is sent.
    """

    def __init__(self, assistants: Mapping[str, Assistant], record: Record, admission: Admission, access: Access, services: Services) -> None:
        self._services = services
        self._assistants = dict(assistants)
        self._admission = admission
        self._health = Health(services.checks)
        self._models = Models(self._assistants, admission, services.embedder)
        self._turns = Turns(admission, record, Names(services.rosters))
        budgets = Budgets(access)
        self._routes: dict[str, tuple[str, Route]] = {
            "/v1/models": ("GET", self._list_models),
            "/v1/chat/completions": ("POST", self._complete),
            "/v1/responses": ("POST", self._respond),
            "/v1/embeddings": ("POST", Embeddings(services.embedder, admission)),
            "/v1/budgets": ("GET", budgets.listed),
            "/v1/budgets/reset": ("POST", budgets.reset),
            "/mcp": ("POST", Mcp(self._assistants, admission, services)),
            "/openapi.json": ("GET", self._describe),
        }

    @staticmethod
    def serves(path: str) -> bool:
        """Whether a path of the site is the API's."""
        return path.rstrip("/") in (*_OPEN, "/openapi.json", "/mcp", "/v1") or path.startswith("/v1/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Any) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._route(scope, receive, watched)
        except Exception as error:
            if started:
                raise
            status, body = error_body(error)
            await send_json(send, body, status, ((b"www-authenticate", b"Bearer"),) if status == 401 else ())

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"].rstrip("/"), scope["method"]
        if path in _OPEN:
            if await _allowed(method, "GET, HEAD", send):
                await self._state(path, send)
            return
        caller = await self._admission.caller(scope)
        expected, route = self._routes.get(path, ("GET", self._model if path.startswith("/v1/models/") else None))
        if route is None:
            raise RequestError(f"there is nothing at {path[:200] or '/'}", status=404, code="not_found",
                               remedy=f"The API has {', '.join(self._routes)}.")  # fmt: skip
        if await _allowed(method, expected, send):
            await route(caller, scope, receive, send)

    async def _state(self, path: str, send: Send) -> None:
        if path == "/readyz":
            status, body = await self._health.ready()
            await send_json(send, body, status)
        elif path == "/livez":
            await send_json(send, {"status": "ok"})
        else:
            await send_json(send, {"status": "ok", "bundles": {name: a.bundle.digest for name, a in self._assistants.items()}})

    async def _describe(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        languages = sorted({language for a in self._assistants.values() for language in a.bundle.languages})
        await send_json(send, describe(self._models.all(), languages, self._services))

    async def _list_models(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        await send_json(send, {"object": "list", "data": self._models.all()})

    async def _model(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        await send_json(send, self._models.named(scope["path"].rstrip("/").removeprefix("/v1/models/")))

    async def _complete(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        body = read_completion(await read_body(scope, receive))
        assistant, audience = self._models.serving(body.model, caller)
        include_usage = bool(body.stream_options and body.stream_options.include_usage)
        wanted = read_format(body.response_format, "response_format", able=body.model in self._services.structured)
        reply = ChatReply(body.model, include_usage=include_usage, wanted=wanted)
        offer = read_offer(body.tools, body.tool_choice, body.parallel_tool_calls, able=body.model in self._services.tools)
        request = to_request(body, audience, wanted.sent if wanted else "", offer, images=body.model in self._services.images)
        await self._turns.run(assistant, request, reply, caller, receive, send, stream=bool(body.stream))

    async def _respond(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        body = read_response_body(await read_body(scope, receive))
        assistant, audience = self._models.serving(body.model, caller)
        given = body.text.format if body.text else None
        wanted = read_format(given, "text.format", able=body.model in self._services.structured, flat=True)
        offer = read_offer(body.tools, body.tool_choice, body.parallel_tool_calls, able=body.model in self._services.tools, flat=True)
        request = response_request(body, audience, wanted.sent if wanted else "", offer, images=body.model in self._services.images)
        await self._turns.run(assistant, request, ResponseReply(body, wanted, offer), caller, receive, send, stream=bool(body.stream))


async def _allowed(method: str, expected: str, send: Send) -> bool:
    """Whether to go on; otherwise the client is told which methods there are."""
    if method in expected.split(", "):
        return True
    status, body = error_body(RequestError(f"expected {expected}, found {method[:20]}", status=405, code="method_not_allowed",
                                           remedy=f"Use {expected}."))  # fmt: skip
    headers: Headers = ((b"allow", expected.encode()),)
    await send_json(send, body, status, headers)
    return False
