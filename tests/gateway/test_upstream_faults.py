"""What engines do wrong, over real sockets and through the whole server: the reader gets a whole, labelled reply in time, or the guide's."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

from tests.adapters.engines.scripted import chunk, scripted
from tests.conftest import TINY
from tests.served import EngineSettings, serving

GOOD = "Taimed vajavad kasvamiseks palju valgust. "
GUIDE = "Mida taim vajab, et endale toitu teha?"
TIMEOUT_S = 1.5
Piece = bytes | float | None


def answer(address: str, *, stream: bool) -> tuple[str, dict[str, object], float]:
    """(text, the object `endonym`, seconds that it took); the stream ends as OpenAI's does."""
    body = {"model": "tiny/student", "messages": [{"role": "user", "content": "Mis on fotosüntees?"}], "stream": stream}
    started = time.monotonic()
    reply = httpx2.post(f"{address}/v1/chat/completions", json=body, timeout=30)
    took = time.monotonic() - started
    assert reply.status_code == 200, reply.text
    if not stream:
        return reply.json()["choices"][0]["message"]["content"], reply.json()["endonym"], took
    lines = [line.removeprefix("data: ") for line in reply.text.splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    assert not any("error" in one for one in chunks)
    return "".join(one["choices"][0]["delta"].get("content") or "" for one in chunks if one["choices"]), chunks[-1]["endonym"], took


def ours(port: int) -> dict[str, object]:
    engine = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{port}/v1", model="m", languages=("et",), timeout_s=TIMEOUT_S)
    return {"chain": ("ours",), "engines": {"ours": engine}}


FAULTS: dict[str, tuple[int, str, list[Piece], str]] = {
    "429": (429, "application/json", [b'{"error": {"message": "slow down"}}'], "guide"),
    "500": (500, "text/html", [b"<h1>oops</h1>"], "guide"),
    "401": (401, "application/json", [b"{}"], "guide"),
    "wrong content type": (200, "application/json", [b'{"choices": []}'], "guide"),
    "invalid JSON": (200, "text/event-stream", [b"data: {broken\n\n"], "guide"),
    "hangs before the first word": (200, "text/event-stream", [10.0], "guide"),
    "comments and no word": (200, "text/event-stream", [item for _ in range(100) for item in (b": wait\n\n", 0.1)], "guide"),
    "ends without a word": (200, "text/event-stream", [chunk("", "stop"), b"data: [DONE]\n\n"], "guide"),
    "closes mid-stream": (200, "text/event-stream", [chunk(GOOD), chunk("Aga "), 0.2, None], "ours, guide"),
    "half a chunk": (200, "text/event-stream", [chunk(GOOD), chunk("Aga "), 0.2, chunk("mis siis")[:40]], "ours, guide"),
    "invalid JSON mid-stream": (200, "text/event-stream", [chunk(GOOD), chunk("Aga "), 0.2, b"data: ]\n\n"], "ours, guide"),
    "hangs mid-stream": (200, "text/event-stream", [chunk(GOOD), chunk("Aga "), 10.0], "ours, guide"),
    "a token of 10 MB": (200, "text/event-stream", [chunk(GOOD), chunk("Aga "), 0.2, *([b"data: " + b"x" * 1_000_000] * 10)], "ours, guide"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(FAULTS))
def test_whatever_an_engine_does_the_reply_is_whole(name: str, tmp_path: Path) -> None:
    status, kind, script, engine = FAULTS[name]
    with scripted() as upstream:
        upstream.status, upstream.kind, upstream.script = status, kind, script
        with serving([TINY], tmp_path, **ours(upstream.port)) as address:
            for stream in (True, False):
                text, extension, took = answer(address, stream=stream)
                if engine == "guide" or stream:
                    assert extension["engine"] == engine, extension["trace"]
                assert text.count(GOOD.strip()) == (extension["engine"] != "guide") and "Aga" not in text
                assert GUIDE in text and len(text) < 2_000 and "oops" not in text and "xxx" not in text and took < 2 * TIMEOUT_S + 2
                assert any("ours" in line["note"] for line in extension["trace"])  # type: ignore[attr-defined]


def test_tokens_of_10_mb_end_where_a_reply_may_be_no_longer(tmp_path: Path) -> None:
    with scripted() as upstream:
        upstream.script = [chunk(GOOD * 2_500)] * 100
        with serving([TINY], tmp_path, **ours(upstream.port)) as address:
            for stream in (True, False):
                text, extension, took = answer(address, stream=stream)
                assert len(text) < 250_000 and took < 20, (len(text), extension["engine"])


@contextmanager
def raw(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    """A listener that does what `behave` does with each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def run() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                behave(connection)

        threading.Thread(target=run, daemon=True).start()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\ncontent-ty", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n"],
                         ids=["closes at once", "half a head", "not HTTP", "promises a terabyte"])  # fmt: skip
@pytest.mark.parametrize("then", ["closes", "hangs"])
def test_what_is_no_answer_at_all(said: bytes, then: str, tmp_path: Path) -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(said)
        if then == "hangs":
            time.sleep(10)

    with raw(behave) as port, serving([TINY], tmp_path, **ours(port)) as address:
        text, extension, took = answer(address, stream=True)
    assert GUIDE in text and extension["engine"] == "guide" and took < 2 * TIMEOUT_S + 2


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with serving([TINY], tmp_path, **ours(port)) as address:
        text, extension, took = answer(address, stream=False)
    assert GUIDE in text and extension["engine"] == "guide" and took < 3
