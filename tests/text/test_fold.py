from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endonym.text.fold import fold, grams, strip_marks, words
from endonym.text.scripts import scripts


@pytest.mark.parametrize(("text", "folded"), [
    ("  CO₂\tJA\u00a0Ülo ", "co2 ja ülo"),
    ("Straße", "strasse"),
    ("U\u0308lo", "ülo"),
])  # fmt: skip
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(("text", "stripped"), [
    ("Õhk äke öö üle ŠOKK žürii", "ohk ake oo ule sokk zurii"),
    ("ёлка Йод мой", "елка йод мой"),
    ("كِتَابٌ", "كتاب"),
    ("हिन्दी", "हिन्दी"),
    ("Łódź, Ærø", "lodz, aero"),
])  # fmt: skip
def test_strip_marks(text: str, stripped: str) -> None:
    assert strip_marks(text) == stripped


@given(st.text())
def test_foldings_are_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert strip_marks(strip_marks(text)) == strip_marks(text)


def test_words() -> None:
    text = "Mis on CO2? § 8 lõige 2,5 ja DNA-s; don’t 24.02.1918 _a_ 3/4"
    assert words(text) == [
        "Mis",
        "on",
        "CO2",
        "§8",
        "lõige",
        "2,5",
        "ja",
        "DNA-s",
        "don’t",
        "24.02.1918",
        "a",
        "3",
        "4",
    ]


def test_grams() -> None:
    assert grams("Sünd on") == ["_sun", "sund", "und_", "_on_"]
    assert grams("õ") == ["_o_"]
    assert grams("") == []


def test_scripts() -> None:
    assert scripts("Что такое DNA 42?") == {"Cyrl": 8, "Latn": 3}
    assert scripts("42 + x²") == {"Latn": 1}


def test_words_of_scripts_whose_vowels_are_marks() -> None:
    assert words("हिन्दी भाषा العَرَبِيَّة") == ["हिन्दी", "भाषा", "العَرَبِيَّة"]


@pytest.mark.parametrize(("text", "found"), [
    ("什么是光合作用？", ["什么", "么是", "是光", "光合", "合作", "作用"]),
    ("CO2在水中 光", ["CO2", "在水", "水中", "光"]),
    ("น้ำ", ["น้ำ"]),
    ("मेरी किताब", ["मेरी", "किताब"]),
    ("한국어 문장", ["한국어", "문장"]),
])  # fmt: skip
def test_scripts_without_spaces_give_pairs_of_letters(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text())
def test_words_are_of_the_text(text: str) -> None:
    folded = fold(text)
    assert all(fold(word)[:1] in folded for word in words(text) if word[0] != "§")
