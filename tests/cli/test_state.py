"""`endonym ledger`, `person` and `store` on a real state folder, as an operator uses them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from endonym.store import Store
from endonym.store.seal import key_file
from tests.store.test_store import turn


def endonym(folder: Path, *arguments: str) -> tuple[int, str]:
    run = subprocess.run([sys.executable, "-m", "endonym", *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout + run.stderr


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A folder with a state of three turns, two of them of mari."""
    (tmp_path / "endonym.toml").write_text('ledger_name = "school.example/ledger"\n')
    store = Store.sqlite(tmp_path / ".endonym" / "store.sqlite", key_file(tmp_path / ".endonym" / "store.key"))
    store.start_conversation("c1", {"bundle": "pack"}, "mari")
    for number, conversation, person in ((1, "c1", "mari"), (2, "", "mari"), (3, "", "jaan")):
        store.save_turn(turn(number), conversation, person)
    store.close()
    return tmp_path


def test_a_reply_is_proved_to_somebody_with_the_public_key_alone(state: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert endonym(state, "ledger", "prove", "turn_1")[0] == 3
    assert endonym(state, "ledger", "checkpoint")[1].startswith("school.example/ledger\n3\n")
    key = endonym(state, "ledger", "key")[1].strip()
    assert endonym(state, "ledger", "prove", "turn_1", "-o", "proof.json")[0] == 0
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "proof.json").write_bytes((state / "proof.json").read_bytes())
    (elsewhere / "reply.txt").write_text(turn(1).reply, "utf-8")
    code, said = endonym(elsewhere, "ledger", "check", "proof.json", "--key", key, "--reply", "reply.txt")
    assert code == 0 and "pack/student gave this reply on 2026-11-24" in said
    (elsewhere / "reply.txt").write_text("Vastus on 42.", "utf-8")
    code, said = endonym(elsewhere, "ledger", "check", "proof.json", "--key", key, "--reply", "reply.txt")
    assert code == 1 and "the text is not the reply of this entry" in said


def test_a_ledger_that_somebody_changed_does_not_verify(state: Path) -> None:
    (state / "kept.txt").write_text(endonym(state, "ledger", "checkpoint")[1], "utf-8")
    assert endonym(state, "ledger", "verify") == (0, "3 entries, 1 checkpoints: whole\n")
    assert endonym(state, "ledger", "export", "-o", "all.jsonl")[0] == 0
    assert endonym(state, "ledger", "verify", "--from", "all.jsonl", "--checkpoint", "kept.txt")[0] == 0
    with sqlite3.connect(state / ".endonym" / "store.sqlite") as connection:
        connection.execute("UPDATE ledger SET content = replace(content, 'guide', 'model') WHERE number = 2")
    code, said = endonym(state, "ledger", "verify")
    assert code == 1 and "entry 2: its content was changed" in said


def test_a_person_gets_their_data_and_is_erased(state: Path) -> None:
    assert endonym(state, "person", "export", "mari", "-o", "mari.json")[0] == 0
    data = json.loads((state / "mari.json").read_text("utf-8"))
    assert [len(one["turns"]) for one in data["conversations"]] == [1, 1] and (state / "mari.json").stat().st_mode & 0o077 == 0
    assert endonym(state, "person", "erase", "mari")[0] == 130  # nobody said yes
    code, said = endonym(state, "person", "erase", "mari", "--yes")
    assert code == 0 and "1 conversation(s), 2 turn(s)" in said
    assert b"mari" not in b"".join(path.read_bytes() for path in (state / ".endonym").iterdir())
    assert "nothing is kept of 'mari'" in endonym(state, "person", "export", "mari", "-o", "again.json")[1]
    assert endonym(state, "ledger", "verify")[0] == 0


def test_who_erases_while_another_program_reads_is_told_what_still_stands_there(state: Path) -> None:
    log, file = state / ".endonym" / "store.sqlite-wal", state / ".endonym" / "store.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM turns").fetchone()
        code, said = endonym(state, "person", "erase", "mari", "--yes")
        assert code == 0 and "still stands in the log beside it" in said and log.stat().st_size > 0
    code, said = endonym(state, "person", "erase", "mari", "--yes")
    assert code == 0 and "still stands" not in said and b"mari" not in file.read_bytes()


def test_somebody_with_practice_alone_is_exported_and_the_ledger_says_so(state: Path) -> None:
    store = Store.sqlite(state / ".endonym" / "store.sqlite", key_file(state / ".endonym" / "store.key"))
    store.practice.keep("liis", "pack", "term:leaf", "a", lambda _: {"seen": 1})
    store.classes.new_return_code("liis")
    store.close()
    assert endonym(state, "person", "export", "liis", "-o", "liis.json") == (0, "liis.json: practice 1, reads 1, a return code\n")
    data = json.loads((state / "liis.json").read_text("utf-8"))
    assert data["practice"][0]["item"] == "term:leaf" and data["return_code"]["made"] and [one["kind"] for one in data["reads"]] == ["person-export"]
    assert endonym(state, "ledger", "verify") == (0, "4 entries, 0 checkpoints: whole\n")


def test_after_a_rotation_everything_is_still_read(state: Path) -> None:
    before = (state / ".endonym" / "store.key").read_text()
    assert endonym(state, "store", "rotate")[0] == 0
    after = (state / ".endonym" / "store.key").read_text()
    assert len(after.split()) == 1 and after != before
    endonym(state, "person", "export", "jaan", "-o", "jaan.json")
    assert turn(3).reply in (state / "jaan.json").read_text("utf-8")


def test_the_state_is_readable_by_its_owner_alone(state: Path) -> None:
    assert {path.name: path.stat().st_mode & 0o077 for path in (state / ".endonym").iterdir() if path.suffix in (".key", ".sqlite")} == {
        "store.key": 0, "store.sqlite": 0}  # fmt: skip
