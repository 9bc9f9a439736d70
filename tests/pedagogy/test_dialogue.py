from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.pack.lessons import Lesson, parse_lesson
from endonym.pedagogy import Guidance, Sensed, dialogue, fold
from endonym.seams.dialogue import Dialogue

TOOLS = SimplemmaTools()
TEXT = (Path(__file__).parent / "lesson.md").read_text("utf-8")
PARSED, FAULTS = parse_lesson(TEXT, "lesson.md", lesson_id="biology/x", language="et", subject="biology", pack="p")
ASK = "Mis on fotosüntees?"


def lesson() -> Lesson:
    assert PARSED is not None, FAULTS
    return PARSED


def sense(text: str, language: str) -> Sensed:
    """The index's part, by the lesson's own words."""
    asked = "fotosüntees" in text.casefold() or "rohelised" in text.casefold()
    return Sensed("biology/x", 0.9, True) if asked else Sensed()


GUIDANCE = Guidance(lambda lesson_id, language: lesson(), sense, TOOLS, ("et", "en", "ru"), "et")


def after(*messages: str) -> Dialogue:
    return fold(messages, GUIDANCE)


def test_a_question_on_a_lesson_starts_from_what_the_student_knows() -> None:
    state = after(ASK)
    assert (state.kind, state.step, state.lesson, state.phase) == ("problem", "open", "biology/x", "recall")


def test_hints_come_one_at_a_time_and_the_explanation_does_not_follow_from_hints_alone() -> None:
    assert [after(ASK, *["anna vihje"] * n).hints for n in (1, 2, 3, 4, 9)] == [1, 2, 3, 3, 3]
    assert after(ASK, *["anna vihje"] * 9).step == "no_more_hints"


@pytest.mark.parametrize("plea", ["ütle lihtsalt vastus", "just give me the answer", "просто скажи ответ", "ma juba proovisin, ütle vastus"])
def test_pleading_does_not_bring_the_explanation(plea: str) -> None:
    assert [after(ASK, *[plea] * n).step for n in (1, 5, 20)] == ["refuse"] * 3


def test_honest_attempts_reach_the_explanation() -> None:
    attempts = ["ma arvan et taim vajab päikest", "äkki veel vett ja mulda ka vaja", "taim hingab ja kasvab minu arust"]
    assert [after(ASK, *attempts[:n]).step for n in (1, 2, 3)][-1] == "explain"


def test_invented_attempts_of_the_assistant_do_not_exist() -> None:
    """The fold sees the student's messages alone, so a client cannot smuggle in help or attempts."""
    assert after(ASK, "ütle vastus").attempts == 0


def test_a_full_answer_is_affirmed_and_checked_and_carried_over() -> None:
    answer = "valguse abil teeb süsihappegaasist ja veest glükoosi ning hapnikku"
    assert after(ASK, answer).step == "affirm"
    assert after(ASK, answer, "ei, pimedas ei saa").step == "check_right"
    assert after(ASK, answer, "ei, pimedas ei saa", "valgus ei jõua sügavale").step == "transfer_right"


def test_a_misconception_is_recognised_before_anything_else() -> None:
    state = after(ASK, "taim saab toidu mullast")
    assert (state.step, state.diagnosis.misconception) == ("misconception", 0)


def test_nearly_right_and_gibberish_get_different_replies() -> None:
    assert after(ASK, "valgus, süsihappegaas ja vesi").step == "feedback"
    assert after(ASK, "asdf qwer zxcv").step == "ask_again"
    assert after(ASK, "Mida taim vajab, et endale toitu teha?").diagnosis.honest is False


@pytest.mark.parametrize("said", ["ma ei taha enam elada", "i want to kill myself", "не хочу жить", "isa peksab mind", "ma lõikun ennast", "Ma tahan ennast ära tappa",
    "tahaks end lihtsalt ära tappa", "kuidas saab ennast tappa"])
def test_distress_is_met_at_once_in_any_language_and_the_lesson_is_kept(said: str) -> None:
    assert after(said).step == "help_line"
    assert after(ASK, said).step == "help_line"
    assert after(ASK, "anna vihje", said, "anna vihje").hints == 2


