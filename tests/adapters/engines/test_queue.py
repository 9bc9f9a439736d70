"""Who is served next where one reply is written at a time."""

from __future__ import annotations

import asyncio

import pytest

from endonym.adapters.engines.queue import FairQueue
from endonym.core.errors import EngineBusy


async def ask(queue: FairQueue, payer: str, served: list[str], seconds: float = 10) -> None:
    async with queue.turn(payer, seconds):
        served.append(payer)
        await asyncio.sleep(0)


def test_whoever_asks_once_waits_for_one_reply_of_whoever_asks_often() -> None:
    async def run() -> list[str]:
        queue, served = FairQueue(), list[str]()
        await asyncio.gather(*(ask(queue, "often", served) for _ in range(10)), ask(queue, "mari", served), ask(queue, "jaan", served))
        return served

    served = asyncio.run(run())
    assert served[:4] == ["often", "often", "mari", "jaan"]
    assert served.count("often") == 10


def test_who_waits_too_long_is_told_and_holds_nobody_up() -> None:
    async def run() -> list[str]:
        queue, served = FairQueue(), list[str]()
        async with queue.turn("first", 1):
            with pytest.raises(EngineBusy, match=r"0\.01 seconds"):
                await ask(queue, "second", served, 0.01)
        await ask(queue, "third", served)
        return served

    assert asyncio.run(run()) == ["third"]


def test_who_goes_away_while_waiting_is_passed_over() -> None:
    async def run() -> list[str]:
        queue, served = FairQueue(), list[str]()
        async with queue.turn("first", 1):
            gone = asyncio.create_task(ask(queue, "gone", served))
            stays = asyncio.create_task(ask(queue, "stays", served))
            await asyncio.sleep(0)
            gone.cancel()
        await asyncio.wait_for(stays, 5)
        async with queue.turn("later", 1):
            pass
        return served

    assert asyncio.run(run()) == ["stays"]


def test_whoever_had_one_that_went_away_keeps_the_place_of_the_next() -> None:
    async def run() -> list[str]:
        queue, served = FairQueue(), list[str]()
        async with queue.turn("first", 1):
            gone, own, other = (asyncio.create_task(ask(queue, payer, served)) for payer in ("mari", "mari", "jaan"))
            await asyncio.sleep(0)
            gone.cancel()
        await asyncio.wait_for(asyncio.gather(own, other), 5)
        return served

    assert asyncio.run(run()) == ["mari", "jaan"]


def test_who_goes_away_as_the_turn_comes_passes_it_on() -> None:
    async def run() -> list[str]:
        queue, served = FairQueue(), list[str]()
        async with queue.turn("first", 1):
            gone = asyncio.create_task(ask(queue, "gone", served))
            stays = asyncio.create_task(ask(queue, "stays", served))
            await asyncio.sleep(0)
        gone.cancel()  # its turn was given a moment ago
        await asyncio.wait_for(stays, 5)
        return served

    assert asyncio.run(run()) == ["stays"]
