"""`endonym break-glass` as three people use it: at a real terminal, and with files."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_state import endonym, state
from tests.store.test_store import turn

__all__ = ["state"]
READ = ("break-glass", "read", "c1", "--reason", "Help line asked", "--role", "head of school")


@pytest.fixture
def ready(state: Path) -> Path:
    assert endonym(state, "break-glass", "setup", "--share-files", "a", "b", "c")[0] == 0
    return state


class Terminal:
    """`endonym` at a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        own, other = pty.openpty()
        self._process = subprocess.Popen([sys.executable, "-m", "endonym", *arguments], cwd=folder, stdin=other, stdout=other, stderr=other,
                                         env={**os.environ, "TERM": "xterm"}, start_new_session=True)  # fmt: skip
        os.close(other)
        self._own = own
        self._said = b""

    def until(self, words: str) -> str:
        """What it said up to `words`."""
        end = time.monotonic() + 30
        while words.encode() not in self._said:
            assert select.select([self._own], [], [], max(0, end - time.monotonic()))[0], self._said
            self._said += os.read(self._own, 4096)
        said, found, self._said = self._said.partition(words.encode())
        return (said + found).decode()

    def type(self, text: str) -> None:
        os.write(self._own, text.encode() + b"\n")

    def ended(self) -> int:
        return self._process.wait(30)


def test_each_of_three_sees_their_words_once_at_a_terminal_and_two_of_them_read(state: Path) -> None:
    terminal = Terminal(state, "break-glass", "setup")
    shares = []
    for number in (1, 2, 3):
        terminal.until(f"Share {number} of 3")
        terminal.type("")
        shown = terminal.until("not shown again. Press Enter.")
        shares.append(" ".join(re.findall(r"\d+ ([a-z]+)", shown.partition("Write")[0])))
        assert len(shares[-1].split()) == 20
        terminal.type("")
        terminal.until("\x1b[2J")  # cleared before the next one looks
    terminal.until("written theirs down?")
    terminal.type("y")
    terminal.until("is in force and in the ledger; 3 keys of what is kept locked")
    assert terminal.ended() == 0
    reading = Terminal(state, *READ)
    reading.until("holder 1, 20 words:")
    reading.type(shares[2])
    assert not set(shares[2].split()) & set(reading.until("holder 2, 20 words:").split())  # typed unseen
    reading.type(shares[0])
    assert turn(1).reply in reading.until("juba tead?") and reading.ended() == 0


def test_who_does_not_say_that_all_wrote_theirs_down_has_set_up_nothing(state: Path) -> None:
    run = subprocess.run([sys.executable, "-m", "endonym", "break-glass", "setup"], cwd=state, input="\n" * 6 + "n\n", capture_output=True, text=True, timeout=60)
    assert run.returncode == 130
    assert endonym(state, "ledger", "verify")[1].startswith("3 entries")


def test_two_files_read_without_the_operators_key_and_the_ledger_tells(ready: Path) -> None:
    assert {(ready / name).stat().st_mode & 0o777 for name in "abc"} == {0o600}
    (ready / ".endonym" / "store.key").rename(ready / "away.key")
    code, said = endonym(ready, *READ, "--share", "a", "--share", "c")
    assert code == 0 and turn(1).reply in said and "Public for good, in the clear, so it must name nobody: Help line asked" in said
    assert not (ready / ".endonym" / "store.key").exists()
    (ready / "away.key").rename(ready / ".endonym" / "store.key")
    assert endonym(ready, "ledger", "verify")[0] == 0
    assert endonym(ready, "ledger", "export", "-o", "all.jsonl")[0] == endonym(ready, "ledger", "verify", "--from", "all.jsonl")[0] == 0
    last = json.loads((ready / "all.jsonl").read_text("utf-8").splitlines()[-1])["content"]
    assert (last["kind"], last["reason"], last["shares"], last["roles"]) == ("break-glass-read", "Help line asked", ["1", "3"], ["head of school"])
    assert "c1" not in last.values() and "mari" not in json.dumps(last)


