from __future__ import annotations

import importlib
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.adapters.readers.markdown import MarkdownReader
from endonym.bundle import compile_stack
from endonym.check import CheckReport, check, rule_pages, to_json, to_text
from endonym.check.rules import AUTHORITY_RULES, RULES
from endonym.core.errors import BundleError
from endonym.pack.stack import load_stack
from endonym.spec import base_spec, floor

TOOLS = SimplemmaTools()
FILE = re.compile(r"^[\w./-]+\.(md|toml|csv|yaml|ftl)( -> [\w./-]+)?$")
ABOVE = "../above/"
DAY = date(2026, 11, 24)
CASES: dict[str, dict[str, list[list[str]]]] = {
    path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "cases").glob("*.yml"))
}
FAILING = [(code, edit) for code, cases in CASES.items() for edit in cases["fail"]]
PASSING = [(code, edit) for code, cases in CASES.items() for edit in cases["pass"]]


def report(folder: Path, *edits: str) -> CheckReport:
    """Of the tiny pack, or of the school above it where an edit concerns the school."""
    folder = folder.parent / "above" if any(ABOVE in edit for edit in edits if FILE.match(edit)) else folder
    return check(load_stack(folder, base_spec(), (MarkdownReader(),)), TOOLS, DAY)


def lay(folder: Path, *edits: str) -> None:
    """Change files of a pack: `file, old, new, old, new …, file, old, new …`; `from -> to` copies a file first."""
    path = folder
    steps = iter(edits)
    for step in steps:
        if FILE.match(step):
            source, _, target = step.partition(" -> ")
            path = folder / (target or source)
            if target:
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / source, path)
            continue
        text, new = path.read_text("utf-8"), next(steps)
        assert step in text, f"{step!r} is not in {path.name}"
        every = path.name in ("locale.toml", "glossary.csv")
        path.write_text(text.replace(step, new) if every else text.replace(step, new, 1), "utf-8")


def test_the_tiny_packs_break_no_rule(tiny: Path) -> None:
    assert report(tiny).diagnostics == ()
    assert report(tiny, ABOVE + "pack.toml").diagnostics == ()


@pytest.mark.parametrize(("code", "edit"), FAILING, ids=[f"{code}-{n}" for n, (code, _) in enumerate(FAILING)])
def test_each_rule_finds_its_fault_and_says_where_and_what_to_do(tiny: Path, code: str, edit: list[str]) -> None:
    lay(tiny, *edit)
    diagnostics = report(tiny, *edit).diagnostics
    found = [d for d in diagnostics if d.code == code]
    assert found, [f"{d.code} {d.message}" for d in diagnostics]
    assert all(d.remedy and d.message and (tiny.parent / d.span.file).exists() for d in found)


@pytest.mark.parametrize(("code", "edit"), PASSING, ids=[f"{code}-{n}" for n, (code, _) in enumerate(PASSING)])
def test_each_rule_lets_what_is_right_pass(tiny: Path, code: str, edit: list[str]) -> None:
    lay(tiny, *edit)
    found = report(tiny, *edit).diagnostics
    assert [d.message for d in found if d.code == code or d.code.startswith("PK")] == []


def test_every_rule_has_cases_and_a_page() -> None:
    for rule in RULES:
        assert CASES.get(rule.code, {}).get("fail") and CASES[rule.code]["pass"], rule.code
        page = importlib.import_module(f"endonym.check.rules.{rule.code}").__doc__ or ""
        assert page.startswith(f"{rule.code} {rule.name}\n")
        for heading in ("What it does:", "Why it matters:", "Example:", "Use instead:", "Since:"):
            assert heading in page, (rule.code, heading)


def test_every_code_that_the_product_gives_has_a_page_of_its_name() -> None:
    source = Path(__file__).parents[2] / "src" / "endonym"
    given = {match for path in source.rglob("*.py") for match in re.findall(r'"((?:PK|SP|LY)\d{3})",\s*"([a-z0-9-]+)"', path.read_text("utf-8"))}
    pages = {(page.code, page.name) for page in rule_pages()}
    assert len(given) > 40 and given - pages == set()
    assert len({page.code for page in rule_pages()}) == len(rule_pages())


def test_rules_are_listed_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
    missing = [rule.code for rule in RULES if f"| {rule.code} | {rule.name} |" not in page]
    assert missing == [], "run scripts/rules.py"


def test_the_report_for_machines_has_stable_keys(tiny: Path) -> None:
    lay(tiny, "adaptations/omit_child.md", "basis: law", "basis: norm")
    data = to_json(report(tiny))
    first = data["diagnostics"][0]
    assert set(first) == {"code", "name", "severity", "file", "line", "column", "message", "remedy", "standing"}
    assert (first["code"], first["file"], first["line"]) == ("AU003", "tiny/adaptations/omit_child.md", 5)
    assert data["counts"]["error"] == len([d for d in data["diagnostics"] if d["severity"] == "error"])


def test_the_report_for_people_names_place_code_and_remedy(tiny: Path) -> None:
    lay(tiny, "adaptations/omit_child.md", "basis: law", "basis: norm")
    text = to_text(report(tiny))
    assert "tiny/adaptations/omit_child.md:5: error AU003 omit-without-law" in text
    assert "→ Only law may leave information out." in text


ROOT = sorted(section.id for section in floor(base_spec()))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    section=st.sampled_from(ROOT), effect=st.sampled_from(["override", "omit"]),
    basis=st.sampled_from(["law", "norm", "language", "pedagogy", "consultation"]),
    layer=st.sampled_from(["region", "country", "network", "school", "class"]),
    source=st.sampled_from(["ee-language-act-4", "eu-child-privacy", "curriculum"]),
)  # fmt: skip
def test_no_layer_basis_or_source_weakens_a_root_section(
    tiny: Path, section: str, effect: str, basis: str, layer: str, source: str
) -> None:
    saved = {name: (tiny / name).read_text("utf-8") for name in ("pack.toml", "adaptations/omit_child.md")}
    try:
        lay(tiny, "pack.toml", 'layer = "country"', f'layer = "{layer}"')
        lay(tiny, "adaptations/omit_child.md", "adapts: answer_on_public_matters", f"adapts: {section}", "effect: omit",
            f"effect: {effect}", "basis: law", f"basis: {basis}", "cites: [eu-child-privacy]", f"cites: [{source}]")  # fmt: skip
        stack = load_stack(tiny, base_spec(), (MarkdownReader(),))
        found = check(stack, TOOLS, DAY)
        assert "AU001" in [d.code for d in found.errors]
        with pytest.raises(BundleError):
            compile_stack(stack, found)
    finally:
        for name, text in saved.items():
            (tiny / name).write_text(text, "utf-8")


def test_authority_rules_are_errors_unless_they_only_say_what_nothing_proves() -> None:
    assert {(rule.severity, rule.standing == "unproved") for rule in AUTHORITY_RULES} == {("error", False), ("info", True)}


@pytest.mark.parametrize("code", ["AU003", "LS007", "AA000"])
def test_no_suppression_silences_an_authority_rule(tiny: Path, code: str) -> None:
    lay(tiny, "adaptations/omit_child.md", "basis: law", "basis: norm", "pack.toml", "[title]",
        f'[[suppress]]\ncode = "{code}"\nreason = "The makers of the pack let it stand."\n\n[title]')  # fmt: skip
    assert "AU003" in [found.code for found in report(tiny).errors]
