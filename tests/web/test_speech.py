"""Formulas are read aloud in the language of the reply."""

from __future__ import annotations

import re

import pytest

from endonym.web.markdown import to_html
from tests.conftest import PACKS

LANGUAGES = ("en", "et", "ru", "ar", "kk")
IN_LESSONS = sorted({formula for file in PACKS.glob("*/lessons/*/*.md") for formula in re.findall(r"\$([^$\n]+)\$", file.read_text("utf-8"))})


def heard(tex: str, language: str) -> str:
    found = re.search(r'aria-label="([^"]*)"', to_html(f"${tex}$", language=language))
    return found[1] if found else ""


@pytest.mark.parametrize(("tex", "language", "words"), [
    ("x^2 - 3x - 28 = 0", "en", "x squared minus 3 x minus 28 equals 0"),
    ("x = -4", "en", "x equals minus 4"),
    ("x^2 - 3x - 28 = 0", "et", "x ruudus miinus 3 x miinus 28 võrdub 0"),
    ("x^2 - 3x - 28 = 0", "ar", "x تربيع ناقص 3 x ناقص 28 يساوي 0"),
    ("x = -4", "ar", "x يساوي سالب 4"),
    (r"\frac{1}{2}", "ru", "1 делить на 2"),
    (r"\frac{a+b}{2}", "ru", "дробь, числитель a плюс b, знаменатель 2, конец дроби"),
    (r"\sqrt{9}", "kk", "квадрат түбір астында 9"),
    (r"\sqrt{b^2-4ac}", "en", "square root of b squared minus 4 a c, end of root"),
    (r"\sqrt[3]{8}", "et", "juur, juurija 3, juure all 8, juure lõpp"),
    ("x^{10}", "en", "x to the power of 10"), ("2^3", "kk", "2 куб"), ("x_1", "et", "x indeksiga 1"),
    (r"2 \cdot 3 \neq 5", "en", "2 times 3 is not equal to 5"), (r"x \leq 5", "ru", "x меньше или равно 5"),
    ("(x - 7)(x + 4) = 0", "en", "open bracket x minus 7 close bracket open bracket x plus 4 close bracket equals 0"),
])  # fmt: skip
def test_a_formula_is_read_in_the_words_of_the_language(tex: str, language: str, words: str) -> None:
    assert heard(tex, language) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_of_the_lessons_has_words(language: str) -> None:
    assert len(IN_LESSONS) >= 30
    assert [formula for formula in IN_LESSONS if not heard(formula, language)] == []


@pytest.mark.parametrize(("tex", "language"), [(r"\int_0^1 x dx", "en"), (r"\begin{matrix}1&2\end{matrix}", "et"), ("x^2", "zh"), ("x^2", "")])
def test_what_has_no_words_is_left_to_the_reader(tex: str, language: str) -> None:
    assert "<math" in to_html(f"${tex}$", language=language) and heard(tex, language) == ""


def test_words_of_a_formula_cannot_carry_markup() -> None:
    page = to_html('$x" onclick="alert(1)$ $\\text{<b>}$', language="en")
    assert "onclick=" not in re.sub(r">[^<]*<", "><", page) and "<b>" not in page
