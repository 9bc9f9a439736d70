"""One turn for one caller: its budget, its record, and its reply in the shape of whichever API was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Protocol

import anyio
from starlette.types import Receive, Send

from endonym.assistant import Assistant
from endonym.gateway.admission import Admission, Spending
from endonym.gateway.errors import error_body
from endonym.gateway.names import Names
from endonym.gateway.wire import send_json, while_connected
from endonym.seams.turn import Request, Turn
from endonym.store.access import Caller
from endonym.text.tokens import of_message, of_offer

Record = Callable[[Turn, str], Awaitable[object]]
_STREAM = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]


class Shape(Protocol):
    """How an API writes one reply: whole, or as server-sent events. Each method gives the bytes to send, or none."""

    def whole(self, turn: Turn) -> dict[str, Any]: ...

    def opening(self) -> bytes: ...

    def text(self, piece: str) -> bytes: ...

    def closing(self, turn: Turn) -> bytes:
        """Raises: RequestError: The reply is not what was asked for."""
        ...

    def failed(self, error: dict[str, Any]) -> bytes:
        """The end of a stream that broke; `error` is OpenAI's error object."""
        ...


class Turns:
    """Runs turns.

    Args:
        record: The last stage of a turn, with the person whose it is: it is awaited before the reply's end is sent.
        names: Whom a caller's school lists.
    """

    def __init__(self, admission: Admission, record: Record, names: Names) -> None:
        self._admission = admission
        self._record = record
        self._names = names

    async def run(
        self, assistant: Assistant, request: Request, shape: Shape, caller: Caller, receive: Receive, send: Send, *, stream: bool
    ) -> None:
        """Answer one request. A client that goes away ends the turn, also upstream, and is sent nothing more.

        Raises:
            RequestError: Before anything was sent: the request cannot be served, or a budget does not allow it.
        """
        request = replace(request, payer=caller.person or caller.key, names=await self._names.of(caller))
        spending = await self._admission.reserve(caller, sum(map(of_message, request.messages)) + of_offer(request.offer), request.max_tokens,
                                                  context=assistant.context_tokens(request.audience), engines=assistant.engines(request.audience))  # fmt: skip

        async def work() -> None:
            if stream:
                await self._stream(assistant, request, shape, caller, spending, send)
            else:
                await send_json(send, shape.whole(await self._whole(assistant, request, caller, spending)))

        try:
            await while_connected(receive, work)
        finally:
            with anyio.CancelScope(shield=True):
                await self._admission.settle(spending)

    async def _whole(self, assistant: Assistant, request: Request, caller: Caller, spending: Spending) -> Turn:
        async with aclosing(assistant.respond(request, whole=True, asked=spending.asked)) as items:
            async for item in items:
                if isinstance(item, Turn):
                    await self._finish(item, caller, spending)
                    return item
                spending.written += len(item.text)
        raise AssertionError("a turn ends with itself")

    async def _stream(
        self, assistant: Assistant, request: Request, shape: Shape, caller: Caller, spending: Spending, send: Send
    ) -> None:
        """What fails before the first piece is raised; what fails later is told in the stream, which then ends."""
        started = False
        async with aclosing(assistant.respond(request, asked=spending.asked)) as items:
            try:
                async for item in items:
                    if not started:
                        await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
                        started = True
                        await _send(send, shape.opening())
                    if isinstance(item, Turn):
                        await self._finish(item, caller, spending)
                        await _send(send, shape.closing(item))
                    elif item.text:
                        spending.written += len(item.text)
                        await _send(send, shape.text(item.text))
            except Exception as error:
                if not started:
                    raise
                await _send(send, shape.failed(error_body(error)[1]["error"]))
        await send({"type": "http.response.body", "body": b""})

    async def _finish(self, turn: Turn, caller: Caller, spending: Spending) -> None:
        spending.turn = turn
        await self._record(turn, caller.person)


async def _send(send: Send, data: bytes) -> None:
    if data:
        await send({"type": "http.response.body", "body": data, "more_body": True})
