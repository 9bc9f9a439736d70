from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_commands import run


def test_what_is_exported_can_be_put_back(tiny: Path) -> None:
    for form, place, table in (("case", "curriculum/outcomes.json", "curriculum/outcomes.csv"), ("tbx", "glossary.tbx", "glossary.csv")):
        done = run("export", str(tiny), "--as", form, "-o", str(tiny / place))
        assert done.returncode == 0 and done.stdout == f"{tiny / place}: 2 {'outcomes' if form == 'case' else 'terms'}\n"
        (tiny / table).unlink()
    assert run("check", str(tiny), "--strict", "--quiet").returncode == 0


def test_it_prints_where_no_file_is_named(tiny: Path) -> None:
    package = json.loads(run("export", str(tiny), "--as", "case", "--as-of", "2026-11-24").stdout)
    assert package["CFDocument"]["lastChangeDateTime"] == "2026-11-24T00:00:00Z"
    assert run("export", str(tiny), "--as", "tbx").stdout.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<tbx ')


def test_nothing_is_exported_of_a_broken_table_or_of_none(tiny: Path) -> None:
    with (tiny / "glossary.csv").open("a", encoding="utf-8") as file:
        file.write("one,two\n")
    done = run("export", str(tiny), "--as", "tbx")
    assert done.returncode == 1 and "tiny/glossary.csv:4:1" in done.stderr and "endonym check" in done.stderr and done.stdout == ""
    (tiny / "curriculum/outcomes.csv").unlink()
    assert "found none" in run("export", str(tiny), "--as", "case").stderr


def test_help_has_examples() -> None:
    assert "Examples:" in run("export", "--help").stdout
