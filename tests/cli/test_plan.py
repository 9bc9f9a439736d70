"""`endonym plan`: figures come from the pack, from measurements or from assumptions that are printed; prices from the user."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from endonym.bundle import Bundle
from endonym.cli.main import main
from endonym.evaluate.plan import defaults, figures, tax
from endonym.wiring.packs import compile_pack
from tests.conftest import PACKS, TINY


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ENDONYM_")]:
        monkeypatch.delenv(name)
    return tmp_path


def plan(*arguments: str | Path) -> tuple[int, str]:
    said = io.StringIO()
    argv = ["endonym", "plan", *map(str, arguments)]
    with patch.object(sys, "argv", argv), redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code or 0)), said.getvalue()


def data(*arguments: str | Path) -> dict[str, Any]:
    code, said = plan(*arguments, "--format", "json")
    assert code == 0, said
    found: dict[str, Any] = json.loads(said)
    return found


def test_a_plan_prints_assumptions_result_and_what_would_change_it(place: Path) -> None:
    code, said = plan(TINY, "--students", "20000", "--price-in", "2", "--price-out", "8")
    assert code == 0 and said.startswith("20,000 students, tiny 0.1.0")
    assert all(f"--{name} " in said for name in defaults())
    for line in ("1.46 to 1.98, measured", "A model of your own must", "costs ", "ledger ", "index ", "What would change the cost of a year most", "--hours 0.5 to 5"):
        assert line in said
    assert list(place.iterdir()) == []


def test_the_instruction_is_the_pack_s_own(tiny: Path) -> None:
    before = data(tiny, "--students", "100")["tokens_a_turn"]["et"]
    rule = tiny / "adaptations" / "reply_in_estonian.md"
    rule.write_text(rule.read_text("utf-8").replace("Reply in the language in which the school teaches.",
                                                    "Reply in the language in which the school teaches. " * 40), "utf-8")  # fmt: skip
    after = data(tiny, "--students", "100")["tokens_a_turn"]["et"]
    assert before["measured_over_turns"] > 0 and after["input"][0] > before["input"][0] + 300 and after["output"] == before["output"]


def test_twice_the_students_cost_twice_as_much() -> None:
    one, two = (data("--students", students, "--share", "et=1", "--price-in", "2", "--price-out", "8") for students in ("1000", "2000"))
    for name in ("month_cost", "output_s", "month_input"):
        assert two["demand"][name] == pytest.approx([2 * end for end in one["demand"][name]])
    assert two["demand"]["cores"] == pytest.approx(2 * one["demand"]["cores"])
    assert two["storage"]["ledger_year"] == pytest.approx(2 * one["storage"]["ledger_year"]) and two["storage"]["index"] == one["storage"]["index"]


def test_prices_of_an_engine_are_those_of_the_settings(place: Path) -> None:
    (place / "endonym.toml").write_text('currency = "EUR"\n[engines.ours]\nkind = "openai"\nprice_in = "2"\nprice_out = 8\n')
    code, said = plan("--students", "1000", "--engine", "ours")
    assert code == 0 and "ours costs 2 in and 8 out for a million tokens, in EUR, as set in endonym.toml" in said
    own = data("--students", "1000", "--engine", "ours")["demand"]["month_cost"]
    assert own == data("--students", "1000", "--price-in", "2", "--price-out", "8")["demand"]["month_cost"]
    assert data("--students", "1000", "--engine", "ours", "--price-in", "4", "--price-out", "16")["demand"]["month_cost"][0] == pytest.approx(2 * own[0])
    assert data("--students", "1000", "--engine", "ours", "--price-cached", "0.2")["demand"]["month_cost"][0] < own[0]


def test_prices_are_the_user_s_and_a_lower_one_for_what_stood_alike_counts() -> None:
    code, said = plan("--students", "1000")
    assert code == 0 and "prices change, so none is built in" in said and "costs" not in said
    full = data("--students", "1000", "--price-in", "2", "--price-out", "8")["demand"]["month_cost"][0]
    assert data("--students", "1000", "--price-in", "2", "--price-out", "8", "--price-cached", "0.2")["demand"]["month_cost"][0] < full
    code, said = plan("--students", "1000", "--price-in", "2")
    assert code == 2 and "expected --price-in and --price-out together" in said


def test_languages_cost_what_was_measured_and_others_are_marked_as_estimates() -> None:
    assert (tax("et").low, tax("et").high, tax("et").measured) == (1.46, 1.98, True)
    contents, _ = compile_pack(PACKS / "jordan")
    found = tax("ar", Bundle(contents, ""))
    assert not found.measured and 1.0 <= found.low < found.high < 6
    code, said = plan("--students", "10", "--share", "ar=1")
    assert code == 2 and "expected a language that was measured" in said and "Name a pack" in said


def test_the_estimate_holds_for_the_languages_that_were_measured() -> None:
    """It brackets what was measured, so that nobody plans too little by it."""
    contents, _ = compile_pack(PACKS / "estonia-upper-secondary")
    bundle = Bundle(contents, "")
    for language in ("et", "ru"):
        measured = tax(language, bundle)
        with patch.dict(figures()["tax"], clear=True):
            estimated = tax(language, bundle)
        assert estimated.low <= measured.low and measured.high <= estimated.high * 1.01


def test_shares_divide_the_load() -> None:
    mixed = data("--students", "1000", "--share", "en=1", "--share", "ru=3")
    assert mixed["tokens_a_turn"]["ru"]["share"] == 0.75
    alone = [data("--students", "1000", "--share", f"{language}=1")["demand"]["output_s"][1] for language in ("en", "ru")]
    assert alone[0] < mixed["demand"]["output_s"][1] < alone[1]
    for wrong in ("en", "en=0", "en=x"):
        code, said = plan("--students", "10", "--share", wrong)
        assert code == 2 and "such as et=8" in said


def test_the_guide_needs_no_tokens() -> None:
    code, said = plan("--students", "600", "--engine", "guide", "--price-in", "2", "--price-out", "8")
    assert code == 0 and "1 core(s)" in said and "tokens" not in said and "costs" not in said and "What would change the processors most" in said


def test_own_gpus_are_counted_by_what_one_of_them_writes() -> None:
    found = data("--students", "20000", "--gpu-tokens", "100")
    assert found["gpus"] * 100 >= found["demand"]["output_s"][1] > (found["gpus"] - 1) * 100


def test_an_engine_too_small_for_the_instruction_is_told(place: Path) -> None:
    (place / "endonym.toml").write_text('[engines.small]\nkind = "openai"\ncontext_tokens = 1024\nlanguages = ["en"]\n[engines.large]\nkind = "openai"\nlanguages = ["en"]\n')
    code, said = plan(TINY, "--students", "10", "--engine", "small")
    assert code == 2 and "to fit into 1024 tokens" in said and "larger context" in said
    code, said = plan(TINY, "--students", "10", "--engine", "large")
    assert code == 0 and "large has no fitness record for et" in said


def test_what_changes_most_stands_first() -> None:
    found = data("--students", "1000", "--active", "0.2")
    spans = [max(one["low"], one["high"]) / min(one["low"], one["high"]) for one in found["effects"]]
    assert spans == sorted(spans, reverse=True) and found["assumptions"]["active"] == 0.2
