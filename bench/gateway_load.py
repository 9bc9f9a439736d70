"""The gateway under load on this machine: many streams at once, memory over many requests, work cut off with its reader.

    .venv/bin/python bench/gateway_load.py [--streams 1000] [--requests 100000] [--workers 2]

Upstream is `gateway_mock.py`; client, upstream and gateway share the cores. Everything is on: masks, recognition, instructions, every
verifier of the pack, disclosures, the ledger on disk. Bounded: at most `--streams` connections, half a minute each.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from gateway import HERE, PACK, Subject, begin, end, family, free_port, headers, memory, spawn
from gateway_mock import words
from goals import goal

PIECES, PACE = 400, 20
TEXT = "".join(words(PIECES)).strip()


@contextmanager
def gateway(model: str, workers: int, timeout_s: int = 300) -> Iterator[tuple[Subject, str]]:
    """Our server before the mock's `model`, with the mock's address."""
    with tempfile.TemporaryDirectory() as name:
        folder, port, upstream = Path(name), free_port(), free_port()
        mock = spawn([sys.executable, str(HERE / "gateway_mock.py"), str(upstream)], 1)
        (folder / "endonym.toml").write_text(
            f'embedder = "none"\nanonymous = ["teacher"]\nchain = ["up"]\n[engines.up]\nkind = "openai"\nmodel = "{model}"\n'
            f'languages = ["et", "en", "ru"]\nbase_url = "http://127.0.0.1:{upstream}/v1"\ntimeout_s = {timeout_s}\n')  # fmt: skip
        bundle = folder / "ee.bundle"
        subprocess.run([sys.executable, "-m", "endonym", "build", str(PACK), "-o", str(bundle)], check=True, capture_output=True)

        def start() -> list[subprocess.Popen[bytes]]:
            command = [sys.executable, "-m", "endonym", "serve", str(bundle), "--port", str(port), "--workers", str(workers)]
            return [subprocess.Popen(command, cwd=folder, env={**os.environ, "OMP_NUM_THREADS": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]

        subject = Subject("ours", "estonia-upper-secondary/teacher", f"http://127.0.0.1:{port}/v1", start)
        try:
            begin(subject)
            end(subject)
            begin(subject)
            time.sleep(3)  # the other workers
            yield subject, f"http://127.0.0.1:{upstream}"
        finally:
            end(subject)
            mock.terminate()
            mock.wait(60)


def ask(subject: Subject, number: int, stream: bool) -> bytes:
    text = f"Koosta lühike ülevaade fotosünteesist, variant {number}."
    return json.dumps({"model": subject.model, "stream": stream, "messages": [{"role": "user", "content": text}]}).encode()


async def streams(subject: Subject, count: int) -> tuple[int, list[float], list[float]]:
    """(streams whose text is not the upstream's, seconds to the first text, seconds from there to the end)."""
    wrong, first, rest = 0, list[float](), list[float]()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=300)) as session:
        async def one(number: int) -> None:
            nonlocal wrong
            await asyncio.sleep(number / 100)  # they come a hundred a second
            started, told, text = time.perf_counter(), 0.0, ""
            try:
                async with session.post(f"{subject.address}/chat/completions", data=ask(subject, number, True), headers=headers(subject)) as reply:
                    async for line in reply.content:
                        if line.startswith(b"data: {"):
                            for choice in json.loads(line[6:]).get("choices", ()):
                                text += choice["delta"].get("content") or ""
                            told = told or (time.perf_counter() if text else 0.0)
            except aiohttp.ClientError as error:
                text = repr(error)
            if not text.startswith(TEXT):
                if not wrong:
                    print("the first wrong one:", text[:200], "…", text[-200:])
                wrong += 1
                return
            first.append(told - started)
            rest.append(time.perf_counter() - told)

        await asyncio.gather(*(one(number) for number in range(count)))
    return wrong, first, rest


async def requests(subject: Subject, count: int, first: int) -> None:
    numbers = iter(range(first, first + count))
    async with aiohttp.ClientSession() as session:
        async def client() -> None:
            for number in numbers:
                async with session.post(f"{subject.address}/chat/completions", data=ask(subject, number, False), headers=headers(subject)) as reply:
                    assert reply.status == 200, await reply.text()
                    await reply.read()

        await asyncio.gather(*(client() for _ in range(16)))


async def cut(subject: Subject, upstream: str, count: int) -> list[float]:
    """Milliseconds from a reader's leaving to the end of the upstream connection."""
    found = []
    async with aiohttp.ClientSession() as session:
        for number in range(count):
            async with session.post(f"{subject.address}/chat/completions", data=ask(subject, number, True), headers=headers(subject)) as reply:
                await reply.content.readline()
                await asyncio.sleep(0.7)
                left = time.perf_counter()
                reply.close()
            for _ in range(2000):
                async with session.get(f"{upstream}/cut") as told:
                    if len(json.loads(await told.read())) > number:
                        break
                await asyncio.sleep(0.002)
            found.append((time.perf_counter() - left) * 1000)
    return found


def resident(subject: Subject) -> float:
    """MB of all its processes."""
    return sum(int(line.split()[1]) for pid in family(subject) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")) / 1024


def option(name: str, default: int) -> int:
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def main() -> None:
    workers, count, many = option("--workers", 2), option("--streams", 1000), option("--requests", 100_000)
    if count:
        with gateway(f"paced-{PACE}-{PIECES}", workers) as (subject, upstream):
            wrong, first, rest = asyncio.run(streams(subject, count))
            ideal = PIECES / PACE
            print(f"{count} streams of {PIECES} pieces, {PACE} a second, {workers} workers: first text after {statistics.median(first):.2f} s "
                  f"(p95 {sorted(first)[int(len(first) * 0.95)]:.2f}), from there to the end {statistics.median(rest):.2f} s (slowest {max(rest):.2f}; "
                  f"{ideal:.1f} upstream), {memory(subject):.0f} MB the largest process")  # fmt: skip
            goal("gateway: streams with a lost or misplaced piece", wrong, most=0)
            left = asyncio.run(cut(subject, upstream, 20))
            goal("gateway: ms from a reader's leaving to the end upstream, slowest of 20", max(left), most=100)
    if many:
        with gateway("m", workers) as (subject, _):
            warm = min(10_000, many)
            asyncio.run(requests(subject, warm, 0))
            before, started = resident(subject), time.perf_counter()
            print(f"{warm:,} requests to warm up: {before:.0f} MB in all processes", flush=True)
            for tenth in range(10):
                asyncio.run(requests(subject, many // 10, warm + tenth * (many // 10)))
                print(f"{(tenth + 1) * (many // 10):,} requests: {resident(subject):.0f} MB, {(tenth + 1) * (many // 10) / (time.perf_counter() - started):.0f} a second", flush=True)
            goal("gateway: growth of resident memory over the requests, per cent", (resident(subject) / before - 1) * 100, most=5)


if __name__ == "__main__":
    main()
