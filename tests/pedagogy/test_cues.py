"""Cues are found where people write them, with and without spaces between words."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from endonym.pedagogy.cues import Cues, _in_distress


@pytest.mark.parametrize(("text", "language", "cue"), [
    ("Ma tõesti ei taha enam elada", "et", "distress"),
    ("老师，我真的不想活了", "zh", "distress"),
    ("什么是光合作用？", "zh", "definition"),
    ("给我一个提示", "zh", "hint"),
    ("AITÄH!!", "et", "thanks"),
    ("Спасибо большое", "ru", "thanks"),
])  # fmt: skip
def test_a_cue_is_found_inside_a_message(text: str, language: str, cue: str) -> None:
    assert Cues(text, (language,)).has(cue)


@pytest.mark.parametrize(("text", "language"), [("hintide", "et"), ("Kas teretulnud on üks sõna?", "et"), ("chintz", "en")])
def test_part_of_a_spaced_word_is_no_cue(text: str, language: str) -> None:
    assert not any(Cues(text, (language,)).has(name) for name in ("greeting", "hint", "thanks"))


def test_words_are_counted_in_scripts_without_spaces() -> None:
    assert Cues("你好", ("zh",)).is_only("greeting")
    assert not Cues("你好，请告诉我什么是光合作用，还有它为什么重要", ("zh",)).is_only("greeting")


@pytest.mark.parametrize(("text", "language"), [("Mis on hai?", "et"), ("What happens later?", "en"), ("morning sickness", "en"), ("добрый царь", "ru")])
def test_a_word_of_a_question_is_no_greeting(text: str, language: str) -> None:
    cues = Cues(text, (language,))
    assert not (cues.is_only("greeting") or cues.is_only("thanks"))


@pytest.mark.parametrize("language", ["et", "en", "ru", "ar", "kk", "ms", "ta", "zh"])
def test_no_wording_is_both_a_greeting_and_thanks(language: str) -> None:
    listed = tomllib.loads(resources.files("endonym.pedagogy").joinpath(f"cues/{language}.toml").read_text("utf-8"))
    assert set(listed["greeting"]) & set(listed["thanks"]) == set()


def test_what_is_long_is_not_kept_in_memory() -> None:
    before = _in_distress.cache_info().currsize
    assert not Cues("taim vajab valgust " * 5_000, ("et",)).in_distress and Cues("taim " * 1_000 + "ma tahan surra", ("et",)).in_distress
    assert _in_distress.cache_info().currsize == before
