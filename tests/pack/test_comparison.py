"""Packs side by side: how each stands to the first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from endonym.pack.comparison import Cell, Comparison, Row, compare_packs
from tests.conftest import PACKS, TINY
from tests.pack.test_differences import OMIT, RULE, stack
from tests.pack.test_load import edit


def compared(first: Path, *others: Path, language: str = "en") -> Comparison:
    return compare_packs([stack(folder) for folder in (first, *others)], language)


def row(found: Comparison, name: str) -> Row:
    return next(row for row in found.rows if row.id == name)


def second(first: Path, other: Path, name: str) -> Cell:
    return row(compared(first, other), name).cells[1]


@pytest.fixture
def other(tiny: Path) -> Path:
    return Path(shutil.copytree(TINY, tiny.parent.parent / "other" / "tiny"))


def test_a_pack_is_the_same_as_itself_in_every_row(tiny: Path) -> None:
    found = compared(TINY, tiny)
    assert {cell.state for row in found.rows for cell in row.cells} == {"first", "same"}
    assert all(row.common for row in found.rows)


@pytest.mark.parametrize(
    ("first", "other_value", "state", "strictest"),
    [(13, 16, "stricter", (False, True)), (16, 13, "wider", (True, False)), (13, 13, "same", (False, False)), (None, 13, "stricter", (False, True))],
)
def test_the_age_of_consent_is_compared_as_a_number(
    tiny: Path, other: Path, first: int | None, other_value: int, state: str, strictest: tuple[bool, bool]
) -> None:
    for folder, value in ((tiny, first), (other, other_value)):
        if value:
            edit(folder, RULE, "summary:", f"sets: {{consent_age: {value}}}\nsummary:")
    cells = row(compared(tiny, other), "consent_age").cells
    assert (cells[1].state, cells[1].proved, cells[1].value) == (state, True, str(other_value))
    assert tuple(cell.strictest for cell in cells) == strictest
    assert [(g.id, [s.pinpoint for s in g.sources]) for g in cells[1].grounds] == [("reply_in_estonian", ["§ 4(1)"])]


def test_of_a_stack_the_strictest_layer_counts(tiny: Path, other: Path) -> None:
    edit(tiny, RULE, "summary:", "sets: {retention_days: 365}\nsummary:")
    edit(tiny.parent / "above", "adaptations/short_replies.md", "summary:", "sets: {retention_days: 30}\nsummary:")
    edit(other, RULE, "summary:", "sets: {retention_days: 100}\nsummary:")
    cells = row(compared(tiny.parent / "above", other), "retention_days").cells
    assert [(cell.value, cell.state) for cell in cells] == [("30", "first"), ("100", "wider")]
    assert [ground.pack for ground in cells[0].grounds] == ["tiny", "above"]


@pytest.mark.parametrize(
    ("file", "old", "new", "name", "state", "proved"),
    [
        (RULE, "allowed: [et, en]", "allowed: [et, ru]", "language", "different", True),
        (OMIT, "[kes, nimi, who, name]", "[kes, nimi]", "disclosure", "different", False),
        (OMIT, "[kes, nimi, who, name]", "[kes, nimi]", "answer_on_public_matters", "different", False),
        ("pack.toml", "minors = false", "minors = true", "minors", "stricter", True),
        ("pack.toml", "[title]", 'capabilities = ["grading"]\n[title]', "capabilities", "wider", True),
        ("pack.toml", "[title]", "[gates]\npass_rate = 0.9\n[title]", "pass_rate", "stricter", True),
        ("locale.toml", 'number = "116 111"', 'number = "116 112"', "help.abuse", "different", True),
        ("locale.toml", '["self_harm", "abuse"]', '["abuse"]', "help.self_harm", "silent", True),
        ("locale.toml", 'et = "informal"', 'et = "formal"', "address", "different", True),
        ("locale.toml", 'identifiers = ["ee.ik"]', "identifiers = []", "identifiers", "silent", True),
        ("locale.toml", "[address]", '[formats]\ncurrency = "EUR"\n[address]', "formats", "different", True),
    ],
)  # fmt: skip
def test_each_topic_tells_packs_apart(tiny: Path, other: Path, file: str, old: str, new: str, name: str, state: str, proved: bool) -> None:
    edit(other, file, old, new)
    found = compared(tiny, other)
    cell = row(found, name).cells[1]
    assert (cell.state, cell.proved) == (state, proved)
    apart = {r.id for r in found.rows if not r.common}
    assert name in apart and len(apart) <= 2


def specialising(folder: Path, options: str, words: str = "Ask one question.") -> None:
    """Another rule in a pack: how many questions a reply may ask."""
    text = (TINY / RULE).read_text("utf-8").replace("id: reply_in_estonian", "id: questions").replace("language_of_reply", "one_question_at_a_time")
    text = text.replace("  - use: language\n    with: {policy: instruction, allowed: [et, en]}", f"  - use: questions\n    with: {options}")
    (folder / "adaptations/questions.md").write_text(text.replace("Reply in the language in which the school teaches.", words), "utf-8")


@pytest.mark.parametrize(("first", "last", "state"), [("max: 2", "max: 1", "stricter"), ("max: 1", "max: 2", "wider"), ("max: 1", "max: 1", "same")])
def test_rules_in_other_words_are_compared_by_their_numbers(tiny: Path, other: Path, first: str, last: str, state: str) -> None:
    specialising(tiny, f"{{{first}}}")
    specialising(other, f"{{{last}}}", "At most one question, please.")
    cell = second(tiny, other, "one_question_at_a_time")
    assert (cell.state, cell.proved) == (state, True)


def test_rules_that_only_people_can_compare_are_left_to_people(tiny: Path, other: Path) -> None:
    for folder, words in ((tiny, "Ask one question."), (other, "Ask.")):
        specialising(folder, "{max: 1}", words)
        edit(folder, "adaptations/questions.md", "verify:\n  - use: questions\n    with: {max: 1}", "judged_by: people")
    cell = second(tiny, other, "one_question_at_a_time")
    assert (cell.state, cell.proved) == ("different", False)


def test_a_rule_where_the_first_pack_has_none_is_stricter_for_people_to_judge(tiny: Path, other: Path) -> None:
    specialising(other, "{max: 1}")
    cells = row(compared(tiny, other), "one_question_at_a_time").cells
    assert [(cell.state, cell.proved) for cell in cells] == [("silent", True), ("stricter", False)]
    assert row(compared(other, tiny), "one_question_at_a_time").cells[1].state == "silent"


def test_summaries_come_in_the_readers_language_or_in_english(tiny: Path, other: Path) -> None:
    edit(other, RULE, "  et: Vasta kooli õppekeeles.\n", "")
    grounds = [cell.grounds[0] for cell in row(compared(tiny, other, language="et"), "language").cells]
    assert [(g.text, g.language) for g in grounds] == [
        ("Vasta kooli õppekeeles.", "et"), ("Reply in the school's language of instruction.", "en")]  # fmt: skip


def test_rows_come_from_what_the_packs_hold(tiny: Path, other: Path) -> None:
    edit(tiny, "locale.toml", 'topics = ["emergency"]', 'topics = ["emergency", "health"]')
    edit(other, RULE, "adapts: language_of_reply\n", "")
    names = [r.id for r in compared(tiny, other).rows]
    assert "help.health" in names and "help.violence" not in names and "consent_age" not in names
    assert names[-2:] == ["answer_on_public_matters", ""]


def test_shipped_countries_can_be_compared() -> None:
    found = compared(PACKS / "estonia", PACKS / "trinidad-and-tobago", PACKS / "jordan", language="ar")
    assert [name for name, _ in found.columns[0].packs] == ["eu", "estonia"]
    assert row(found, "language").cells[0].state == "first"
    assert row(found, "help.emergency").cells[2].value.startswith("911")
    arabic = [ground for r in found.rows for ground in r.cells[2].grounds if ground.text]
    assert {ground.language for ground in arabic} == {"ar"}
    # A pack of the region below says it for the country.
    assert row(found, "no_emotion_inference").cells[0].grounds[0].pack == "eu"
