"""What breaks under a server: its database locked, full, restarted, itself killed. No reply is acknowledged that is not on disk.

Real processes on real files and a real PostgreSQL of the test's own; the matrix of faults is docs/faults.md.
"""

from __future__ import annotations

import glob
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import create_engine, text

from endonym.core.errors import StoreError, StoreUnavailable
from endonym.store.entries import turn_name
from endonym.store.writer import GroupWriter
from tests.wiring.test_supervisor import ASK, Server, serving, until

HOLD = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"


@contextmanager
def locked(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the database; killing it lets go."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


def ask(server: Server, *, stream: bool = False) -> httpx2.Response:
    return httpx2.post(f"{server.address}/v1/chat/completions", json={**ASK, "stream": stream}, timeout=60)


def acknowledged(reply: httpx2.Response) -> str:
    """The trace id of a reply that was told whole; "" for an error in OpenAI's shape, and nothing else is allowed."""
    if reply.status_code == 200:
        return str(reply.json()["endonym"]["trace_id"])
    assert reply.status_code == 503 and reply.json()["error"]["code"] == "store_unavailable", reply.text
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"} and "sqlite" not in reply.text and "psycopg" not in reply.text
    return ""


class Clients:
    """Ask until they are told to stop, and note what was acknowledged. Connections may break; answers may not be anything else."""

    def __init__(self, servers: Sequence[Server], count: int = 4) -> None:
        self.noted: list[tuple[str, str]] = []
        self.refused = self.broken = 0
        self.wrong: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(servers[number % len(servers)],), daemon=True) for number in range(count)]
        for thread in self._threads:
            thread.start()

    def _run(self, server: Server) -> None:
        while not self._stop.is_set():
            try:
                found = acknowledged(ask(server))
            except httpx2.HTTPError:
                self.broken += 1
                continue
            except AssertionError as error:
                self.wrong.append(str(error))
                return
            if found:
                self.noted.append((server.address, found))
            else:
                self.refused += 1
                self._stop.wait(0.1)

    def more(self, count: int, address: str = "") -> None:
        """Wait until so many further replies were acknowledged."""
        def told() -> int:
            return sum(not address or at == address for at, _ in self.noted)

        before = told()
        until(lambda: bool(self.wrong) or told() >= before + count)

    def stop(self) -> set[str]:
        self._stop.set()
        for thread in self._threads:
            thread.join(70)
        assert self.wrong == []
        return {turn for _, turn in self.noted}


