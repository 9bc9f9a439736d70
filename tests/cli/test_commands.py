"""Commands as people and scripts run them: output, exit codes, and what is said when something is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "endonym", *arguments], cwd=cwd, capture_output=True, text=True, check=False,
                          env={**os.environ, **environment})  # fmt: skip


def test_help_shows_the_commands_and_examples() -> None:
    text = run("--help").stdout
    for word in ("ask", "build", "check", "eval", "publish", "serve", "settings", "spec", "Examples:"):
        assert word in text


@pytest.mark.parametrize("command", ["ask", "build", "check", "eval", "explain", "init", "publish", "rule", "serve", "settings"])
def test_every_command_has_an_example(command: str) -> None:
    assert re.search(r"Examples?( of an endonym.toml[^:]*)?:", run(command, "--help").stdout)


def test_spec_show_for_scripts() -> None:
    sections = json.loads(run("spec", "show", "--format", "json").stdout)["sections"]
    assert set(sections[0]) == {"id", "title", "authority", "tags", "line"}
    assert len([s for s in sections if s["authority"]]) >= 45


def test_a_clean_pack_exits_0_and_a_broken_one_1(tiny: Path) -> None:
    assert run("check", str(tiny)).returncode == 0
    path = tiny / "adaptations/omit_child.md"
    path.write_text(path.read_text("utf-8").replace("adapts: answer_on_public_matters", "adapts: no_emotion_inference"), "utf-8")
    done = run("check", str(tiny), "--format", "json")
    assert done.returncode == 1
    assert "AU001" in [d["code"] for d in json.loads(done.stdout)["diagnostics"]]
    built = run("build", str(tiny), cwd=tiny.parent)
    assert built.returncode == 1
    assert "does not compile" in built.stderr
    assert list(tiny.parent.glob("*.bundle")) == []


def test_ask_for_scripts(tiny: Path) -> None:
    done = run("ask", str(tiny), "Mis on fotosüntees?", "--language", "et", "--format", "json", "--engine", "guide", cwd=tiny.parent)
    data = json.loads(done.stdout)
    assert {"reply", "language", "engine", "citations", "disclosures", "trace"} <= set(data)
    assert (data["language"], data["engine"]) == ("et", "guide")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["check", "nowhere"], 1, "found no pack.toml"),
        (["build", "nowhere"], 1, "found no pack.toml"),
        (["publish", "nowhere.bundle", "-o", "x"], 1, "cannot be read"),
        (["spec", "show", "nowhere.md"], 1, "found a fault"),
        (["ask", "nowhere", "x"], 1, "found neither"),
        (["serve", "nowhere", "--port", "0"], 1, "found neither"),
        (["check"], 2, "Missing argument"),
        (["fly"], 2, "No such command"),
    ],
)
def test_wrong_use_says_what_to_do_and_never_shows_a_traceback(arguments: list[str], code: int, says: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("prot = 80", "expected a known setting"),
        ("port = 99999", "less than or equal to 65535"),
        ('grace_s = 0', "greater than or equal to 0.1"),
        ('chain = ["ours"]', "found 'ours'"),
        ("port = ", "expected TOML"),
    ],
)
def test_wrong_settings_name_the_setting(toml: str, says: str, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "endonym.toml").write_text(toml)
    done = run("ask", str(tiny), "tere", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "endonym.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_show_value_and_origin(tmp_path: Path) -> None:
    (tmp_path / "endonym.toml").write_text("demonstration = true")
    rows = {r["name"]: (r["value"], r["origin"]) for r in json.loads(run("settings", "--format", "json", cwd=tmp_path, ENDONYM_PORT="8123").stdout)}
    assert rows["demonstration"] == (True, "endonym.toml")
    assert rows["port"] == (8123, "ENDONYM_PORT")
    assert rows["host"] == ("127.0.0.1", "default")


def test_serve_picks_a_port_prints_it_and_stops_cleanly(tiny: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "endonym", "serve", str(tiny), "--port", "0"], cwd=tiny.parent, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "ENDONYM_EMBEDDER": "none"})  # fmt: skip
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"{address.group()}/healthz", timeout=5) as reply:
                    assert json.loads(reply.read())["status"] == "ok"
                break
            except OSError:
                time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert "Traceback" not in errors
        assert process.returncode in (0, 130)
    finally:
        process.kill()


def test_a_rule_has_a_page_and_a_near_name_is_offered() -> None:
    page = run("rule", "AU001").stdout
    assert "override or omit a `root` section" in page and "Nobody can suppress it." in page
    assert {p["code"] for p in json.loads(run("rule", "--format", "json").stdout)} >= {"AU001", "LS003", "DI001"}
    wrong = run("rule", "AU1")
    assert wrong.returncode == 2 and "Did you mean AU001?" in wrong.stderr


def test_explain_shows_who_changed_a_section_on_what_basis(tiny: Path) -> None:
    text = run("explain", str(tiny), "language_of_reply").stdout
    assert text.startswith("Language of the reply  (language_of_reply, guideline)")
    assert "reply_in_estonian" in text and "decided  Endonym project" in text
    data = json.loads(run("explain", str(tiny), "omit_child", "--format", "json").stdout)
    assert data["section"]["id"] == "answer_on_public_matters" and [c["effect"] for c in data["changes"]] == ["omit"]
    untouched = run("explain", str(tiny), "no_emotion_inference").stdout
    assert "No pack of this stack changes it: it stands as written above." in untouched
    assert run("explain", str(tiny), "languge_of_reply").stderr.count("Did you mean language_of_reply?") == 1


def test_init_makes_a_pack_that_serves_its_country(tmp_path: Path) -> None:
    made = run("init", "Kenya", "-o", str(tmp_path))
    assert made.returncode == 0 and "0 errors;" in made.stdout and "Kiswahili" in made.stdout
    assert run("check", str(tmp_path / "kenya")).returncode == 0
    again = run("init", "KE", "-o", str(tmp_path))
    assert again.returncode == 1 and "-o" in again.stderr
