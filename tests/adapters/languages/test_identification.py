"""Identification: every stack of a shipped pack, romanised and unmarked words, confusable sets, strangers."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from endonym.adapters.languages import identification
from endonym.adapters.languages.identification import confusable, confusable_sets
from endonym.adapters.languages.simplemma_tools import SimplemmaTools

TOOLS = SimplemmaTools()
ESTONIA, KAZAKHSTAN, JORDAN, SINGAPORE = ("et", "en", "ru"), ("kk", "ru", "en"), ("ar", "en"), ("en", "zh", "ms", "ta")


@pytest.mark.parametrize(("text", "candidates", "language"), [
    ("privet", ESTONIA, "ru"),
    ("obyasni eshe raz", ESTONIA, "ru"),
    ("chto takoe kletka", KAZAKHSTAN, "ru"),
    ("ANNA VIHJE", ESTONIA, "et"),
    ("GIVE ME A HINT", ESTONIA, "en"),
    ("mis on fotosyntees", ESTONIA, "et"),
    ("vorrandi lahendid", ESTONIA, "et"),
    ("спс", KAZAKHSTAN, "ru"),
    ("рахмет", KAZAKHSTAN, "kk"),
    ("түсінбедім", KAZAKHSTAN, "kk"),
    ("жасуша деген не", KAZAKHSTAN, "kk"),
    ("Что такое фотосинтез?", KAZAKHSTAN, "ru"),
    ("ما هي معادلة التمثيل الضوئي؟", JORDAN, "ar"),
    ("tak faham soalan ini", SINGAPORE, "ms"),
    ("什么是光合作用", SINGAPORE, "zh"),
    ("ஒளிச்சேர்க்கை என்றால் என்ன?", SINGAPORE, "ta"),
    ("Les plantes fabriquent du sucre avec de l'eau.", ESTONIA, ""),
    ("Рослини на світлі утворюють цукор із води.", ESTONIA, ""),
    ("mitosis", ESTONIA, ""),
    ("DNA", ESTONIA, ""),
    ("privet", ("et", "en"), "en"),
    ("photosynthesis 是什么？", SINGAPORE, "zh"),
    ("photosynthesis என்றால் என்ன?", SINGAPORE, "ta"),
    ("ما هو photosynthesis؟", JORDAN, "ar"),
    ("DNA деген не", KAZAKHSTAN, "kk"),
    ("Bul ne?", KAZAKHSTAN, "kk"),
    ("fotosintez degen ne", KAZAKHSTAN, "kk"),
    ("kak reshit uravnenie", KAZAKHSTAN, "ru"),
    ("es nesaprotu", ("lv", "ru", "en"), "lv"),
    ("paskaidro lūdzu vēlreiz", ("lv", "ru", "en"), "lv"),
])  # fmt: skip
def test_stacks_of_shipped_packs(text: str, candidates: tuple[str, ...], language: str) -> None:
    for order in itertools.permutations(candidates):
        assert TOOLS.identify(text, order) == language


def test_what_confusable_languages_share_is_left_open() -> None:
    shared = "Saya suka makan nasi dengan ayam"
    assert set(TOOLS.among(shared, ("id", "ms", "en"))) == {"id", "ms"}
    assert TOOLS.identify(shared, ("id", "ms", "en")) == ""
    assert TOOLS.identify(shared, ("ms", "en")) == "ms"


def test_confusable_sets_are_sourced_and_apart() -> None:
    path = Path(identification.__file__).with_name("confusable.toml")
    rows = tomllib.loads(path.read_text("utf-8"))["set"]
    assert all(row["source"] and len(row["languages"]) > 1 for row in rows)
    languages = [language for group in confusable_sets() for language in group]
    assert len(languages) == len(set(languages))
    assert confusable("nb-NO", "da")
    assert not confusable("et", "fi")


@pytest.mark.parametrize(("text", "language"), [
    ("Kasvit valmistavat valossa sokeria vedestä ja hiilidioksidista.", "fi"),
    ("Taimed toodavad valguses suhkrut veest ja süsihappegaasist.", ""),
    ("Homo sapiens, Canis lupus, Felis catus, Quercus robur, Pinus sylvestris.", ""),
    ("kasvit valossa", ""),
])  # fmt: skip
def test_stranger(text: str, language: str) -> None:
    assert TOOLS.stranger(text, ESTONIA) == language


def test_models_load_when_they_are_needed() -> None:
    code = (
        "import sys; from endonym.adapters.languages.simplemma_tools import SimplemmaTools as T; t = T(); t.lemmas('Ta', 'xx');"
        "t.identify('42', ('et', 'en')); t.sentences('A. B.', 'et');"
        "assert not {'numpy', 'gcld3', 'py3langid'} & set(sys.modules), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_term_beside_an_estonian_word_is_no_russian_in_latin_letters() -> None:
    assert TOOLS.identify("Diskriminant on D = (−7)² − 4 · 2 · (−15) = 49 + 120 = 169.", ("et", "en", "ru")) in ("et", "")
