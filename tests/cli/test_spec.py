"""`endonym spec` as people and scripts run it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.conftest import SHARED

BASE = (Path(__file__).parents[2] / "src/endonym/spec/base_spec.md").read_text("utf-8")
MODEL_SPEC = SHARED / "model_spec" / "model_spec.md"
OWN = "# Ours {#ours}\n\nSee [?](#stay_in_scope).\n\n## Stay close {#stay_in_scope authority=user}\n\nOurs.\n"


@pytest.mark.parametrize("name", ["show", "adopt", "diff"])
def test_every_command_has_examples(name: str) -> None:
    assert "Examples:" in run("spec", name, "--help").stdout


def test_show_lists_sections_one_section_and_another_file(tmp_path: Path) -> None:
    (tmp_path / "ours.md").write_text(OWN, "utf-8")
    text = run("spec", "show").stdout
    assert re.search(r"^root +no_emotion_inference +No inference of emotions$", text, re.MULTILINE)
    assert re.search(r"^66 sections with an authority, 11 without  sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert run("spec", "show", "--section", "stay_in_scope").stdout.startswith("Stay in scope  (stay_in_scope, root)\n\nDo what was asked")
    data = json.loads(run("spec", "show", "ours.md", "--format", "json", cwd=tmp_path).stdout)
    assert data["sections"][1] == {"id": "stay_in_scope", "title": "Stay close", "authority": "user", "tags": [], "line": 5}


def test_adopt_writes_a_spec_and_says_what_it_did(tmp_path: Path) -> None:
    (tmp_path / "ours.md").write_text(OWN, "utf-8")
    done = run("spec", "adopt", "ours.md", "-o", "specs/ours-adopted.md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "floor     30 sections joined" in done.stdout
    assert "renamed   stay_in_scope → adopted_stay_in_scope, because the floor has a section of that id" in done.stdout
    text = (tmp_path / "specs/ours-adopted.md").read_text("utf-8")
    assert "See [?](#adopted_stay_in_scope)." in text
    again = run("spec", "adopt", "specs/ours-adopted.md", "-o", "specs/ours-adopted.md", cwd=tmp_path)
    assert "stands in it already" in again.stdout
    assert (tmp_path / "specs/ours-adopted.md").read_text("utf-8") == text
    piped = run("spec", "adopt", "ours.md", cwd=tmp_path)
    assert piped.stdout == text
    assert "30 sections joined" in piped.stderr


def test_diff_says_what_changed(tmp_path: Path) -> None:
    text = BASE.replace("{#do_not_lie authority=user}", "{#do_not_lie authority=root}").replace("in even words", "in kind words")
    text = text.replace("{#own_errors ", "{#admit_errors ")
    text = re.sub(r"### Names and places.*?(?=###)", "### Praise {#praise}\n\nPraise.\n\n", text, flags=re.DOTALL)
    (tmp_path / "new.md").write_text(text, "utf-8")
    done = run("spec", "diff", "endonym-base", "new.md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.split("\n")]
    for said in ("authority user → root", "own_errors → admit_errors", "– praise Praise", "guideline names_and_places Names and places"):
        assert said in lines, done.stdout
    assert "in [-even-] {+kind+} words" in done.stdout
    assert "\x1b" not in done.stdout
    data = json.loads(run("spec", "diff", "endonym-base", "new.md", "--format", "json", cwd=tmp_path).stdout)
    assert {c["old"]["id"]: c["new"]["authority"] for c in data["changed"]}["do_not_lie"] == "root"
    assert "Nothing differs." in run("spec", "diff", "endonym-base", "endonym-base").stdout


def test_diff_says_what_it_means_for_packs_and_exits_1_where_one_would_not_compile(tiny: Path) -> None:
    new = tiny.parent.parent / "new.md"
    new.write_text(BASE.replace("{#answer_on_public_matters authority=user}", "{#answer_on_public_matters authority=root}"), "utf-8")
    done = run("spec", "diff", "endonym-base", str(new), "--packs", str(tiny.parent))
    assert done.returncode == 1, done.stderr
    assert "1 adaptation touches answer_on_public_matters, which moved from user to root" in done.stdout
    assert re.search(r"tiny/adaptations/omit_child.md:\d+: error AU001 protected-section-override", done.stdout)
    assert "none of its adaptations touches what changed" in done.stdout, "of the school above"
    data = json.loads(run("spec", "diff", "endonym-base", str(new), "--packs", str(tiny), "--format", "json").stdout)
    (pack,) = data["packs"]
    assert (pack["id"], pack["touched"][0]["adaptations"][0]["id"]) == ("tiny", "omit_child")
    assert [error["code"] for error in pack["errors"]] == ["AU001"]


def test_diff_exits_0_where_the_new_spec_brings_no_error(tiny: Path) -> None:
    omission = tiny / "adaptations/omit_child.md"
    omission.write_text(omission.read_text("utf-8").replace("basis: law", "basis: norm"), "utf-8")
    assert run("check", str(tiny)).returncode == 1, "an error that it has over both specs"
    new = tiny.parent.parent / "new.md"
    new.write_text(BASE.replace("Reply in the language of the question", "Answer in the language of the question"), "utf-8")
    done = run("spec", "diff", "endonym-base", str(new), "--packs", str(tiny))
    assert done.returncode == 0, done.stdout
    assert "1 adaptation touches language_of_reply, which changed in text" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["adopt", "nowhere.md"], 1, "found a fault"),
        (["diff", "endonym-base", "nowhere.md"], 1, "found a fault"),
        (["diff", "endonym-base", "endonym-base", "--packs", "."], 1, "found no pack.toml"),
        (["diff", "endonym-base"], 2, "Missing argument"),
    ],
)
def test_wrong_use_says_what_to_do(arguments: list[str], code: int, says: str, tmp_path: Path) -> None:
    done = run("spec", *arguments, cwd=tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not MODEL_SPEC.is_file(), reason="the public Model Spec is not beside the repository (shared/data)")
def test_a_pack_stands_on_the_public_model_spec_until_a_sentence_of_the_floor_changes(tiny: Path) -> None:
    spec = tiny.parent / "specs" / "model-spec-ee.md"
    assert run("spec", "adopt", str(MODEL_SPEC), "-o", str(spec)).returncode == 0
    for path in (tiny / "pack.toml", *(tiny / "adaptations").glob("*.md")):
        text = path.read_text("utf-8").replace('"endonym-base"', '"../specs/model-spec-ee.md"')
        text = text.replace("adapts: language_of_reply", "adapts: be_clear").replace("adapts: answer_on_public_matters", "adapts: present_perspectives")
        path.write_text(text, "utf-8")
    assert run("check", str(tiny)).returncode == 0
    assert run("build", str(tiny), "-o", "x.bundle", cwd=tiny.parent).returncode == 0
    spec.write_text(spec.read_text("utf-8").replace("it never works against that", "it works against that"), "utf-8")
    done = run("build", str(tiny), "-o", "y.bundle", cwd=tiny.parent)
    assert done.returncode == 1
    assert "AU009" in done.stderr
    assert not (tiny.parent / "y.bundle").exists()