@pytest.mark.parametrize(("shares", "said"), [(("a",), "expected 2 shares, found 1"), (("a", "a"), "found share 1 twice"), (("a", "endonym.toml"), "share 2")])
def test_one_holder_alone_reads_nothing(ready: Path, shares: tuple[str, ...], said: str) -> None:
    code, out = endonym(ready, *READ, *(word for share in shares for word in ("--share", share)))
    assert code == 3 and said in out and turn(1).reply not in out
    assert "4 entries" in endonym(ready, "ledger", "verify")[1]


def test_without_a_key_nothing_can_be_read(state: Path) -> None:
    code, said = endonym(state, *READ)
    assert code == 3 and "Run `endonym break-glass setup` first" in said


def test_a_second_set_up_needs_two_old_shares(ready: Path) -> None:
    code, said = endonym(ready, "break-glass", "setup", "--share-files", "d", "e", "f")
    assert code == 3 and "in force already" in said and not (ready / "d").exists()
    assert endonym(ready, "break-glass", "setup", "--replace", "--share-files", "d", "e", "f", "--share", "a")[0] == 3
    assert endonym(ready, "break-glass", "setup", "--replace", "--share-files", "d", "e", "f", "--share", "a", "--share", "b")[0] == 0
    assert endonym(ready, *READ, "--share", "a", "--share", "b")[0] == 3 and endonym(ready, *READ, "--share", "e", "--share", "f")[0] == 0


def test_files_of_shares_are_never_written_over(state: Path) -> None:
    (state / "b").write_text("mine")
    code, said = endonym(state, "break-glass", "setup", "--share-files", "a", "b", "c")
    assert code == 3 and said.startswith("error b: expected to make a new file") and (state / "b").read_text() == "mine" and not (state / "a").exists()
    assert "3 entries" in endonym(state, "ledger", "verify")[1]


def test_a_set_up_that_was_interrupted_is_finished(ready: Path) -> None:
    with sqlite3.connect(ready / ".endonym" / "store.sqlite") as connection:
        connection.execute("UPDATE data_keys SET split = NULL WHERE owner = 'c1'")
    assert endonym(ready, "break-glass", "setup")[1].splitlines()[0] == "finished: 1 more keys locked with the one in force."
    assert endonym(ready, *READ, "--share", "a", "--share", "b")[0] == 0


def test_an_export_of_a_person_needs_two_shares_then_and_tells_who_read(ready: Path) -> None:
    assert endonym(ready, "person", "export", "mari", "-o", "mari.json")[0] == 3 and not (ready / "mari.json").exists()
    endonym(ready, *READ, "--share", "a", "--share", "b")
    assert endonym(ready, "person", "export", "mari", "-o", "mari.json", "--share", "b", "--share", "c")[0] == 0
    told = json.loads((ready / "mari.json").read_text("utf-8"))["reads"]
    assert [(one["kind"], one["read"], one.get("reason"), one["shares"]) for one in told] == [
        ("break-glass-read", "c1", "Help line asked", ["1", "2"]), ("person-export", "mari", None, ["2", "3"])]  # fmt: skip
    assert endonym(ready, "person", "erase", "mari", "--yes")[0] == 0 and endonym(ready, "ledger", "verify")[0] == 0


def test_what_students_wrote_does_not_steer_the_terminal(state: Path) -> None:
    from endonym.store import Store
    from endonym.store.seal import key_file

    store = Store.sqlite(state / ".endonym" / "store.sqlite", key_file(state / ".endonym" / "store.key"))
    store.start_conversation("c9", {"bundle": "pack"})
    store.save_turn(turn(9, "\x1b]0;owned\x07tere"), "c9")
    store.close()
    endonym(state, "break-glass", "setup", "--share-files", "a", "b", "c")
    said = endonym(state, "break-glass", "read", "c9", "--reason", "A complaint", "--share", "a", "--share", "b")[1]
    assert "\x1b" not in said and "�]0;owned�tere" in said
