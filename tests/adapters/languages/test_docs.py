"""docs/languages.md says of each language what the tools give it."""

from __future__ import annotations

from pathlib import Path

import pytest

from endonym.adapters.languages.dictionaries import FACTORY, base, dictionary_code, is_large
from endonym.adapters.languages.identification import confusable_sets
from endonym.adapters.languages.sentence_rules import abbreviations, writes_ordinals_with_point
from endonym.text.fold import words
from endonym.text.formats import date_order, number_marks
from endonym.verify.address import known_languages

PAGE = Path(__file__).parents[3] / "docs" / "languages.md"
SAMPLES = {"zh": "什么是光合作用", "th": "การสังเคราะห์ด้วยแสง"}
OWN = ("kk", "ta")
SHIPPED = ("et", "ru", "en", "ar", "kk", "zh", "ms", "ta")
OTHERS = ("lv", "lt", "fi", "uk", "de", "fr", "es", "it", "pt", "pl", "tr", "id", "sv", "nb", "da", "nl", "cs", "sk", "hi", "th", "sw", "vi")


def row(language: str) -> str:
    marks, order = number_marks(language), date_order(language)
    assert marks
    assert order
    mark = {"\u00a0": "U+00A0", "\u202f": "U+202F"}.get(marks.group, f"`{marks.group}`")
    groups = mark + (", groups of 3 and 2" if marks.further == 2 else "")
    others = {other for group in confusable_sets() if base(language) in group for other in group} - {language}
    cells = (
        language, stems(language), abbreviations_count(language) + (", `1.` is an ordinal" if writes_ordinals_with_point(language) else ""),
        "yes" if base(language) in known_languages() else "–", f"`{marks.decimal}`, {groups}", order.numeric or "–", ", ".join(sorted(others)) or "–",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def stems(language: str) -> str:
    if language == "ar":
        return f"{size(language)}, then light10"
    if language in OWN:
        return "own stemmer"
    if language in SAMPLES and len(words(SAMPLES[language])) > 1:
        return "pairs of letters"
    return size(language) if dictionary_code(language) else "folded words"


def size(language: str) -> str:
    if language not in SHIPPED:
        return "lemmas"
    forms = len(FACTORY.get_dictionary(dictionary_code(language)))
    return f"lemmas, {forms / 1e6:.1f} million forms" if is_large(language) else f"lemmas, {forms // 1000} 000 forms"


def abbreviations_count(language: str) -> str:
    count = len(abbreviations("inside", language)) + len(abbreviations("either", language))
    return f"{count} abbreviations" if count else "marks"


@pytest.mark.parametrize("language", [*SHIPPED, *OTHERS])
def test_the_page_says_what_each_language_gets(language: str) -> None:
    assert row(language) in PAGE.read_text("utf-8").splitlines()
