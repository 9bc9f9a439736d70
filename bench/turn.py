"""Timings of a guide turn and of the start, on this machine.

    .venv/bin/python bench/turn.py [PACK]

Prints the median and 95th percentile over 200 turns of a conversation's kinds of message, and the time from the command to
the first served page (second start, compiled and indexed).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import aclosing
from pathlib import Path

import anyio

from endonym.seams.turn import Message, Request, Turn
from endonym.wiring.compose import Composition
from endonym.wiring.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent
TALKS = [
    ("Mis on fotosüntees?",), ("Mis on fotosüntees?", "anna vihje"), ("Mis on fotosüntees?", "taim vajab valgust ja vett"),
    ("Mis on klorofüll?",), ("Millal sõlmiti Tartu rahu?",), ("tere",), ("mis on must auk",), ("lahenda x² - 5x + 6 = 0",),
]  # fmt: skip
TURNS = 200


async def turns(pack: Path) -> list[float]:
    composition = Composition(read_settings(chain=()), print)
    assistant = composition.assistant(composition.bundle(pack))
    times: list[float] = []
    for number in range(TURNS + len(TALKS)):
        talk = TALKS[number % len(TALKS)]
        said = [*talk[:-1], talk[-1] + " " * (number // len(TALKS))]
        started = time.perf_counter()
        async with aclosing(assistant.respond(Request(tuple(Message("user", text) for text in said), "student"))) as items:
            async for item in items:
                done = isinstance(item, Turn)
        if done:
            times.append((time.perf_counter() - started) * 1000)
        assistant._sense._known.cache_clear()
        assistant._sense._quoted.cache_clear()  # every turn pays for its own embedding
    await composition.close()
    return times[len(TALKS) :]


def first_page(pack: Path) -> float:
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "endonym", "serve", str(pack), "--port", "18080"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        while time.perf_counter() - started < 120:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:18080/t/{pack.name}", timeout=1) as reply:
                    reply.read()
                    return time.perf_counter() - started
            except OSError:
                time.sleep(0.02)
        raise SystemExit("no page within two minutes")
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    pack = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "packs" / "estonia-upper-secondary"
    times = sorted(anyio.run(turns, pack))
    print(f"guide turn over {len(times)}: median {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms")
    print(f"command to first page: {first_page(pack):.2f} s")


if __name__ == "__main__":
    main()
