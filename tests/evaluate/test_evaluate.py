from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from endonym.core.errors import EndonymError
from endonym.evaluate.statistics import wilson
from endonym.records import read_record


def run(tiny: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "endonym", "eval", str(tiny), "--engine", "guide", *arguments]
    return subprocess.run(command, cwd=tiny.parent, capture_output=True, text=True, check=False)


def test_examples_and_cases_are_scored_and_recorded(tiny: Path) -> None:
    done = run(tiny, "-o", "record.json")
    assert done.returncode == 0, done.stderr
    assert "95 % interval" in done.stdout
    record = read_record(tiny.parent / "record.json")
    assert {score.sample for score in record.scores} == {"omit_child/1", "reply_in_estonian/1", "first_question"}
    assert {tally.scorer: (tally.passed, tally.total) for tally in record.tallies} == {
        "disclosure": (1, 1), "kind": (1, 1), "language": (1, 1), "lesson": (1, 1), "questions": (1, 1), "all": (5, 5),
    }  # fmt: skip


def test_a_planted_fault_is_seen(tiny: Path) -> None:
    """An assistant that asks twice where one question is allowed must fail its case."""
    lesson = tiny / "lessons/biology/fotosuntees.et.md"
    lesson.write_text(lesson.read_text("utf-8").replace("Iga hingetõmme sõltub taimedest.", "Kas tead, et iga hingetõmme sõltub taimedest?"), "utf-8")
    data = json.loads(run(tiny, "--format", "json").stdout)
    failed = [(score["sample"], score["scorer"]) for score in data["scores"] if not score["passed"]]
    assert failed == [("first_question", "questions")]


def test_a_gate_that_is_not_reached_exits_with_1(tiny: Path) -> None:
    """Five of five leave the interval's lower end at 57 %."""
    manifest = tiny / "pack.toml"
    text = manifest.read_text("utf-8")
    for asked, code, said in ((0.5, 0, "50% at the lower end of the interval: reached"), (0.6, 1, "60% at the lower end of the interval: not reached")):
        manifest.write_text(text + f"\n[gates]\npass_rate = {asked}\n", "utf-8")
        done = run(tiny)
        assert (done.returncode, said in done.stdout) == (code, True), done.stdout


def test_wilson_agrees_with_published_values() -> None:
    """Source: Newcombe 1998, doi 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I, method 3."""
    assert [round(bound, 4) for bound in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(bound, 4) for bound in wilson(0, 20)] == [0.0, 0.1611]
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_broken_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('{"format": 2}')
    with pytest.raises(EndonymError, match="expected an evaluation record"):
        read_record(tmp_path / "r.json")