def verified(folder: Path) -> int:
    """Entries of a ledger that is whole."""
    run = subprocess.run([sys.executable, "-m", "endonym", "ledger", "verify"], cwd=folder, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0 and "whole" in run.stdout, run.stdout + run.stderr
    return int(run.stdout.split(" ")[0].replace(",", ""))


def kept(database: Path) -> tuple[set[str], set[str]]:
    """(turns in the store, turns in the ledger)."""
    with closing(sqlite3.connect(database)) as connection:
        return named([row[0] for row in connection.execute("SELECT id FROM turns")], [row[0] for row in connection.execute("SELECT turn FROM ledger")])


def named(turns: Iterable[str], entries: Iterable[str]) -> tuple[set[str], set[str]]:
    """The same with the ids of turns in place of their digests, by which the ledger names them."""
    ids = {turn_name(turn).removeprefix("sha256:"): turn for turn in turns}
    return set(ids.values()), {ids.get(entry, entry) for entry in entries}


# ---- locked


def test_a_database_that_another_process_holds_for_some_seconds_is_waited_for(tmp_path: Path) -> None:
    with serving(tmp_path) as server, locked(tmp_path / ".endonym" / "store.sqlite") as holder:
        threading.Timer(2.5, holder.kill).start()
        started = time.monotonic()
        turn = acknowledged(ask(server))
        assert turn and 2 < time.monotonic() - started < 9
    assert kept(tmp_path / ".endonym" / "store.sqlite") == ({turn}, {turn})


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_database_that_is_held_for_long_is_told_and_nothing_acknowledged(tmp_path: Path, stream: bool) -> None:
    with serving(tmp_path) as server:
        database = tmp_path / ".endonym" / "store.sqlite"
        with locked(database):
            started = time.monotonic()
            refused = ask(server, stream=stream)
            assert 9 < time.monotonic() - started < 15
            if stream:
                assert '"code":"store_unavailable"' in refused.text and "trace_id" not in refused.text and refused.text.rstrip().endswith("data: [DONE]")
            else:
                assert acknowledged(refused) == ""
            assert httpx2.get(f"{server.address}/livez", timeout=5).status_code == 200
        turn = acknowledged(ask(server))
    assert turn and kept(database) == ({turn}, {turn})


def test_what_is_nobody_s_own_fault_is_tried_once_for_all() -> None:
    """A locked database is waited for once, not once more for each that waits."""
    tried: list[int] = []
    begun, go = threading.Event(), threading.Event()

    def write(batch: Sequence[str]) -> Sequence[str]:
        begun.set()
        go.wait(5)
        tried.append(len(batch))
        if "bad" in batch:
            raise StoreError("this one cannot be written")
        if len(batch) > 5:
            raise StoreUnavailable("locked")
        return batch

    writer = GroupWriter(write, StoreUnavailable)
    first = writer.put("first")
    begun.wait(5)
    many = [writer.put(str(number)) for number in range(8)]
    go.set()
    assert first.result(5) == "first" and all(isinstance(done.exception(5), StoreUnavailable) for done in many) and tried == [1, 8]
    go.clear()
    begun.clear()
    writer.put("again")
    begun.wait(5)
    mixed = [writer.put(word) for word in ("good", "bad", "fine")]
    go.set()
    assert [type(done.exception(5)).__name__ for done in mixed] == ["NoneType", "StoreError", "NoneType"]
    writer.close()


# ---- full


def test_a_disk_that_is_full_acknowledges_nothing_and_the_server_recovers(tmp_path: Path) -> None:
    """The worker may make no file larger than it is now: SQLite meets the same refusals as on a disk without room."""
    database = tmp_path / ".endonym" / "store.sqlite"
    with serving(tmp_path) as server:
        told = [acknowledged(ask(server))]
        (worker,) = server.workers()
        room = max(path.stat().st_size for path in database.parent.glob("store.sqlite*")) + 100_000
        before = resource.prlimit(worker, resource.RLIMIT_FSIZE)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (room, before[1]))
        told += [acknowledged(ask(server)) for _ in range(15)]
        assert told[1] and told[-1] == "", "the first had room, the last had none"
        streamed = ask(server, stream=True).text
        assert '"code":"store_unavailable"' in streamed and "trace_id" not in streamed
        page = httpx2.post(f"{server.address}/t/tiny/ask", data={"message": "Mis on fotosüntees?"}, timeout=20)
        assert page.status_code == 503 and "Traceback" not in page.text
        assert httpx2.get(f"{server.address}/livez", timeout=5).status_code == 200 and server.workers() == [worker]
        resource.prlimit(worker, resource.RLIMIT_FSIZE, before)
        told += [acknowledged(ask(server)) for _ in range(3)]
        assert all(told[-3:])
    assert kept(database) == (set(filter(None, told)),) * 2 and verified(tmp_path) == len(set(filter(None, told)))


def test_a_file_system_without_room(tmp_path: Path) -> None:
    """The same on a real file system of six megabytes, where the machine lets us make one."""
    (tmp_path / ".endonym").mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", tmp_path / ".endonym"], capture_output=True).returncode:
        pytest.skip("file systems are made by root alone; the test above needs no right")
    database, filler = tmp_path / ".endonym" / "store.sqlite", tmp_path / ".endonym" / "filler"
    try:
        with serving(tmp_path, "--workers", "2") as server:
            until(lambda: len(server.workers()) == 2)
            told = [acknowledged(ask(server))]
            with suppress(OSError), filler.open("wb") as file:
                while True:
                    file.write(bytes(4096))
                    file.flush()
            told += [acknowledged(ask(server)) for _ in range(8)]
            assert told[-1] == ""
            first = server.workers()[0]
            os.kill(first, signal.SIGKILL)  # its successor starts on a full disk
            until(lambda: len(server.workers()) == 2 and first not in server.workers())
            filler.unlink()
            until(lambda: acknowledged(ask(server)) != "")
            told += [acknowledged(ask(server)) for _ in range(4)]
            assert all(told[-4:])
        turns, entries = kept(database)
        assert turns == entries >= set(filter(None, told)) and verified(tmp_path) == len(turns)
    finally:
        subprocess.run(["umount", "-l", tmp_path / ".endonym"], check=True)


