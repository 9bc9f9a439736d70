"""The API as a raw ASGI application. Source: OpenAI's API reference, chat completions and models."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any
from urllib.parse import unquote

import anyio
import orjson
from starlette.types import Receive, Scope, Send

from endonym.assistant import Assistant
from endonym.core.clock import now
from endonym.core.errors import RequestError
from endonym.core.ids import new_id
from endonym.gateway.bodies import MOST_BYTES, Completion, read_completion, to_request
from endonym.gateway.errors import error_body
from endonym.gateway.replies import Chunks, completion
from endonym.seams.engine import Delta
from endonym.seams.turn import Turn

Record = Callable[[Turn], Awaitable[None]]
_JSON = (b"content-type", b"application/json")


class Gateway:
    """Answers under /v1 and /healthz.

    Args:
        record: The last stage of a turn: it is awaited before the reply's end is sent.
        anonymous: For each bundle the audiences that callers without a key may use.
    """

    def __init__(self, assistants: Mapping[str, Assistant], record: Record, anonymous: Mapping[str, Sequence[str]]) -> None:
        self._assistants = dict(assistants)
        self._record = record
        self._anonymous = anonymous
        self._started = int(now().timestamp())

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
            await _json(send, body, status)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = unquote(scope["path"]).rstrip("/"), scope["method"]
        if path == "/healthz":
            await _json(send, {"status": "ok", "bundles": {name: a.bundle.digest for name, a in self._assistants.items()}})
        elif path == "/v1/models":
            _only(method, "GET")
            await _json(send, {"object": "list", "data": list(self._models())})
        elif path.startswith("/v1/models/"):
            _only(method, "GET")
            name = path.removeprefix("/v1/models/")
            found = next((model for model in self._models() if model["id"] == name), None)
            if found is None:
                raise self._unknown(name)
            await _json(send, found)
        elif path == "/v1/chat/completions":
            _only(method, "POST")
            body = read_completion(await _body(scope, receive))
            assistant, audience = self._served(body.model)
            if body.stream:
                await self._stream(assistant, audience, body, receive, send)
            else:
                turn = await self._whole(assistant, audience, body)
                await _json(send, completion(turn, int(now().timestamp())))
        else:
            raise RequestError(f"there is nothing at {path or '/'}", status=404, code="not_found",
                               remedy="The API has /v1/models and /v1/chat/completions.")  # fmt: skip

    def _models(self) -> list[dict[str, Any]]:
        return [
            {"id": f"{name}/{audience}", "object": "model", "created": self._started, "owned_by": "endonym",
             "endonym": {"bundle": name, "digest": a.bundle.digest, "audience": audience,
                         "minors": a.bundle.contents.head.audiences[audience].minors,
                         "languages": list(a.bundle.languages), "status": a.bundle.contents.head.status}}
            for name, a in self._assistants.items()
            for audience in a.bundle.contents.head.audiences
        ]  # fmt: skip

    def _unknown(self, name: str) -> RequestError:
        known = ", ".join(model["id"] for model in self._models())
        return RequestError(f"there is no model {name!r}", param="model", status=404, code="model_not_found", remedy=f"Known: {known}.")

    def _served(self, model: str) -> tuple[Assistant, str]:
        """The caller's right to an audience comes from a key or from being on this machine, never from the name."""
        bundle, _, audience = model.rpartition("/")
        assistant = self._assistants.get(bundle)
        if assistant is None or audience not in assistant.bundle.contents.head.audiences:
            raise self._unknown(model)
        if audience not in self._anonymous.get(bundle, ()):
            raise RequestError(f"the audience {audience!r} needs a key; without one only "
                               f"{', '.join(self._anonymous.get(bundle, ())) or 'no audience'} is served",
                               param="model", status=403, code="audience_not_allowed",
                               remedy="Use the student's model, or widen the setting `anonymous`.")  # fmt: skip
        return assistant, audience

    async def _whole(self, assistant: Assistant, audience: str, body: Completion) -> Turn:
        async with aclosing(assistant.respond(to_request(body, audience))) as items:
            async for item in items:
                if isinstance(item, Turn):
                    await self._record(item)
                    return item
        raise AssertionError("a turn ends with itself")

    async def _stream(self, assistant: Assistant, audience: str, body: Completion, receive: Receive, send: Send) -> None:
        """Stream until the end or until the client goes away, which cancels the turn."""
        items = assistant.respond(to_request(body, audience))
        first = await anext(items)
        await send({"type": "http.response.start", "status": 200, "headers": [
            (b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]})  # fmt: skip
        async with anyio.create_task_group() as group:
            group.start_soon(_cancel_on_disconnect, receive, group.cancel_scope)
            async with aclosing(self._chunks(body, first, items)) as chunks:
                async for chunk in chunks:
                    await send({"type": "http.response.body", "body": b"data: " + orjson.dumps(chunk) + b"\n\n", "more_body": True})
            await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})
            group.cancel_scope.cancel()

    async def _chunks(self, body: Completion, first: Delta | Turn, items: AsyncGenerator[Delta | Turn, None]) -> AsyncGenerator[dict[str, Any], None]:
        chunks = Chunks(new_id("chatcmpl"), body.model, int(now().timestamp()))
        yield chunks.delta(role="assistant", content="")
        try:
            item: Delta | Turn = first
            while True:
                if isinstance(item, Turn):
                    await self._record(item)
                    yield chunks.last(item)
                    if body.stream_options and body.stream_options.include_usage:
                        yield chunks.usage(item)
                    return
                if item.text:
                    yield chunks.delta(content=item.text)
                item = await anext(items)
        except Exception as error:
            yield error_body(error)[1]
        finally:
            await items.aclose()


async def _cancel_on_disconnect(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _only(method: str, allowed: str) -> None:
    if method != allowed:
        raise RequestError(f"expected {allowed}, found {method}", status=405, code="method_not_allowed", remedy=f"Use {allowed}.")


async def _body(scope: Scope, receive: Receive) -> bytes:
    kind = dict(scope["headers"]).get(b"content-type", b"application/json").split(b";")[0].strip().lower()
    if kind != b"application/json":
        raise RequestError(f"expected application/json, found {kind.decode('latin-1')}", status=415, code="unsupported_media_type",
                           remedy="Set the header content-type.")  # fmt: skip
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestError("the client went away", status=499, code="client_closed_request")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise RequestError(f"expected at most {MOST_BYTES:,} bytes, found more", status=413, code="body_too_large",
                               remedy="Send fewer or shorter messages.")  # fmt: skip
        if not message.get("more_body"):
            return b"".join(parts)


async def _json(send: Send, body: Any, status: int = 200) -> None:
    data = orjson.dumps(body)
    await send({"type": "http.response.start", "status": status, "headers": [_JSON, (b"content-length", str(len(data)).encode())]})
    await send({"type": "http.response.body", "body": data})
