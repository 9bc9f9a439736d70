from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest

from endonym.adapters.engines.openai_compatible import OpenAICompatible
from endonym.core.errors import EngineError, EngineProtocolError, EngineTimeout, EngineUnavailable
from endonym.seams.engine import Declaration
from endonym.seams.turn import Message, Request, Turn
from tests.adapters.engines.scripted import Scripted, chunk, scripted

TURN = Turn("t", "", "", "p/student", Request((Message("user", "hi"),), "student", max_tokens=50, seed=7),
            instructions=(Message("system", "rules"), Message("developer", "plan"), Message("user", "hi")))  # fmt: skip


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as engine:
        yield engine


def ask(port: int, timeout: float = 5.0) -> str:
    async def run() -> str:
        engine = OpenAICompatible(Declaration("ours", "operator", 8000), f"http://127.0.0.1:{port}/v1", "m", "secret", timeout)
        try:
            return "".join([delta.text async for delta in engine.generate(TURN)])
        finally:
            await engine.close()

    return anyio.run(run)


def test_a_reply_is_streamed_and_the_request_is_ordered_by_authority(server: Scripted) -> None:
    server.says("Tere", ", maa", "ilm: õäöü")
    assert ask(server.port) == "Tere, maailm: õäöü"
    body = server.bodies[0]
    assert [m["role"] for m in body["messages"]] == ["system", "system", "user"]  # type: ignore[attr-defined]
    assert (body["model"], body["max_tokens"], body["seed"], body["stream"]) == ("m", 50, 7, True)


def test_chunks_may_break_anywhere_even_inside_a_letter(server: Scripted) -> None:
    whole = chunk("õäöü ") + b": comment\r\n\r\n" + chunk("veel") + chunk("", "stop")
    server.script = [whole[at : at + 1] for at in range(len(whole))]
    assert ask(server.port) == "õäöü veel"


@pytest.mark.parametrize(
    ("status", "kind", "script", "error"),
    [
        (429, "application/json", [b"{}"], EngineUnavailable),
        (500, "text/html", [b"oops"], EngineUnavailable),
        (404, "application/json", [b"{}"], EngineProtocolError),
        (200, "application/json", [b"{}"], EngineProtocolError),
        (200, "text/event-stream", [b"data: {not json}\n\n"], EngineProtocolError),
        (200, "text/event-stream", [b'data: {"choices": [{"delta": {"content": 5}}]}\n\n'], EngineProtocolError),
        (200, "text/event-stream", [b'data: ["list"]\n\n'], EngineProtocolError),
        (200, "text/event-stream", [chunk("half"), b"data: {\"choi"], EngineProtocolError),
        (200, "text/event-stream", [chunk("half"), None], EngineUnavailable),
        (200, "text/event-stream", [chunk("half")], EngineProtocolError),
        (200, "text/event-stream", [b'data: {"error": {"message": "overloaded"}}\n\n'], EngineUnavailable),
        (200, "text/event-stream", [chunk("x" * 100_000)] * 11, EngineProtocolError),
        (200, "text/event-stream", [chunk("a"), 3.0, chunk("b")], EngineTimeout),
    ],
    ids=["429", "500", "404", "json", "bad-json", "number", "list", "cut-chunk", "reset", "no-end", "error", "endless", "hangs"],
)  # fmt: skip
def test_each_fault_of_an_upstream_has_its_error(
    server: Scripted, status: int, kind: str, script: list[bytes | float | None], error: type[EngineError]
) -> None:
    server.status, server.kind, server.script = status, kind, script
    with pytest.raises(error) as caught:
        ask(server.port, timeout=1.0)
    assert "ours" in caught.value.message
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("script", [[b"data: " + b"x" * 1_000_000] * 10, [chunk("palju metsa " * 8_000)] * 100], ids=["one token", "many tokens"])
def test_ten_megabytes_are_not_taken_in(server: Scripted, script: list[bytes | float | None]) -> None:
    server.script = script
    with pytest.raises(EngineProtocolError, match="expected at most 1,000,000 bytes, found more"):
        ask(server.port)
    assert server.closed_early.wait(5)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(EngineUnavailable, match="base_url"):
        ask(9)