# ---- killed


def test_workers_killed_under_load_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as server:
        until(lambda: len(server.workers()) == 2)
        clients = Clients([server])
        clients.more(8)
        for worker in server.workers():
            os.kill(worker, signal.SIGKILL)
            until(lambda gone=worker: len(server.workers()) == 2 and gone not in server.workers())  # type: ignore[misc]
            clients.more(8)
        told = clients.stop()
    turns, entries = kept(tmp_path / ".endonym" / "store.sqlite")
    assert told <= turns == entries and len(told) >= 24 and verified(tmp_path) == len(entries)


# ---- restarted


class Postgres:
    """A PostgreSQL of the test's own, which it may stop and start."""

    def __init__(self, programs: str, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._user = {"user": "nobody"} if os.geteuid() == 0 else {}
        if self._user:
            shutil.chown(folder, "nobody")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--no-sync")
        self.start()
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
            subprocess.run([f"{self._programs}/{program}", *arguments], cwd=self._folder, check=True, timeout=60, stdout=log, stderr=log, **self._user)  # type: ignore[call-overload]

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self._folder} -F"
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self, mode: str) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-m", mode, "stop")


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))  # noqa: PTH207 - an absolute pattern
    if not found:
        pgserver = pytest.importorskip("pgserver", reason="no PostgreSQL is installed here")
        found = [str(Path(pgserver.__file__).parent / "pginstall" / "bin")]
    folder = Path(tempfile.mkdtemp(prefix="endonym-pg-"))
    server = Postgres(found[-1], folder)
    try:
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
        Path(f"{folder}.log").unlink(missing_ok=True)


@contextmanager
def two_gateways(folder: Path, url: str) -> Iterator[list[Server]]:
    """Two servers with one key on one database."""
    for name in ("one", "two"):
        (folder / name).mkdir()
    with serving(folder / "one", settings=f'store = "{url}"\n') as one:
        (folder / "two" / ".endonym").mkdir()
        subprocess.run([sys.executable, "-m", "endonym", "ledger", "key"], cwd=folder / "one", check=True, capture_output=True)
        for key in ("store.key", "ledger.key"):
            shutil.copy2(folder / "one" / ".endonym" / key, folder / "two" / ".endonym" / key)
        with serving(folder / "two", settings=f'store = "{url}"\n') as two:
            yield [one, two]


def test_a_postgres_that_is_restarted_under_load_loses_nothing_that_was_acknowledged(tmp_path: Path, postgres: Postgres) -> None:
    with two_gateways(tmp_path, postgres.url) as servers:
        clients = Clients(servers)
        for server in servers:
            clients.more(5, server.address)
        for mode in ("fast", "immediate"):
            postgres.stop(mode)
            refused = clients.refused
            until(lambda before=refused: clients.refused > before + 2)  # type: ignore[misc]
            assert httpx2.get(f"{servers[0].address}/readyz", timeout=10).status_code == 503
            postgres.start()
            for server in servers:
                clients.more(5, server.address)
        told = clients.stop()
        assert clients.broken == 0 and clients.refused > 0
        until(lambda: httpx2.get(f"{servers[0].address}/readyz", timeout=10).status_code == 200)  # it remembers its last look for a second
    engine = create_engine(postgres.url)
    with engine.connect() as connection:
        turns, entries = named(*(connection.execute(text(statement)).scalars() for statement in ("SELECT id FROM turns", "SELECT turn FROM ledger")))
    engine.dispose()
    assert told <= turns == entries and verified(tmp_path / "one") == len(entries)
