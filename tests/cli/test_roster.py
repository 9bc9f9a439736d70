"""`endonym roster` and `endonym assessment` as an operator uses them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.conftest import TINY
from tests.roster.sets import oneroster, zipped

TO = ("--school", "tartu", "--bundle", str(TINY), "--teacher", "kersti")


def test_a_list_is_rehearsed_imported_and_brought_again(tmp_path: Path) -> None:
    (tmp_path / "set.zip").write_bytes(zipped(oneroster()))
    checked = run("roster", "check", "set.zip", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "") and "1 classes, 2 students; 0 error(s)" in checked.stdout
    tried = run("roster", "import", "set.zip", *TO, "--dry-run", cwd=tmp_path)
    assert tried.returncode == 0 and tried.stdout == "" and "Bioloogia 11b: new class, students: 2, new: 2" in tried.stderr and "rehearsal" in tried.stderr
    done = run("roster", "import", "set.zip", *TO, "--sheet", "codes.csv", cwd=tmp_path)
    rows = list(csv.DictReader((tmp_path / "codes.csv").read_text("utf-8-sig").splitlines()))
    assert done.returncode == 0 and [row["name"] for row in rows] == ["Mari Tamm", "Jaan Õun"] and all(len(row["code"]) == 19 for row in rows)
    assert (tmp_path / "codes.csv").stat().st_mode & 0o777 == 0o600
    again = run("roster", "import", "set.zip", *TO, "--sheet", "again.csv", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "") and "Nothing changes." in again.stderr and not (tmp_path / "again.csv").exists()
    page = run("roster", "import", "set.zip", *TO, "--new-code", "Jaan Õun", "--sheet", "new.html", "--address", "https://x.example", cwd=tmp_path)
    assert page.returncode == 0 and "https://x.example/join" in (tmp_path / "new.html").read_text("utf-8")


def test_one_fault_keeps_everything_out_until_it_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("class,name\n11b,Mari Tamm\n11b,=1+1\n", "utf-8")
    checked = run("roster", "check", "list.csv", "--format", "json", cwd=tmp_path)
    (found,) = json.loads(checked.stdout)["diagnostics"]
    assert checked.returncode == 1 and (found["code"], found["file"], found["line"], found["found"]) == ("RO017", "list.csv", 3, "=1+1") and found["remedy"]
    kept_out = run("roster", "import", "list.csv", *TO, cwd=tmp_path)
    assert kept_out.returncode == 1 and "list.csv:3:1: error RO017" in kept_out.stderr and not (tmp_path / ".endonym").exists()
    assert run("roster", "import", "list.csv", *TO, "--skip-faulty", "--remove-missing", cwd=tmp_path).returncode == 1
    skipped = run("roster", "import", "list.csv", *TO, "--skip-faulty", cwd=tmp_path)
    assert skipped.returncode == 0 and [row["name"] for row in csv.DictReader(skipped.stdout.splitlines())] == ["Mari Tamm"]


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (("check", "nothing.csv"), 1, "nothing.csv: expected a roster's file or folder, found a fault"),
    (("import", "list.csv", *TO, "--class", "12a"), 2, "expected a class of the file, found '12a'"),
    (("import", "list.csv", *TO, "--language", "fi"), 2, "expected one of et, en, found 'fi'"),
    (("import", "list.csv", *TO, "--sheet", "nowhere/codes.csv"), 2, "nowhere/codes.csv: cannot be written"),
    (("import", "list.csv", *TO, "--new-code", "Keegi"), 2, "expected a student of the file, found 'Keegi'"),
    (("import", "list.csv", "--school", "tartu", "--bundle", "nothing", "--teacher", "kersti"), 1, "expected the folder of a pack"),
])  # fmt: skip
def test_what_cannot_be_is_told(tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    (tmp_path / "list.csv").write_text("class,name\n11b,Mari Tamm\n", "utf-8")
    done = run("roster", *arguments, cwd=tmp_path)
    assert done.returncode == code and said in done.stderr, done.stderr


def test_a_draft_of_an_assessment_names_engines_by_their_declarations(tmp_path: Path) -> None:
    (tmp_path / "endonym.toml").write_text('chain = ["ours"]\n[engines.ours]\nkind = "openai"\nbase_url = "https://x.example/v1"\nroute = "external"\n'
                                           'storage_region = "EU"\ninference_region = "EU"\nkey_holder = "Näidis OÜ"\njurisdiction = "EE"\n'
                                           'training_use = "none"\ntelemetry = "none"\n', "utf-8")  # fmt: skip
    done = run("assessment", str(TINY), "--school", "Tartu <b>", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("<!doctype html>") and "Näidis OÜ" in done.stdout and "Tartu &lt;b&gt;" in done.stdout
    assert "<script" not in done.stdout and "ei ole õigusnõu" in done.stdout
    assert run("assessment", str(TINY), "--language", "fi", cwd=tmp_path).returncode == 2
