"""The tutor with a school's students at once, the guide alone: every kind of page on an idle server, then many students who think.

    .venv/bin/python bench/tutor_load.py [--students 500] [--seconds 180] [--workers 2]

Students join one class by its code, begin its assignment, try, ask for hints, look at their class and at why they were answered so, and
think between two requests, 30 s in the mean (exponential). Server and students share the cores. Times are the client's, from sending to
the last byte; a reply is streamed as the page with JavaScript asks for it, or followed to the whole page as without.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from gateway import PACK, Subject, cpu, free_port
from gateway_load import option
from goals import goal

from endonym.store.classes import Assignment
from endonym.wiring.settings import read_settings
from endonym.wiring.state import open_store

THINKS_S = 30.0
SAYS = ("anna vihje", "taim vajab valgust ja vett", "lehed on rohelised, sest seal on klorofüll", "ma ei tea", "süsihappegaas tuleb õhust",
        "päikesevalgus annab energiat", "ütle lihtsalt vastus", "hapnik eraldub õhku", "suhkur tekib lehes")  # fmt: skip
Times = dict[str, list[float]]


@contextmanager
def tutor(workers: int) -> Iterator[tuple[str, str, str, subprocess.Popen[bytes]]]:
    """(address, class code, assignment, server)."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        bundle = folder / "ee.bundle"
        subprocess.run([sys.executable, "-m", "endonym", "build", str(PACK), "-o", str(bundle)], check=True, capture_output=True)
        store = open_store(read_settings(state=folder / ".endonym"))
        group = store.classes.make("teacher", "School", PACK.name, "10a", "et")
        given = store.classes.add_assignment(Assignment("", group.id, "Valgus", lesson="biology/fotosuntees", learning="et")) if group else None
        store.close()
        if group is None or given is None:
            raise AssertionError("a new class may have an assignment")
        server = subprocess.Popen([sys.executable, "-m", "endonym", "serve", str(bundle), "--port", str(port), "--workers", str(workers)], cwd=folder,
                                  env={**os.environ, "OMP_NUM_THREADS": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            asyncio.run(ready(f"http://127.0.0.1:{port}"))
            yield f"http://127.0.0.1:{port}", group.code, given.id, server
        finally:
            server.terminate()
            server.wait(60)


async def ready(address: str) -> None:
    """Once the index is built, which takes minutes."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        for _ in range(6000):
            try:
                async with session.get(f"{address}/readyz") as reply:
                    if reply.status == 200:
                        break
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.1)
    await asyncio.sleep(3)  # the other workers


class Student:
    """One browser."""

    def __init__(self, address: str, code: str, assignment: str, times: Times, number: int) -> None:
        self._address, self._code, self._assignment, self._times = address, code, assignment, times
        self._random = random.Random(number)
        self._conversation = self._turn = ""
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"accept-language": "et", "sec-fetch-site": "same-origin"},
                                             connector=aiohttp.TCPConnector(limit=6), timeout=aiohttp.ClientTimeout(total=120))  # fmt: skip

    async def get(self, kind: str, path: str) -> str:
        return await self._timed(kind, lambda: self.session.get(self._address + path))

    async def post(self, kind: str, path: str, form: dict[str, str] | None = None, **headers: str) -> str:
        return await self._timed(kind, lambda: self.session.post(self._address + path, data=form or {}, headers=headers))

    async def _timed(self, kind: str, ask: Callable[[], Awaitable[aiohttp.ClientResponse]]) -> str:
        started = time.perf_counter()
        reply = await ask()
        text = await reply.text()
        self._times[kind].append((time.perf_counter() - started) * 1000)
        assert reply.status == 200, f"{kind}: {reply.status} {text[:300]}"
        if found := re.search(r"/why/(turn_\w+)", text):
            self._turn = found[1]
        if "/c/" in str(reply.url):
            self._conversation = reply.url.path.split("/")[2]
        return text

    async def join(self) -> None:
        await self.post("join", f"/join/{self._code}")

    async def act(self) -> None:
        """What a student does next."""
        if not self._conversation:
            await self.get("assignment", f"/a/{self._assignment}")
            await self.post("begin", f"/a/{self._assignment}/begin")
            return
        chance = self._random.random()
        if chance < 0.55:
            shown = await self.post("say, streamed", f"/c/{self._conversation}/say", {"message": self._random.choice(SAYS)}, **{"hx-request": "true"})
            assert "event:" in shown or "data:" in shown, shown[:200]
        elif chance < 0.8:
            await self.post("say, whole page", f"/c/{self._conversation}/say", {"message": self._random.choice(SAYS)})
        elif chance < 0.88:
            await self.get("class", "/class")
        elif chance < 0.95:
            await self.get("why", f"/why/{self._turn}")
        else:
            self._conversation = ""


async def idle(address: str, code: str, assignment: str) -> Times:
    """Every kind of page, one request at a time."""
    times: Times = defaultdict(list)
    one = Student(address, code, assignment, times, 1)
    await one.join()
    await one.act()
    turn, conversation = one._turn, one._conversation
    for number in range(4):
        await one.post("say, whole page", f"/c/{conversation}/say", {"message": SAYS[number]})
    turn = one._turn
    pages = {"start": f"/t/{PACK.name}", "conversation of five turns": f"/c/{conversation}", "class": "/class", "assignment": f"/a/{assignment}", "why": f"/why/{turn}",
             "mine": f"/mine?pack={PACK.name}", "rules": f"/rules/{PACK.name}"}  # fmt: skip
    for _ in range(40):
        for kind, path in pages.items():
            await one.get(kind, path)
    await one.session.close()
    return {kind: times[kind][5:] for kind in pages}


async def school(address: str, code: str, assignment: str, count: int, seconds: float) -> Times:
    times: Times = defaultdict(list)
    students = [Student(address, code, assignment, times, number) for number in range(count)]
    end = 0.0

    async def live(student: Student, number: int) -> None:
        await asyncio.sleep(number / 25)  # they come in 25 a second
        await student.join()
        while (wait := student._random.expovariate(1 / THINKS_S)) < end - time.monotonic():
            await asyncio.sleep(wait)
            await student.act()

    end = time.monotonic() + count / 25 + seconds
    try:
        await asyncio.gather(*(live(student, number) for number, student in enumerate(students)))
    finally:
        await asyncio.gather(*(student.session.close() for student in students))
    return times


def told(times: Times) -> None:
    print("| | requests | p50 ms | p95 ms | slowest |\n| --- | --- | --- | --- | --- |")
    for kind, found in sorted(times.items()):
        print(f"| {kind} | {len(found)} | {statistics.median(found):.0f} | {percentile(found):.0f} | {max(found):.0f} |")


def percentile(found: list[float], part: float = 0.95) -> float:
    return sorted(found)[int(part * (len(found) - 1))]


def main() -> None:
    count, seconds, workers = option("--students", 500), option("--seconds", 180), option("--workers", 2)
    with tutor(workers) as (address, code, assignment, server):
        pages = asyncio.run(idle(address, code, assignment))
        print("Pages of an idle server:\n")
        told(pages)
        goal("tutor: p50 of the slowest kind of page, ms", max(statistics.median(found) for found in pages.values()), most=15, decimals=1)
        subject = Subject("tutor", "", address, processes=[server])
        before, started = cpu(subject), time.perf_counter()
        times = asyncio.run(school(address, code, assignment, count, seconds))
        busy = (cpu(subject) - before) / (time.perf_counter() - started) / 10
        everything = [one for found in times.values() for one in found]
        print(f"\n{count} students, {THINKS_S:.0f} s to think, {seconds} s: {len(everything) / (time.perf_counter() - started):.0f} requests a second, "
              f"the server used {busy:.0f} % of a core\n")  # fmt: skip
        told(times)
        goal(f"tutor: p95 with {count} students who think {THINKS_S:.0f} s, ms", percentile(everything), most=300, decimals=0)


if __name__ == "__main__":
    main()
