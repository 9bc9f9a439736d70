"""Folders of an index: complete or not there, the newest three kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from endonym.adapters.indexes import generations
from endonym.adapters.indexes.generations import Generations


def write(of: Generations, key: str) -> None:
    with of.writing(key) as folder:
        (folder / "key").write_text(key)


def keys(of: Generations, key: str = "") -> list[str]:
    return [(folder / "key").read_text() for folder in of.newest(key)]


def test_what_was_written_a_moment_ago_is_not_removed(tmp_path: Path) -> None:
    of = Generations(tmp_path / "x")
    for key in "baaaaa":
        write(of, key)
    assert keys(of) == list("aaaaab")
    assert keys(of, "b") == ["b"]


def test_of_older_ones_three_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "_RECENT_SECONDS", 0.0)
    of = Generations(tmp_path / "x")
    for key in "abcde":
        write(of, key)
    assert keys(of) == list("edc")


def test_what_a_killed_write_left_goes_after_a_day(tmp_path: Path) -> None:
    of = Generations(tmp_path / "x")
    for age in (0, 25 * 3600):
        left = of.home / f"{age}.tmp"
        left.mkdir(parents=True)
        os.utime(left, (time.time() - age,) * 2)
    (of.home / "lost+found").mkdir()
    write(of, "a")
    assert keys(of) == ["a"]
    assert sorted(path.name for path in of.home.glob("*.tmp")) == ["0.tmp"]
