"""What every route of the API reads and sends, on raw ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import orjson
from starlette.types import Receive, Scope, Send

from endonym.core.errors import RequestError

MOST_BYTES = 2_000_000
BODY_S = 60.0
"""How long a client may take to send a body."""
_JSON = (b"content-type", b"application/json")
Headers = tuple[tuple[bytes, bytes], ...]


async def read_body(scope: Scope, receive: Receive, most: int = MOST_BYTES) -> bytes:
    """The body of a request that holds JSON.

    Raises:
        RequestError: It says that it holds something else, is longer than `most` bytes, does not come, or the client went away.
    """
    kind = dict(scope["headers"]).get(b"content-type", b"application/json").split(b";")[0].strip().lower()
    if kind != b"application/json":
        raise RequestError(f"expected application/json, found {kind[:80].decode('latin-1')}", status=415, code="unsupported_media_type",
                           remedy="Set the header content-type.")  # fmt: skip
    try:
        with anyio.fail_after(BODY_S):
            return await _received(receive, most)
    except TimeoutError:
        raise RequestError(f"expected the whole body within {BODY_S:g} seconds, found a part of it", status=408, code="body_timeout",
                           remedy="Send it in one go.") from None  # fmt: skip


async def _received(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestError("the client went away", status=499, code="client_closed_request")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise RequestError(f"expected at most {most:,} bytes, found more", status=413, code="body_too_large",
                               remedy="Send fewer or shorter texts.")  # fmt: skip
        if not message.get("more_body"):
            return b"".join(parts)


async def send_json(send: Send, body: Any, status: int = 200, headers: Headers = ()) -> None:
    data = orjson.dumps(body)
    await send({"type": "http.response.start", "status": status, "headers": [_JSON, (b"content-length", str(len(data)).encode()), *headers]})
    await send({"type": "http.response.body", "body": data})


async def while_connected(receive: Receive, work: Callable[[], Awaitable[None]]) -> None:
    """Do `work`, or as much of it as the client waits for; call it once the request's body was read."""
    failure: Exception | None = None
    async with anyio.create_task_group() as group:
        group.start_soon(_cancel_on_disconnect, receive, group.cancel_scope)
        try:
            await work()
        except Exception as error:  # raised below, so that it does not come in a group of one
            failure = error
        group.cancel_scope.cancel()
    if failure:
        raise failure


async def _cancel_on_disconnect(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def event(data: Any, name: str = "") -> bytes:
    """One server-sent event. Source: HTML standard, section 9.2; JSON holds no line ends."""
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + orjson.dumps(data) + b"\n\n"
