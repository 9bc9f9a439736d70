"""A local server that speaks chat completions for real, and misbehaves on request."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def chunk(text: str, finish: str | None = None) -> bytes:
    body = {"choices": [{"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}]}
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


def called(piece: dict[str, object]) -> bytes:
    body = {"choices": [{"index": 0, "delta": {"tool_calls": [piece]}, "finish_reason": None}]}
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


class Scripted:
    """Answers every POST by `script`: what to send, in pieces; `None` breaks the connection off."""

    def __init__(self) -> None:
        self.status = 200
        self.kind = "text/event-stream"
        self.script: list[bytes | float | None] = []
        self.first: list[list[bytes | float | None]] = []
        """Scripts for the next requests, before `script` holds again."""
        self.bodies: list[dict[str, object]] = []
        self.closed_early = threading.Event()
        self.port = 0

    def says(self, *texts: str) -> None:
        self.status, self.kind = 200, "text/event-stream"
        self.script = [*(chunk(text) for text in texts), chunk("", "stop"), b"data: [DONE]\n\n"]

    def calls(self, *calls: tuple[str, str], text: str = "", first: bool = False) -> None:
        """A reply of calls (name, arguments), after `text`; arguments come in pieces. Args: first: As the next reply only."""
        script: list[bytes | float | None] = [chunk(text)] if text else []
        for index, (name, arguments) in enumerate(calls):
            head = {"index": index, "id": f"engine_{index}", "type": "function", "function": {"name": name, "arguments": ""}}
            script += [called(head), *(called({"index": index, "function": {"arguments": arguments[at : at + 7]}}) for at in range(0, len(arguments), 7))]
        script += [chunk("", "tool_calls"), b"data: [DONE]\n\n"]
        self.status, self.kind = 200, "text/event-stream"
        if first:
            self.first.append(script)
        else:
            self.script = script

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
        self.bodies.append(json.loads(await reader.readexactly(length)))
        writer.write(f"HTTP/1.1 {self.status} X\r\ncontent-type: {self.kind}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n".encode())
        script = self.first.pop(0) if self.first else self.script
        try:
            for piece in script:
                if piece is None:
                    writer.transport.abort()
                    return
                if isinstance(piece, float):
                    await asyncio.sleep(piece)
                    continue
                writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                await writer.drain()
            writer.write(b"0\r\n\r\n")
            await writer.drain()
            writer.close()
        except (ConnectionError, OSError):
            self.closed_early.set()


@contextmanager
def scripted() -> Iterator[Scripted]:
    engine = Scripted()
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def run() -> None:
        server = await asyncio.start_server(engine.serve, "127.0.0.1", 0)
        engine.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await server.serve_forever()

    def work() -> None:
        asyncio.set_event_loop(loop)
        task = loop.create_task(run())
        engine_stop.append(lambda: loop.call_soon_threadsafe(task.cancel))
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    engine_stop: list[object] = []
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(5)
    try:
        yield engine
    finally:
        engine_stop[0]()  # type: ignore[operator]
        thread.join(5)
