"""An engine that has others waiting, in the middle of a reply that has to be mended."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import anyio

from endonym.assistant import Assistant
from endonym.assistant.parts import Parts
from endonym.core.errors import EngineBusy
from endonym.seams.engine import Declaration, Delta
from endonym.seams.turn import Message, Request, Turn
from endonym.web.phrases import Phrases
from endonym.wiring.compose import Composition
from endonym.wiring.settings import Settings
from tests.assistant.test_protect import talk
from tests.conftest import TINY


class Queued:
    """An engine whose first reply is stopped; asked once more it would have to wait too long."""

    declaration = Declaration("queued", "operator", 8192, ("et",))

    def __init__(self) -> None:
        self.asked = 0

    async def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        self.asked += 1
        if self.asked > 1:
            raise EngineBusy("more wait than it can serve in time")
        yield Delta("Taimed vajavad kasvamiseks palju valgust. But now the model goes on in plain English. And on.", "stop")

    async def close(self) -> None:
        return None


def test_half_a_reply_is_never_passed_off_as_a_mended_one(tmp_path: Path) -> None:
    engine = Queued()
    composition = Composition(Settings(state=tmp_path, chain=(), embedder="none"))
    bundle = composition.bundle(TINY)
    parts = Parts(bundle, composition.index(bundle), composition.tools, Phrases(bundle.contents.interface), (engine,))
    shown, turn = anyio.run(talk, Assistant(parts, None), Request((Message("user", "Mis on fotosüntees?"),), "student"))
    assert engine.asked == 2 and turn.engine == "queued, guide"
    assert shown.startswith("Taimed vajavad kasvamiseks palju valgust.") and "plain English" not in shown
    assert "Mida taim vajab, et endale toitu teha?" in shown
    assert not any("repaired" in line.note for line in turn.trace)


def test_warming_up_asks_no_engine(tmp_path: Path) -> None:
    engine = Queued()
    composition = Composition(Settings(state=tmp_path, chain=(), embedder="none"))
    bundle = composition.bundle(TINY)
    Assistant(Parts(bundle, composition.index(bundle), composition.tools, Phrases(bundle.contents.interface), (engine,)), None).warm()
    assert engine.asked == 0