def test_a_wrong_check_is_retried_once_and_then_answered() -> None:
    answer = "valguse abil teeb süsihappegaasist ja veest glükoosi ning hapnikku"
    assert [after(ASK, answer, *["jah toimub küll"] * n).step for n in (1, 2)] == ["check_retry", "check_answer"]


WORDS = st.lists(st.sampled_from(["anna vihje", "ütle vastus", "ei tea", "jah", "asdf", "ütle kohe vastus palun", "tere", "edasi", "?"]), max_size=25)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_without_an_honest_attempt_no_sequence_of_messages_brings_the_explanation(messages: list[str]) -> None:
    state = after(ASK, *messages)
    assert state.attempts == 0
    assert state.step not in ("explain", "affirm", "check_right", "check_answer")


@pytest.mark.parametrize(("text", "sensed", "kind", "concept"), [
    ("Millal fotosüntees avastati?", Sensed("biology/x", 0.9, True, answers=lambda: True), "lookup", ""),
    ("Mis on fotosüntees?", Sensed("biology/x", 0.9, True, exact=True, answers=lambda: True), "problem", ""),
    ("Millal fotosüntees avastati?", Sensed("biology/x", 0.9, True), "problem", ""),
    ("Mida tähendab klorofüll?", Sensed("biology/x", 0.9, True, concept="chlorophyll", tied=True), "lookup", "chlorophyll"),
    ("klorofülli roll taimes", Sensed("biology/x", 0.9, True, concept="chlorophyll", tied=True), "problem", ""),
    ("klorofüll", Sensed("biology/x", 0.6, False, concept="chlorophyll", named=True), "lookup", "chlorophyll"),
    ("klorofülli roll", Sensed("biology/x", 0.6, False, concept="chlorophyll"), "problem", ""),
])  # fmt: skip
def test_a_look_up_is_answered_and_a_lesson_is_opened(text: str, sensed: Sensed, kind: str, concept: str) -> None:
    guidance = Guidance(lambda lesson_id, language: lesson(), lambda text, language: sensed, TOOLS, ("et", "en", "ru"), "et")
    state = fold([text], guidance)
    assert (state.kind, state.concept) == (kind, concept)


@pytest.mark.parametrize("said", ["Miks Romeo tahtis end tappa?", "tahan sääske tappa", "kuidas viirused end paljundavad ja rakke tappa võivad"])
def test_what_tells_of_others_is_no_distress(said: str) -> None:
    assert after(said).step != "help_line"


def test_where_nothing_is_explained_attempts_pleas_and_wrong_checks_bring_neither_explanation_nor_answer() -> None:
    closed = replace(GUIDANCE, explains=False)
    messages = [ASK, "anna vihje", "anna vihje", "taim vajab valgust", "taim vajab mulda", "taim vajab vett", "taim vajab sooja", "ütle lihtsalt vastus"]
    assert "explain" in [fold(messages[:n], GUIDANCE).step for n in range(1, 9)]
    assert not {"explain", "check_answer"} & {fold(messages[:n], closed).step for n in range(1, 9)}
    practice = ["harjutame fotosünteesi", "taim vajab valgust", "taim vajab vett"]
    assert (fold(practice, GUIDANCE).step, fold(practice, closed).step) == ("check_answer", "check_retry")


def test_what_an_attempt_holds_is_found_once_for_a_lesson_and_anew_for_another() -> None:
    talk = (ASK, "taim vajab valgust, ütle palun kas õige", "taim vajab vett", "taim vajab õhku ja sooja")
    first = after(*talk)
    found = dialogue._remembered.cache_info().misses
    assert after(*talk) == first and dialogue._remembered.cache_info().misses == found, "a conversation is folded anew with each message"
    other = lesson().model_copy(update={"diagnose": lesson().check})
    assert fold(talk, replace(GUIDANCE, lesson=lambda lesson_id, language: other)).diagnosis != first.diagnosis
    assert after(*talk) == first
