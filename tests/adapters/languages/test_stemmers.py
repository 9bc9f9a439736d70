"""Stems of Kazakh and Tamil: forms of one word come together, words that look alike stay apart; any text has stems."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.adapters.languages.kazakh import kazakh_stem
from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.adapters.languages.tamil import tamil_stem
from endonym.text.fold import fold, strip_marks

PAIRS: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(Path(__file__).with_name("pairs.yaml").read_text("utf-8"))
STEMMERS = {"kk": kazakh_stem, "ta": tamil_stem}
LETTERS = {"kk": "абгғдежзийкқлмнңоөпрстуұүшыіюяь-", "ta": "கஙசஞடணதநபமயரலவழளறனஃஅஇஉஐ\u0bcd\u0bbe\u0bbf\u0bc1\u0bc8\u0bca-"}
ENDINGS = {"kk": "лар дар ы сы ның ды да дан мен ған ды м", "ta": "கள் களை த்தை இல் யில் உம் க்கு ட்டு அத்து ற்று"}
TOOLS = SimplemmaTools()


def joined(language: str, half: str, kind: str) -> list[str]:
    stem = STEMMERS[language]
    return [pair for pair in PAIRS[language][half][kind] if len({stem(fold(word)) for word in pair.split()}) == 1]


@pytest.mark.parametrize("language", STEMMERS)
def test_pairs_that_the_rules_were_set_on(language: str) -> None:
    assert joined(language, "tuned", "same") == PAIRS[language]["tuned"]["same"]
    assert joined(language, "tuned", "different") == []


@pytest.mark.parametrize(("language", "wrong"), [("kk", ["көз көзе", "жер жеріну", "жеті жетім"]), ("ta", [])])
def test_pairs_that_they_were_not_set_on(language: str, wrong: list[str]) -> None:
    assert joined(language, "held", "same") == PAIRS[language]["held"]["same"]
    assert joined(language, "held", "different") == wrong


@pytest.mark.parametrize("language", STEMMERS)
def test_there_are_pairs_enough(language: str) -> None:
    for kind in ("same", "different"):
        pairs = [pair for half in PAIRS[language].values() for pair in half[kind]]
        assert len(pairs) >= 60
        assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(("text", "language", "stems"), [
    ("ДНҚ-ның CO2-ден «Кітаптарымыздағы» 5-сынып", "kk-KZ", ["днқ", "co2", "кітап", "5-сынып"]),
    ("Өсімдіктер жарық энергиясын қантқа айналдырады", "kk", ["өсімдік", "жарық", "энергия", "қант", "айналдыр"]),
    ("әке-шешесі бар-жоғын", "kk", ["әке-шеше", "бар-жоқ"]),
    ("DNA-வின் தாவரங்களின் இலைகளில்", "ta-SG", ["dna", "தாவர", "இலை"]),
    ("ஒளிச்சேர்க்கையைப் படிக்கிறார்கள்", "ta", ["ஒளிச்சேர்க்கு", "படி"]),
    ("2024 ж. plants", "kk", ["2024", "ж", "plants"]),
])  # fmt: skip
def test_stems_of_texts(text: str, language: str, stems: list[str]) -> None:
    assert TOOLS.lemmas(text, language) == stems


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(sorted(STEMMERS)))
def test_the_stem_of_a_stem_is_itself(data: st.DataObject, language: str) -> None:
    head = data.draw(st.one_of(st.text(alphabet=LETTERS[language], max_size=12), st.text(max_size=8)))
    tail = data.draw(st.lists(st.sampled_from(ENDINGS[language].split()), max_size=5))
    stem = STEMMERS[language](strip_marks(head + "".join(tail)))
    assert STEMMERS[language](stem) == stem


@settings(max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(["kk", "ta", "ar", "et", "zh", "xx", "", "kk-Latn"]))
def test_any_text_has_lemmas(text: str, language: str) -> None:
    assert all(lemma == lemma.casefold() for lemma in TOOLS.lemmas(text, language))


@pytest.mark.parametrize("stem", STEMMERS.values())
def test_long_words_are_left_as_they_are(stem: Callable[[str], str]) -> None:
    assert stem("тар" * 10_000) == "тар" * 10_000
    assert stem("கள்" * 10_000) == "கள்" * 10_000
    assert stem("x" + "-ы" * 10_000) == "x" + "-ы" * 10_000
