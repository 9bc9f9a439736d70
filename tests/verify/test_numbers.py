from __future__ import annotations

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from endonym.text.formats import date_order, number_marks
from endonym.text.prose import prose
from endonym.verify.numbers import misformatted
from tests.verify.replies import judge, problems


@pytest.mark.parametrize(("language", "territory", "text"), [
    ("et", "EE", "Pi on 3,14, rahvaarv 1\u00a0366\u00a0188 ja 12\u202f345,6; hind 1 000 eurot."),
    ("et", "EE", "§ 8.1 ja ptk 2.5, versioon 2.5, kell 12.30, joonisel 1.2, Python 3.11, v2.5, GPT-4.5, 1.2.3 ja 1,2,3."),
    ("et", "EE", "24.02.1918 ja 1918-02-24, 24.02. sündis, punktid (2.5) ja (2,5)."),
    ("et", "EE", "`3.14`, $3.14$, \\(2.5\\), „Pi on 3.14“ ja\n> 2.5\n"),
    ("et", "EE", "## 2.1 Rakk\n2.1. Tuum"),
    ("ru", "EE", "1,5 кг, 24.02.1918"),
    ("en", "SG", "2.5 km, 1,000 dollars, 12,345.67, 24 February 1918, 24/2/1918, 3/4/1918."),
    ("en", "US", "February 24, 1918, 2/24/1918, 1,000.5"),
    ("en", "EE", "13 August 1961"),
    ("fr", "FR", "12\u202f345,6 et 24/02/1918"),
    ("de", "CH", "1’234.5 und 1'234.5"),
    ("hi", "IN", "12,34,567 और 2.5"),
    ("ar", "JO", "٢٫٥ و ١٬٠٠٠ و 2.5 و 1,000 و ٢٤\u200f/٢\u200f/١٩١٨"),
    ("zh", "", "2.5 和 1918/2/24"),
    ("zh", "SG", "有1,000人和3.14米，第3,1节，图2,1，坐标(2,5)，1918年2月24日，版本2,5"),
    ("kk", "KZ", "24 ақпан 1918 ж., 1918 жылғы 24 ақпан, 1,5 млн және 18 756 666.\n2.1 тақырып"),
    ("lv", "LV", "1918. gada 18. novembrī, 18.11.1918., 3,14 un 1 000."),
    ("ms", "MY", "RM1,000.50 pada 31 Ogos 1957, 31/8/1957."),
    ("xx", "", "2.5 ja 2,5"),
])  # fmt: skip
def test_what_stands(language: str, territory: str, text: str) -> None:
    assert list(misformatted(prose(text), language, territory)) == []


@pytest.mark.parametrize(("language", "territory", "text", "found", "expected"), [
    ("et", "EE", "Pi on 3.14 ja", "3.14", "3,14"),
    ("et", "EE", "Vastus on 2.5.", "2.5", "2,5"),
    ("et", "EE", "x = -2.5 ja", "2.5", "2,5"),
    ("et", "EE", "Eestis elab 1,366,188 inimest.", "1,366,188", "1\u00a0366\u00a0188"),
    ("et", "EE", "12,345.67 eurot", "12,345.67", "12\u00a0345,67"),
    ("et", "EE", "02/24/1918", "02/24/1918", "the order day, month, year"),
    ("ru", "", "Весит 1.5 кг", "1.5", "1,5"),
    ("en", "SG", "2,5 km", "2,5", "2.5"),
    ("en", "SG", "On February 24th, 1918 it began.", "February 24th, 1918", "the day before the month"),
    ("en", "US", "On 24 February 1918 it began.", "24 February 1918", "the month before the day"),
    ("en", "US", "24/02/1918", "24/02/1918", "the order month, day, year"),
    ("de", "DE", "1,234.5 Euro", "1,234.5", "1.234,5"),
    ("de", "CH", "1.234,5 Franken", "1.234,5", "1’234.5"),
    ("fr", "FR", "12,345.6 euros", "12,345.6", "12\u202f345,6"),
    ("hi", "IN", "1,234,567 लोग", "1,234,567", "12,34,567"),
    ("ta", "SG", "12,34,567 பேர்", "12,34,567", "1,234,567"),
    ("ar", "JO", "العدد ٢.٥ هنا", "٢.٥", "٢٫٥"),
    ("ar", "JO", "٢/٢٤/١٩١٨", "٢/٢٤/١٩١٨", "the order day, month, year"),
    ("zh", "", "圆周率是3,14。", "3,14", "3.14"),
    ("zh", "", "于24/02/1918年", "24/02/1918", "the order year, month, day"),
    ("ja", "JP", "約3,14です", "3,14", "3.14"),
    ("et", "EE", "2.1 Rakk\n2.5 kg kartuleid", "2.5", "2,5"),
    ("lv", "LV", "Tas ir 3.14 cm", "3.14", "3,14"),
    ("kk", "KZ", "Халқы 18,756,666 адам", "18,756,666", "18\u00a0756\u00a0666"),
    ("ms", "MY", "Ogos 31, 1957", "Ogos 31, 1957", "the day before the month"),
    ("zh", "", "24/2/1918", "24/2/1918", "the order year, month, day"),
])  # fmt: skip
def test_what_does_not(language: str, territory: str, text: str, found: str, expected: str) -> None:
    assert list(misformatted(text, language, territory)) == [(found, expected)]


@pytest.mark.parametrize("text", ["Pi on 3.1", "Pi on 3.14", "Sündis 24.02.", "Sündis 02/24/19", "Sündis 24.02. "])
def test_what_may_still_grow_is_left_alone(text: str) -> None:
    assert judge("numbers", text, language="et", final=False).passed


def test_judged_while_it_grows() -> None:
    outcome = judge("numbers", "Pi on 3.14 ja muud", language="et", final=False)
    assert (outcome.passed, outcome.evidence, outcome.excerpt) == (False, "expected 3,14, found '3.14'", "3.14")


def test_a_reply_in_another_language_is_not_judged() -> None:
    assert judge("numbers", "Pi on 3.14 ja", reply_language="en", language="et").passed


@pytest.mark.parametrize("options", [{"language": "qq"}, {"language": "et", "territory": "Estonia"}, {}, {"language": "et", "mark": ","}])
def test_options(options: dict[str, str]) -> None:
    assert len(problems("numbers", **options)) == 1


@given(st.one_of(st.text(), st.text(alphabet="0123456789.,/- '’\u00a0٫٬٢v§(a:第是\n")), st.sampled_from(["et", "en", "hi", "ar", "zh", "de"]))
def test_any_text_is_judged(text: str, language: str) -> None:
    for found, expected in misformatted(text, language):
        assert found in text
        assert expected


@given(st.integers(0, 10**9), st.integers(0, 999), st.sampled_from(["et", "en", "hi", "de", "fr", "ru", "kk", "ms", "pl", "sv"]))
def test_what_cldr_writes_stands(whole: int, fraction: int, language: str) -> None:
    written = format_decimal(whole + fraction / 1000, locale=language)
    assert list(misformatted(f"a {written} a", language)) == []


def test_cldr() -> None:
    assert (marks := number_marks("fr")) and (marks.decimal, marks.group) == (",", "\u202f")
    assert (marks := number_marks("et")) and (marks.decimal, marks.group) == (",", "\u00a0")
    assert (marks := number_marks("hi")) and (marks.first, marks.further) == (3, 2)
    assert (order := date_order("en", "US")) and (order.numeric, order.written) == ("mdy", "md")
    assert number_marks("xx") is None
    assert date_order("xx") is None
