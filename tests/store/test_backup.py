"""Backup and restore by the very commands of docs/state.md, while turns are written; what a backup must never do."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep

import pytest

from endonym.core.clock import now
from endonym.core.errors import StoreError, StoreUnavailable
from endonym.store import Store
from endonym.store.backup import back_up, restore
from endonym.store.entries import turn_name
from endonym.store.seal import key_file, rsa_key
from tests.store.test_store import turn

STATE = Path(__file__).parents[2] / "docs" / "state.md"


def documented(name: str, folder: Path, **variables: str) -> str:
    """Run a block of the page as a reader would; what it printed."""
    found = re.search(rf"^```sh {name}\n(.*?)^```", STATE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"docs/state.md has no block {name}"
    (folder / "elsewhere").mkdir(exist_ok=True)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(["sh", "-euc", found.group(1)], cwd=folder, env={**os.environ, "PATH": path, **variables}, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@contextmanager
def writing(store: Store) -> Iterator[list[str]]:
    """Turns go on being written meanwhile, one conversation among them; the ids of those that are on disk."""
    done: list[str] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            number = len(done) + 1
            store.save_turn(turn(number), "c1" if number % 2 else "")
            done.append(f"turn_{number}")

    store.start_conversation("c1", {"bundle": "pack", "audience": "student"}, "mari")
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while len(done) < 20:
            stop.wait(0.02)
        yield done
    finally:
        stop.set()
        thread.join()


def expect_restored(store: Store, before: list[str], after: int) -> None:
    """Everything that was on disk before the backup began is there, in the clear and in the ledger, and nothing is half there."""
    held = {turn.id for turn in store.turns("c1")} | {number for number in before if store.turn(number)}
    assert set(before) <= held and store.turn(before[0]) is not None
    assert [one.reply for one in store.turns("c1")][:3] == [turn(number).reply for number in (1, 3, 5)]
    ids = {turn_name(one): one for one in (*held, *(f"turn_{number}" for number in range(1, after + 1)))}
    entries = [ids[str(entry.content["turn"])] for entry in store.ledger()]
    assert entries[: len(before)] == before and len(before) <= len(entries) <= after and all(store.turn(number) for number in entries)


def test_sqlite_as_documented_while_turns_are_written(tmp_path: Path) -> None:
    state = tmp_path / ".endonym"
    registered = rsa_key(state / "lti.key")
    with closing(Store.sqlite(state / "store.sqlite", key_file(state / "store.key"))) as store:
        with writing(store) as done:
            before = list(done)
            documented("backup-sqlite", tmp_path)
            while len(done) < len(before) + 20:
                sleep(0.02)
        written = len(done)
    assert (tmp_path / "backup.sqlite").stat().st_mode & 0o077 == 0 and not (tmp_path / "backup.sqlite-wal").exists()
    new = tmp_path / "new machine"
    new.mkdir()
    shutil.move(tmp_path / "backup.sqlite", new)
    shutil.move(tmp_path / "elsewhere", new)
    shutil.rmtree(state)
    assert "whole" in documented("restore-sqlite", new) and rsa_key(new / ".endonym" / "lti.key") == registered
    with closing(Store.sqlite(new / ".endonym" / "store.sqlite", key_file(new / ".endonym" / "store.key"))) as store:
        expect_restored(store, before, written)


@pytest.mark.xdist_group("postgres")
def test_postgres_as_documented_while_turns_are_written(tmp_path: Path, server: str) -> None:
    from uuid import uuid4

    from sqlalchemy import create_engine, text

    if not (shutil.which("pg_dump") and shutil.which("pg_restore")):
        pytest.skip("pg_dump is not installed")
    names = [f"endonym_{uuid4().hex[:12]}" for _ in range(2)]
    admin = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        url = server.format(database=names[0])
        state = tmp_path / ".endonym"
        state.mkdir()
        with closing(Store(url, key_file(state / "store.key"))) as store:
            with writing(store) as done:
                before = list(done)
                documented("backup-postgres", tmp_path, ENDONYM_STORE=url, DATABASE=url.replace("+psycopg", ""))
            written = len(done)
        new = tmp_path / "new machine"
        new.mkdir()
        shutil.move(tmp_path / "backup.dump", new)
        shutil.move(tmp_path / "elsewhere", new)
        url = server.format(database=names[1])
        assert "whole" in documented("restore-postgres", new, ENDONYM_STORE=url, DATABASE=url.replace("+psycopg", ""))
        with closing(Store(url, key_file(new / ".endonym" / "store.key"))) as store:
            expect_restored(store, before, written)
    finally:
        with admin.connect() as connection:
            for name in names:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One with three turns, and a backup `kept` of it."""
    path = tmp_path / "store.sqlite"
    with closing(Store.sqlite(path, key_file(tmp_path / "store.key"))) as store:
        for number in (1, 2, 3):
            store.save_turn(turn(number))
    back_up(path, tmp_path / "kept")
    return path


