"""`endonym serve` as processes: workers that die are replaced, packs are exchanged while requests go on, streams end or are told."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.adapters.engines.scripted import Scripted, chunk, scripted
from tests.conftest import TINY

ASK = {"model": "tiny/student", "messages": [{"role": "user", "content": "Mis on fotosüntees?"}]}


def _state(pid: str) -> str:
    """Of a process, by the letter of proc(5); "" where it went meanwhile."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


class Server:
    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def workers(self) -> list[int]:
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in found if _state(pid) not in ("Z", "")]

    def digest(self) -> str:
        return str(httpx2.get(f"{self.address}/healthz", timeout=20).json()["bundles"]["tiny"])


@contextmanager
def serving(folder: Path, *arguments: str, settings: str = "") -> Iterator[Server]:
    shutil.copytree(TINY, folder / "packs" / "tiny")
    (folder / "endonym.toml").write_text('embedder = "none"\nchain = []\n' + settings)
    process = subprocess.Popen([sys.executable, "-m", "endonym", "serve", "packs/tiny", "--port", "0", *arguments], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://[\d.:]+", line)
        assert found, line
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield Server(process, found.group())
    finally:
        process.terminate()
        try:
            process.wait(60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def until(done: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def asking(server: Server, stop: threading.Event, answered: list[int], failed: list[str]) -> None:
    while not stop.is_set():
        try:
            reply = httpx2.post(f"{server.address}/v1/chat/completions", json=ASK, timeout=30)
            (answered.append if reply.status_code == 200 else failed.append)(reply.status_code)  # type: ignore[arg-type]
        except httpx2.HTTPError as error:
            failed.append(repr(error))
            stop.wait(0.2)


def test_packs_are_exchanged_while_requests_go_on_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as server:
        until(lambda: len(server.workers()) == 2)
        before, old = server.digest(), server.workers()
        stop, answered, failed = threading.Event(), list[int](), list[str]()
        thread = threading.Thread(target=asking, args=(server, stop, answered, failed), daemon=True)
        thread.start()
        pack = tmp_path / "packs" / "tiny" / "pack.toml"
        pack.write_text(pack.read_text("utf-8").replace('et = "Pisike"', 'et = "Pisikene"'), "utf-8")
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.digest() != before and not set(old) & set(server.workers()) and len(server.workers()) == 2)
        after = server.digest()
        pack.write_text(pack.read_text("utf-8").replace("[title]", "[titel]"), "utf-8")
        workers = server.workers()
        server.process.send_signal(signal.SIGHUP)
        until(lambda: len(server.workers()) > len(workers))
        until(lambda: sorted(server.workers()) == sorted(workers))
        stop.set()
        thread.join()
        assert server.digest() == after and failed == [] and len(answered) > 10


def whole(connection: socket.socket) -> bytes:
    """An answer of `/livez`, whose head and body may come one after the other."""
    said = b""
    while b'{"status":"ok"}' not in said and (piece := connection.recv(4096)):
        said += piece
    return said


@pytest.mark.parametrize("used", [False, True], ids=["a new connection", "a connection in use"])
def test_a_request_that_comes_as_the_server_stops_is_answered(tmp_path: Path, used: bool) -> None:
    ask = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
    with serving(tmp_path) as server:
        url = httpx2.URL(server.address)
        with socket.create_connection((url.host, url.port or 0), timeout=20) as connection:
            if used:
                connection.sendall(ask)
                assert b"200 OK" in whole(connection)
            time.sleep(0.2)
            server.process.terminate()
            time.sleep(0.4)
            connection.sendall(ask)
            said = whole(connection)
    assert b"200 OK" in said


def test_a_worker_that_is_killed_is_replaced_and_its_ledger_is_whole(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as server:
        until(lambda: len(server.workers()) == 2)
        for _ in range(3):
            assert httpx2.post(f"{server.address}/v1/chat/completions", json=ASK, timeout=30).status_code == 200
        first, other = server.workers()
        os.kill(first, signal.SIGKILL)
        until(lambda: len(server.workers()) == 2 and first not in server.workers())
        assert other in server.workers()
        assert httpx2.post(f"{server.address}/v1/chat/completions", json=ASK, timeout=30).status_code == 200
    run = subprocess.run([sys.executable, "-m", "endonym", "ledger", "verify"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0 and run.stdout.startswith("4 entries")


def test_workers_do_not_outlive_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        (worker,) = server.workers()
        server.process.kill()
        until(lambda: not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2])


@pytest.fixture
def upstream() -> Iterator[Scripted]:
    with scripted() as engine:
        yield engine


def stream(server: Server, said: list[str]) -> None:
    with httpx2.stream("POST", f"{server.address}/v1/chat/completions", json={**ASK, "stream": True}, timeout=60) as reply:
        said.extend(line for line in reply.iter_lines() if line)


@pytest.mark.parametrize(("pause", "last"), [(1.5, "stop"), (20.0, "server_stopping")])
def test_a_stream_that_runs_when_the_server_stops_ends_or_is_told(tmp_path: Path, upstream: Scripted, pause: float, last: str) -> None:
    upstream.script = [chunk("Taimed vajavad kasvamiseks palju valgust. "), chunk("Mida"), pause, chunk(" sa sellest arvad?", "stop"), b"data: [DONE]\n\n"]
    engine = (f'chains = {{tiny = ["ours"]}}\ngrace_s = 4\n[engines.ours]\nkind = "openai"\nbase_url = "http://127.0.0.1:{upstream.port}/v1"\n'
              'model = "m"\nlanguages = ["et"]\n')  # fmt: skip
    with serving(tmp_path, settings=engine) as server:
        said: list[str] = []
        thread = threading.Thread(target=stream, args=(server, said), daemon=True)
        thread.start()
        until(lambda: any("palju valgust" in line for line in said))
        server.process.terminate()
        assert server.process.wait(40) == 0
        thread.join()
    assert said[-1] == "data: [DONE]"
    ends = [json.loads(line.removeprefix("data: ")) for line in said[:-1]]
    assert (ends[-1]["error"]["code"] if "error" in ends[-1] else ends[-1]["choices"][0]["finish_reason"]) == last


def test_a_pack_that_does_not_compile_says_so_and_exits(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "packs" / "tiny")
    pack = tmp_path / "packs" / "tiny" / "pack.toml"
    pack.write_text(pack.read_text("utf-8").replace("[title]", "[titel]"), "utf-8")
    run = subprocess.run([sys.executable, "-m", "endonym", "serve", "packs/tiny", "--port", "0"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1 and "title: expected this key" in run.stderr and "Traceback" not in run.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        port = server.address.rpartition(":")[2]
        run = subprocess.run([sys.executable, "-m", "endonym", "serve", "packs/tiny", "--port", port], cwd=tmp_path, capture_output=True, text=True)
        assert run.returncode == 2 and f"port {port}" in run.stderr


def own_address() -> str:
    """An IPv4 address of this machine that others may have, or "" where it has none."""
    try:
        found = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    except OSError:
        return ""
    return next((address for address in found if "." in address and not address.startswith("127.")), "")


def test_from_elsewhere_the_api_asks_for_a_key_and_the_tutor_is_closed_until_it_is_opened(tmp_path: Path) -> None:
    outside = own_address()
    if not outside:
        pytest.skip("this machine has no address but its own loopback")
    for opened in (False, True):
        folder = tmp_path / str(opened)
        folder.mkdir()
        with serving(folder, settings=f'host = "0.0.0.0"\nopen_tutor = {str(opened).lower()}\n') as server:
            port = server.address.rpartition(":")[2]
            for path, status in (("/v1/models", 401), ("/metrics", 403), ("/t/tiny", 200 if opened else 403), ("/healthz", 200)):
                assert httpx2.get(f"http://{outside}:{port}{path}", timeout=20).status_code == status, path
            assert httpx2.get(f"http://127.0.0.1:{port}/t/tiny", timeout=20).status_code == 200
            assert httpx2.get(f"http://127.0.0.1:{port}/t/tiny", headers={"x-forwarded-for": "203.0.113.7"}, timeout=20).status_code == (200 if opened else 403)
