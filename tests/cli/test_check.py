"""`endonym check` as people, editors and build servers run it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import jsonschema

from tests.cli.test_commands import run
from tests.pack.test_load import edit

FAULT = ("adaptations/omit_child.md", "adapts: answer_on_public_matters", "adapts: no_emotion_inference")


def test_a_finding_has_place_code_words_and_remedy_and_the_last_line_counts(tiny: Path) -> None:
    edit(tiny, *FAULT)
    done = run("check", "packs/tiny", cwd=tiny.parent.parent)
    assert done.returncode == 1
    assert re.search(r"^packs/tiny/adaptations/omit_child\.md:4: error AU001 [a-z-]+\n    .+\n    → .+", done.stdout, re.MULTILINE)
    assert re.search(r"\d+ errors?, \d+ warnings?, \d+ for information \(as of \d{4}-\d\d-\d\d\)\s*$", done.stdout)
    assert "\x1b" not in done.stdout


def test_json_for_scripts(tiny: Path) -> None:
    edit(tiny, *FAULT)
    found = json.loads(run("check", str(tiny), "--format", "json").stdout)["diagnostics"]
    assert all({"code", "name", "severity", "file", "line", "column", "message", "remedy"} <= set(row) for row in found)
    assert [row["line"] for row in found if row["code"] == "AU001"] == [4]


def test_sarif_has_what_its_standard_demands(tiny: Path) -> None:
    """Source: SARIF 2.1.0 (OASIS), sections 3.13, 3.14, 3.27: the required parts, and rule indices that point right."""
    edit(tiny, *FAULT)
    log = json.loads(run("check", "tiny", "--format", "sarif", cwd=tiny.parent).stdout)
    text = {"type": "object", "required": ["text"]}
    place = {"type": "object", "required": ["artifactLocation", "region"]}
    result = {
        "type": "object", "required": ["ruleId", "level", "message", "locations"],
        "properties": {"message": text, "level": {"enum": ["error", "warning", "note"]},
                       "locations": {"items": {"properties": {"physicalLocation": place}, "required": ["physicalLocation"]}}},
    }  # fmt: skip
    driver = {"type": "object", "required": ["name", "rules"]}
    run_ = {"required": ["tool", "results"], "properties": {"results": {"items": result}, "tool": {"properties": {"driver": driver}}}}
    jsonschema.validate(log, {"required": ["version", "runs"], "properties": {"version": {"const": "2.1.0"}, "runs": {"items": run_}}})
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in log["runs"][0]["results"])
    assert "AU001" in {r["ruleId"] for r in log["runs"][0]["results"]}


def test_annotations_of_github_are_one_line_each(tiny: Path) -> None:
    edit(tiny, *FAULT)
    lines = run("check", "tiny", "--format", "github", cwd=tiny.parent).stdout.splitlines()
    assert [line for line in lines if "AU001" in line and line.startswith("::error file=tiny/adaptations/omit_child.md,line=4")]
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines if line)


def test_fix_mends_only_what_has_no_meaning_and_once_is_enough(tiny: Path) -> None:
    path = tiny / "adaptations/reply_in_estonian.md"
    path.write_text(path.read_text("utf-8").replace("Reply in the language", "Reply\u200b in the language"), "utf-8")
    assert "LA003" in run("check", str(tiny)).stdout
    done = run("check", str(tiny), "--fix")
    assert (done.returncode, "mended" in done.stderr) == (0, True)
    assert "\u200b" not in path.read_text("utf-8")
    assert "mended" not in run("check", str(tiny), "--fix").stderr


def test_strict_counts_warnings(tiny: Path) -> None:
    edit(tiny, "pack.toml", "maintainers", 'todo = ["Find the help line."]\nmaintainers')
    assert run("check", str(tiny)).returncode == 0
    assert run("check", str(tiny), "--strict").returncode == 1


def test_a_suppression_needs_a_reason_and_never_reaches_authority(tiny: Path) -> None:
    edit(tiny, *FAULT)
    manifest = tiny / "pack.toml"
    text = manifest.read_text("utf-8")
    manifest.write_text(text + '\n[[suppress]]\ncode = "AU001"\nreason = "We know better."\n', "utf-8")
    refused = run("check", str(tiny))
    assert refused.returncode == 1 and "suppress" in refused.stdout and "PK010" in refused.stdout
    manifest.write_text(text + '\n[[suppress]]\ncode = "LS007"\n', "utf-8")
    assert "reason" in run("check", str(tiny)).stdout


def test_what_is_no_pack_is_named(tmp_path: Path) -> None:
    done = run("check", str(tmp_path / "nothing"), "--format", "json")
    (row,) = json.loads(done.stdout)["diagnostics"]
    assert done.returncode == 1 and row["code"].startswith("PK") and row["remedy"]


def test_watch_checks_again_when_a_file_changes(tiny: Path) -> None:
    command = [sys.executable, "-u", "-m", "endonym", "check", str(tiny), "--watch"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    try:
        assert next(line for line in process.stdout if "watching" in line)
        time.sleep(1.0)  # the watcher says that it watches just before it does
        edit(tiny, *FAULT)
        assert next(line for line in process.stdout if "AU001" in line)
    finally:
        process.terminate()  # not Ctrl-C: a build server may have started us with SIGINT ignored
        process.communicate(timeout=20)