def count(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM turns").fetchone()[0])


def test_what_stood_there_is_kept_and_its_log_is_not_played_into_the_backup(database: Path, tmp_path: Path) -> None:
    store = Store.sqlite(database, key_file(tmp_path / "store.key"))
    store.save_turn(turn(4))
    for end in ("", "-wal", "-shm"):  # as after a crash: a log that was never folded in
        shutil.copy2(f"{database}{end}", f"{tmp_path / 'crashed'}{end}")
    store.close()
    assert Path(f"{tmp_path / 'crashed'}-wal").stat().st_size > 0
    entries, aside = restore(tmp_path / "kept", tmp_path / "crashed")
    assert entries == 3 and aside is not None and count(aside) == 4 and count(tmp_path / "crashed") == 3
    assert aside.stat().st_mode & 0o077 == 0 and not Path(f"{tmp_path / 'crashed'}-wal").exists()


def test_while_a_server_has_it_open_nothing_is_restored(database: Path, tmp_path: Path) -> None:
    with closing(Store.sqlite(database, key_file(tmp_path / "store.key"))) as store:
        assert store.ledger_size() == 3
        with pytest.raises(StoreUnavailable, match="expected that nobody has the database open"):
            restore(tmp_path / "kept", database)
        store.save_turn(turn(4))
    assert count(database) == 4 and restore(tmp_path / "kept", database)[0] == 3 and count(database) == 3


def test_a_backup_that_is_damaged_cut_or_something_else_replaces_nothing(database: Path, tmp_path: Path) -> None:
    data = (tmp_path / "kept").read_bytes()
    (tmp_path / "cut").write_bytes(data[: len(data) // 2])
    (tmp_path / "text").write_text("no database")
    with closing(sqlite3.connect(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE t (x)")
    before = database.read_bytes()
    for name in ("cut", "text", "other"):
        with pytest.raises(StoreError, match="expected a whole database of Endonym"):
            restore(tmp_path / name, database)
    assert database.read_bytes() == before


def test_a_damaged_database_is_replaced_and_kept(database: Path, tmp_path: Path) -> None:
    database.write_bytes(b"broken" * 1000)
    entries, aside = restore(tmp_path / "kept", database)
    assert entries == 3 and count(database) == 3 and aside is not None and aside.read_bytes() == b"broken" * 1000


def refusing(code: int) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return refuse


@pytest.mark.parametrize("links", [True, False])
def test_three_times_in_one_second_all_that_stood_there_is_kept_also_without_hard_links(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refusing(errno.EPERM))
    moment = now()
    monkeypatch.setattr("endonym.store.backup.now", lambda: moment)
    database.write_bytes(b"broken" * 1000)
    stood = []
    for _ in range(3):
        entries, aside = restore(tmp_path / "kept", database)
        assert entries == 3 and aside is not None and count(database) == 3
        stood.append(aside)
    assert len(set(stood)) == 3 and stood[0].read_bytes() == b"broken" * 1000
    assert [count(aside) for aside in stood[1:]] == [3, 3]
    assert all(aside.stat().st_mode & 0o077 == 0 for aside in stood) and not [*tmp_path.glob("*.part"), *tmp_path.glob("*.new")]


def test_what_cannot_be_kept_beside_is_not_replaced(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refusing(errno.EPERM))
    monkeypatch.setattr(shutil, "copyfileobj", refusing(errno.ENOSPC))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM turns WHERE id = 'turn_1'")
        connection.commit()
    with pytest.raises(StoreError, match=r"cannot be replaced: .*No space left") as caught:
        restore(tmp_path / "kept", database)
    assert caught.value.remedy and count(database) == 2 and not list(tmp_path.glob("*.before-*"))


def test_a_backup_has_a_name_of_its_own_and_half_of_one_has_none(database: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="expected a name that is not taken"):
        back_up(database, tmp_path / "kept")
    with pytest.raises(StoreError, match="expected a database, found none"):
        back_up(tmp_path / "none", tmp_path / "new")
    code = ("import resource, sys; from pathlib import Path; from endonym.store.backup import back_up\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\nback_up(Path(sys.argv[1]), Path(sys.argv[2]))")  # fmt: skip
    run = subprocess.run([sys.executable, "-c", code, database, tmp_path / "full"], capture_output=True, text=True)
    assert "StoreError" in run.stderr and not list(tmp_path.glob("full*"))
