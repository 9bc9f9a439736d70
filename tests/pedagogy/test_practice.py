"""What is practised, how an answer is judged, and when an item comes again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.bundle import Bundle
from endonym.pedagogy.practice import draw, judge, practice_items
from endonym.pedagogy.schedule import due, next_card
from endonym.wiring.compose import Composition
from endonym.wiring.settings import Settings
from tests.conftest import PACKS, TINY

TOOLS = SimplemmaTools()
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return Composition(Settings(state=tmp_path_factory.mktemp("state"), chain=(), embedder="none")).bundle(TINY)


@pytest.fixture(scope="module")
def estonia(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return Composition(Settings(state=tmp_path_factory.mktemp("state"), chain=(), embedder="none")).bundle(PACKS / "estonia-upper-secondary")


def test_lessons_and_glossary_give_items_and_no_question_holds_its_answer(bundle: Bundle) -> None:
    assert {item.id for item in practice_items(bundle, "et", TOOLS)} == {"lesson:biology/fotosuntees:check", "lesson:biology/fotosuntees:transfer",
                                                                 "definition:chlorophyll"}  # fmt: skip
    assert practice_items(bundle, "ru", TOOLS) == ()


def test_every_pack_gives_different_names_to_its_items(estonia: Bundle) -> None:
    items = practice_items(estonia, "et", TOOLS)
    assert len({item.key for item in items}) == len(items) > 200


@pytest.mark.parametrize(
    ("item_id", "answer", "right"),
    [("lesson:biology/fotosuntees:check", "ei, sest pimedas valgus puudub", True), ("lesson:biology/fotosuntees:check", "jah, kogu aeg ikka", False),
     ("definition:chlorophyll", "värvaine, mis neelab valgust", None), ("definition:chlorophyll", "mingi kivi", False)],
)  # fmt: skip
def test_a_machine_judges_where_it_can_and_leaves_the_rest_to_the_student(bundle: Bundle, item_id: str, answer: str, right: bool | None) -> None:
    item = next(item for item in practice_items(bundle, "et", TOOLS) if item.id == item_id)
    assert judge(item, answer, TOOLS).right is right


@pytest.mark.parametrize(("answer", "right"), [("fotosüntees", True), ("fotosünteesi", True), ("fotosyntees", True), ("hingamine", False)])
def test_a_term_is_known_in_its_forms(estonia: Bundle, answer: str, right: bool) -> None:
    item = next(item for item in practice_items(estonia, "et", TOOLS) if item.id == "term:photosynthesis")
    assert judge(item, answer, TOOLS).right is right


def test_of_a_definition_the_words_that_an_answer_holds_and_lacks_are_named(bundle: Bundle) -> None:
    item = next(item for item in practice_items(bundle, "et", TOOLS) if item.kind == "definition")
    judged = judge(item, "see on roheline", TOOLS)
    assert judged.found == ("roheline",) and judged.missing == ("värvaine", "neelab", "valgust")


def test_words_of_every_definition_carry_none(estonia: Bundle) -> None:
    item = next(item for item in practice_items(estonia, "et", TOOLS) if item.id == "definition:chlorophyll")
    assert item.words == ("Roheline", "värvaine", "neelab", "fotosünteesiks", "valgust")
    assert all(not {"milles", "mille", "mida", "ning", "teise"} & set(item.words) for item in practice_items(estonia, "et", TOOLS))


def test_what_is_due_comes_first_and_no_topic_twice(estonia: Bundle) -> None:
    items = practice_items(estonia, "et", TOOLS)
    first = tuple(item.id for item in items[40:42])
    drawn = draw(items, 5, 7, first)
    assert tuple(item.id for item in drawn[:2]) == first and len({item.id for item in drawn}) == 5
    assert len({item.id.split(":")[1] for item in drawn[2:]}) == 3
    assert draw(items, 5, 8) != draw(items, 5, 7) == draw(items, 5, 7)


def test_an_item_comes_again_after_days_and_what_was_recalled_later() -> None:
    cards = {recalled: next_card(None, recalled, NOON) for recalled in ("again", "hard", "good")}
    days = [(datetime.fromisoformat(card["due"]) - NOON) / timedelta(days=1) for card in cards.values()]
    assert days == sorted(days) and days[0] >= 1 and days[2] > days[0]
    assert due(cards, NOON) == () and due(cards, NOON + timedelta(days=400)) == ("again", "hard", "good")


def test_who_recalls_again_and_again_is_asked_ever_more_seldom() -> None:
    card, moment, gaps = None, NOON, []
    for _ in range(6):
        card = next_card(card, "good", moment)
        gaps.append((datetime.fromisoformat(card["due"]) - moment).days)
        moment = datetime.fromisoformat(card["due"])
    assert gaps == sorted(gaps) and gaps[-1] <= 365 and "card_id" not in card
