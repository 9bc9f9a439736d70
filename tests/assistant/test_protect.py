"""Personal data in a whole turn: an engine outside sees placeholders, the reader sees originals, no log or trace holds them."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import anyio
import orjson
import pytest
import structlog

from endonym.assistant import Assistant
from endonym.assistant.extension import content, extension
from endonym.assistant.parts import Parts
from endonym.seams.engine import Declaration, Delta
from endonym.seams.turn import Message, Request, Turn
from endonym.web.phrases import Phrases
from endonym.wiring.compose import Composition
from endonym.wiring.settings import Settings
from tests.conftest import TINY

ORIGINALS = ("38001085718", "mari@kool.ee", "+372 5123 4567", "Mari Tamm", "84.50.12.200", "12.03.2009")
SAID = ("Mina olen Mari Tamm, isikukood 38001085718, sündinud 12.03.2009, mari@kool.ee, +372 5123 4567, arvuti 84.50.12.200. Mis on fotosüntees?")


class Outside:
    """An engine outside the operator's machines that keeps what it was given and says a placeholder letter by letter."""

    declaration = Declaration(
        "outside", "external", 8192, ("et", "en"), storage_region="EE", inference_region="EE", key_holder="x", jurisdiction="EE",
        training_use="none", telemetry="none",
    )  # fmt: skip

    def __init__(self) -> None:
        self.seen = ""

    async def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        self.seen = "\n".join(message.text for message in turn.instructions)
        for letter in "Tere, ⟦name-1⟧! Taimed vajavad kasvamiseks palju valgust. Mida sa sellest arvad?":
            yield Delta(letter)
        yield Delta("", "stop")

    async def close(self) -> None:
        return None


async def talk(assistant: Assistant, request: Request) -> tuple[str, Turn]:
    shown: list[str] = []
    async with aclosing(assistant.respond(request)) as items:
        async for item in items:
            if isinstance(item, Turn):
                return "".join(shown), item
            shown.append(item.text)
    raise AssertionError("a turn stands at the end")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Turn, str, str]:
    """What the reader saw, the turn, what the engine saw, and everything that was logged or printed."""
    logged, engine = io.StringIO(), Outside()
    stream = logging.StreamHandler(logged)
    logging.getLogger().addHandler(stream)
    logging.getLogger().setLevel(logging.DEBUG)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(logged), cache_logger_on_first_use=False)
    try:
        composition = Composition(Settings(state=Path(tmp_path_factory.mktemp("state")), chain=(), embedder="none"), lambda line: print(line, file=logged))
        bundle = composition.bundle(TINY)
        parts = Parts(bundle, composition.index(bundle), composition.tools, Phrases(bundle.contents.interface), (engine,))
        request = Request((Message("user", SAID),), "student", names=("Mari Tamm",))
        shown, turn = anyio.run(talk, Assistant(parts, None), request)
        structlog.get_logger().info("turn.finished", turn=repr(turn.masks), trace=repr(turn.trace))
    finally:
        structlog.reset_defaults()
        logging.getLogger().removeHandler(stream)
        logging.getLogger().setLevel(logging.WARNING)
    return shown, turn, engine.seen, logged.getvalue()


def test_the_engine_saw_placeholders_only(served: tuple[str, Turn, str, str]) -> None:
    _, turn, seen, _ = served
    assert turn.engine == "outside"
    assert "Mina olen ⟦name-1⟧, isikukood ⟦identifier-1⟧, sündinud ⟦birth-1⟧, ⟦email-1⟧, ⟦phone-1⟧, arvuti ⟦ip-1⟧. Mis on fotosüntees?" in seen
    assert not [original for original in ORIGINALS if original in seen]


def test_the_reader_sees_the_original(served: tuple[str, Turn, str, str]) -> None:
    shown, turn, _, _ = served
    assert shown.startswith("Tere, Mari Tamm! Taimed")
    assert shown == content(turn)


def test_no_line_of_a_log_or_a_trace_holds_an_original(served: tuple[str, Turn, str, str]) -> None:
    _, turn, _, logged = served
    told = extension(turn)
    assert "turn.finished" in logged
    assert [one["kind"] for one in told["masked"]] == ["name", "identifier", "birth", "email", "phone", "ip"]
    assert next(line.note for line in turn.trace if line.stage == "protect") == "birth, email, identifier, ip, name, phone"
    for place in (logged, orjson.dumps(told).decode(), repr(turn.trace), repr(turn.masks)):
        assert not [original for original in ORIGINALS if original in place]
