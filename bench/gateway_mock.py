"""An upstream that costs next to nothing: OpenAI's chat completions, whole or streamed, from bytes made beforehand.

    python gateway_mock.py PORT

A raw asyncio protocol. The reply is Estonian prose of 64 pieces, all at once, or 100 a second where the request says `aeglaselt` (slowly);
the model `paced-20-400` writes 400 pieces, 20 a second. `GET /cut` tells how many milliseconds after its start each stream was cut off.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

SENTENCES = (
    "Taimed vajavad kasvamiseks palju valgust ja vett. Leht püüab päikesevalgust ja muudab selle keemiliseks energiaks. "
    "Süsihappegaas tuleb õhust ja vesi mullast. Hapnik eraldub õhku ja suhkur jääb taime. "
)
WORDS = [word + " " for word in (SENTENCES * 4).split()][:64]


def words(count: int) -> list[str]:
    """The pieces of a longer reply; each sentence has its number, so that none can go missing or change places unseen."""
    found: list[str] = []
    number = 0
    while len(found) < count:
        number += 1
        found += [word + " " for word in f"Lause {number} ütleb, et taimed vajavad kasvamiseks palju valgust ja vett.".split()]
    return found[:count]


TEXT = "".join(WORDS).strip()
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: "
WHOLE = json.dumps({
    "id": "c", "object": "chat.completion", "created": 1, "model": "m", "usage": {"prompt_tokens": 9, "completion_tokens": 64, "total_tokens": 73},
    "choices": [{"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}],
}).encode()  # fmt: skip
REPLY = HEAD + b"application/json\r\ncontent-length: " + str(len(WHOLE)).encode() + b"\r\n\r\n" + WHOLE


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    data = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return _raw(b"data: " + json.dumps(data).encode() + b"\n\n")


def _raw(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


BEGIN = HEAD + b"text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" + _event({"role": "assistant", "content": ""})
PIECES = [_event({"content": word}) for word in WORDS]
END = _event({}, "stop") + _raw(b"data: [DONE]\n\n") + b"0\r\n\r\n"


PACE = 100.0
SLOWLY = b"aeglaselt"
_PACED = re.compile(rb'"model":\s?"paced-(\d+)-(\d+)"')
_cut: list[float] = []


class Mock(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.held = b""
        self.started = 0.0

    def data_received(self, data: bytes) -> None:
        self.held += data
        while True:
            head, parted, rest = self.held.partition(b"\r\n\r\n")
            if not parted:
                return
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
            if len(rest) < length:
                return
            body, self.held = rest[:length], rest[length:]
            if head.startswith(b"GET /cut"):
                told = json.dumps(_cut).encode()
                self.transport.write(HEAD + b"application/json\r\ncontent-length: " + str(len(told)).encode() + b"\r\n\r\n" + told)  # type: ignore[attr-defined]
            elif paced := _PACED.search(body):
                self.stream([_event({"content": word}) for word in words(int(paced[2]))], float(paced[1]))
            elif b'"stream":true' in body or b'"stream": true' in body:
                self.stream(PIECES, PACE if SLOWLY in body else 0)
            else:
                self.transport.write(REPLY)  # type: ignore[attr-defined]

    def connection_lost(self, error: Exception | None) -> None:
        if self.started:
            _cut.append((asyncio.get_running_loop().time() - self.started) * 1000)

    def stream(self, pieces: list[bytes], pace: float) -> None:
        write = self.transport.write  # type: ignore[attr-defined]
        if not pace:
            write(BEGIN + b"".join(pieces) + END)
            return
        loop, started = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        self.started = started
        write(BEGIN)

        def send(number: int) -> None:
            if self.transport.is_closing():  # type: ignore[attr-defined]
                return
            write(pieces[number] if number < len(pieces) else END)
            if number < len(pieces):
                loop.call_at(started + (number + 2) / pace, send, number + 1)
            else:
                self.started = 0.0

        loop.call_at(started + 1 / pace, send, 0)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Mock, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    try:
        import uvloop

        uvloop.run(main())
    except ImportError:
        asyncio.run(main())
