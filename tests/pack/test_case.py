from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.pack.case import parse_case, to_case
from endonym.pack.load import load, read_manifest
from endonym.pack.positions import Faults
from endonym.pack.tables import Outcome
from tests.conftest import TINY

MANIFEST = read_manifest(TINY)
DAY = date(2026, 11, 24)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
OUTCOMES = st.lists(st.builds(Outcome, code=WORDS, subject=WORDS, grades=st.lists(WORDS, max_size=3).map(tuple), source=st.one_of(st.just(""), WORDS),
                              language=st.sampled_from(["et", "en", "zh-Hans"]), statement=WORDS, pack=st.just("tiny")), max_size=8)  # fmt: skip


def bare(outcome: Outcome) -> Outcome:
    return outcome.model_copy(update={"file": "", "line": 1})


@given(OUTCOMES)
def test_there_and_back_is_the_same(outcomes: list[Outcome]) -> None:
    faults = Faults("tiny/curriculum/x.json")
    found = parse_case(to_case(outcomes, MANIFEST, DAY), "tiny", faults)
    assert [bare(outcome) for outcome in found] == outcomes and faults.found == []


def test_a_package_has_what_case_asks_for(tiny: Path) -> None:
    pack = load(tiny, (MarkdownReader(),))
    text = to_case(pack.outcomes, pack.manifest, DAY)
    package = json.loads(text)
    assert package["CFDocument"]["caseVersion"] == "1.1"
    assert {"identifier", "uri", "creator", "title", "lastChangeDateTime"} <= set(package["CFDocument"])
    assert all({"identifier", "uri", "fullStatement", "lastChangeDateTime"} <= set(item) for item in package["CFItems"])
    assert Counter(link["associationType"] for link in package["CFAssociations"]) == {"isChildOf": 2, "isTranslationOf": 1}
    parts = [package["CFDocument"], *package["CFItems"], *package["CFAssociations"]]
    assert len({part["identifier"] for part in parts}) == len(parts)
    assert to_case(pack.outcomes, pack.manifest, DAY) == text


def test_a_package_beside_the_table_is_read_with_its_lines(tiny: Path) -> None:
    pack = load(tiny, (MarkdownReader(),))
    (tiny / "curriculum/more.json").write_text(to_case(pack.outcomes, pack.manifest, DAY), "utf-8")
    again = load(tiny, (MarkdownReader(),))
    assert [o.statement for o in again.outcomes] == [o.statement for o in pack.outcomes] * 2 and again.diagnostics == ()
    lines = (tiny / "curriculum/more.json").read_text("utf-8").splitlines()
    assert all('"identifier"' in lines[o.line - 1] for o in again.outcomes[2:])


FOREIGN: dict[str, Any] = {
    "CFDocument": {"identifier": "d", "title": "State standards", "language": "en", "subject": ["Life Sciences"]},
    "CFItems": [
        {"identifier": "strand", "fullStatement": "Cells", "humanCodingScheme": "LS1"},
        {"identifier": "a", "fullStatement": "Explain photosynthesis.", "humanCodingScheme": "LS1.1", "educationLevel": ["09", "10"]},
        {"identifier": "b", "fullStatement": "Explain mitosis."},
    ],
    "CFAssociations": [{"associationType": "isChildOf", "originNodeURI": {"identifier": "a"}, "destinationNodeURI": {"identifier": "strand"}}],
}


def test_a_package_of_another_publisher_takes_what_is_missing_from_its_document_and_file() -> None:
    faults = Faults("pack/curriculum/state-standards.json")
    found = parse_case(json.dumps(FOREIGN), "pack", faults)
    assert [(o.code, o.subject, o.grades, o.source, o.language, o.statement) for o in found] == [
        ("LS1.1", "life-sciences", ("9", "10"), "state-standards", "en", "Explain photosynthesis."),
        ("b", "life-sciences", (), "state-standards", "en", "Explain mitosis."),
    ]  # fmt: skip
    assert faults.found == []


@pytest.mark.parametrize(("text", "code", "line"), [
    ("{\n,", "PK043", 2), ("[" * 100_000, "PK043", 1), ("[]", "PK044", 1), ('{"CFItems": []}', "PK044", 1), ('{"CFDocument": {}, "CFItems": {}}', "PK044", 1),
    ('{"CFDocument": {}, "CFItems": [7]}', "PK044", 1), ('{"CFDocument": {}, "CFItems": [{"fullStatement": "\\ud800"}]}', "PK043", 1),
    ('{"CFDocument": {"subject": ["x"], "language": "en"},\n "CFItems": [\n {"identifier": "a"}]}', "PK010", 3),
    ('{"CFDocument": {"language": 5}, "CFItems": [{"identifier": "a", "fullStatement": [], "extensions": 1, "subject": {}}]}', "PK010", 1),
])  # fmt: skip
def test_bad_packages_are_findings_with_a_place_and_a_remedy(text: str, code: str, line: int) -> None:
    faults = Faults("x.json")
    assert parse_case(text, "pack", faults) == ()
    assert (faults.found[0].code, faults.found[0].span.line) == (code, line)
    assert all(found.message and found.remedy for found in faults.found)


JSON = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)), lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["CFDocument", "CFItems", "CFAssociations", "identifier", "subject", "extensions", "endonym",
    "fullStatement", "language", "educationLevel", "grades", "destinationNodeURI", "associationType"]), inner, max_size=5)), max_leaves=30)  # fmt: skip


@given(JSON, JSON, JSON)
def test_any_json_is_read_or_becomes_findings(document: Any, items: Any, associations: Any) -> None:
    for package in (items, {"CFDocument": document, "CFItems": items, "CFAssociations": associations},
                    {"CFDocument": {"a": document}, "CFItems": [items, {"identifier": items}], "CFAssociations": [associations]}):  # fmt: skip
        parse_case(json.dumps(package), "pack", Faults("x.json"))
