"""Numbers and dates are written as the reply's language and territory write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, field_validator

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.text.formats import DateOrder, NumberMarks, date_order, locale_of, number_marks
from endonym.text.numbers import in_latin_digits
from endonym.verify.options import Options, in_another_language
from endonym.verify.views import recent_prose

# Letters of Chinese and Japanese stand beside numbers without a space: `是3,14。`
_HAN = "\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(
    rf"(?<![.,:/\\@#&^_])(?<![^\W{_HAN}])(?<!\w-)\d(?:[\d.,'’\u066b\u066c]*\d)?(?![^\W{_HAN}]|[@/\\]|[.,:'’-]\d|\.[^\W\d_])"
)
_NUMBERED_IN_CHINESE = re.compile("[第图圖表例题題章节節页頁版本式]\\s?$")
_DATE = re.compile(rf"(?<![./-])(?<![^\W{_HAN}])(\d{{1,4}})([./-])(\d{{1,2}})\2(\d{{1,4}})(?![\d/-]|\.\d)")
_BRACKETED = re.compile(r"[(\[{]\s*[-−]?[\d.,]+\s*[)\]}]")
"""Pairs in brackets are points (`(2,5)`) or intervals."""
_UNIT = re.compile(r"\s?(?:[%‰°€$]|(?:k[gmW]|mg|[cm]m|ml|[gmlt]|кг|мг|км|[см]м|мл|[гмлт])\b)")
_MARK = re.compile(r"[.,'’\u066b\u066c]")
_BEFORE = re.compile(r"(?:^|[\s(„“\"«])([^\W\d_]+\.?|§+|№|#)[^\S\n]?\Z")
# Before these a number names a place, a version or a time, and keeps the point that it has there.
_NAMING_LIST = (
    "v ver vers version versioon versioonis versiooni версия версии версию версияda нұсқа нұсқасы sürüm versio wersja § §§ № nr no art "
    "ptk peatükk peatükis peatüki lg lõige p punkt punkti ül ülesanne ülesande joonis joonisel tabel tabelis osa lk kell kella klo "
    "chapter chapters section sections fig figure table exercise problem question part page pp at unit rule step level "
    "гл глава главе главы рис рисунок табл таблица упр упражнение задача п пункт раздел разделе стр часть тарау сурет кесте "
    "kapitel abschnitt abb abbildung tab tabelle aufgabe seite uhr um kapitola rozdział zadanie rysunek capítulo sección figura tabla "
    "chapitre section exercice tableau bab jadual rajah soalan seksyen"
)
_NAMING = frozenset(_NAMING_LIST.split())
_BY_THREE, _BY_TWO = NumberMarks(".", ","), NumberMarks(".", ",", 3, 2)
_ISO_YEAR = 4


class _Options(Options):
    language: str = Field(min_length=2)
    territory: str = Field(default="", pattern=r"^([A-Z]{2})?$")

    @field_validator("language")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if locale_of(value) is None:
            raise ValueError(f"expected a language of CLDR, found {value!r}")
        return value


class Numbers:
    name = "numbers"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        if passed := in_another_language(turn, chosen.language):
            return passed
        found = next(misformatted(recent_prose(reply), chosen.language, chosen.territory, final=reply.final), None)
        if found:
            return Outcome(False, f"expected {found[1]}, found {found[0]!r}", found[0])
        return Outcome(True, "numbers and dates as CLDR writes them")


def misformatted(text: str, language: str, territory: str = "", *, final: bool = True) -> Iterator[tuple[str, str]]:
    """(what is written, what was expected) for each number and date that is written otherwise than CLDR does.

    What may be read either way stands (`1,000` in Estonian, 3/4/2020). Times, versions, numbers of sections, numbers after names
    and points in brackets are left alone, so are dates by ISO 8601. With `final=False` what touches the end may still grow.
    """
    plain = text.replace("\u200f", "").replace("\u200e", "")
    order = date_order(language, territory)
    if order:
        for match, wrong in _dates(plain, order):
            if final or _is_past(plain, match):
                yield match[0], wrong
    for bracketed in (_DATE, _BRACKETED):
        plain = bracketed.sub(lambda match: " " * len(match[0]), plain)
    for match in _TOKEN.finditer(plain):
        marks = number_marks(language, territory, match[0])
        if marks and (final or _is_past(plain, match)) and not _names(plain, match) and (expected := _expected(match[0], marks)):
            yield match[0], expected


def _is_past(text: str, match: re.Match[str]) -> bool:
    """Whether so much follows that the number cannot grow, nor its point turn out to be that of a date."""
    return bool(text[match.end() :].strip(" .,:;!?\n\u00a0"))


def _names(text: str, match: re.Match[str]) -> bool:
    """Whether the number stands for a place, a version or a time of day."""
    before = text[max(0, match.start() - 24) : match.start()]
    rest = text[match.end() : match.end() + 5]
    line_start = not before.rpartition("\n")[2].strip(" #*>-\t")
    if line_start and re.match(r"\d{1,2}(\.\d{1,2})+$", match[0]) and rest[:1] in (" ", ".") and not _UNIT.match(rest):
        return True  # `2.1 Rakk`, a heading
    if _NUMBERED_IN_CHINESE.search(before) or rest[:1] in tuple("章节節版"):
        return True  # `第3.1节`
    if rest[:1] == "." and rest[2:3].islower() and re.match(r"\d{1,2}\.\d{1,2}$", match[0]):
        return True  # `24.02. sündis`, a date without its year
    if not (word := _BEFORE.search(before)):
        return False
    named = word[1].rstrip(".")
    inside = before[: word.start(1)].rstrip()[-1:] not in ("", ".", "!", "?", "\n")
    return named.casefold() in _NAMING or (inside and named[:1].isupper())  # `Python 3.11`


def _expected(number: str, marks: NumberMarks) -> str:
    """How the number should be written, or "" where it is right or cannot be judged."""
    found = _MARK.findall(number)
    if not found:
        return ""
    digits = _MARK.split(number)
    last = found[-1]
    if len(set(found)) == 1 and len(found) > 1:
        # 1.000.000 is grouped; 1.2.3 and 1,2,3 are versions and lists.
        if not any(_are_groups(digits, either) for either in (_BY_THREE, _BY_TWO)):
            return ""
        return "" if last in marks.groups and _are_groups(digits, marks) else _grouped(digits, "", marks)
    if len(found) > 1:
        if len(set(found[:-1])) > 1:
            return ""
        right = last == marks.decimal and found[0] in marks.groups and _are_groups(digits[:-1], marks)
        return "" if right else _grouped(digits[:-1], digits[-1], marks)
    if last == marks.decimal or (last in marks.groups and _are_groups(digits, marks)):
        return ""
    if len(digits[-1]) == marks.first and len(digits[0]) <= marks.first and digits[0] != "0" and last != "\u066b":
        return _grouped(digits, "", marks)
    return f"{digits[0]}{marks.decimal}{digits[-1]}"


def _are_groups(digits: list[str], marks: NumberMarks) -> bool:
    *before, last = digits
    return len(last) == marks.first and 1 <= len(before[0]) <= marks.further and all(len(part) == marks.further for part in before[1:])


def _grouped(groups: list[str], fraction: str, marks: NumberMarks) -> str:
    whole = "".join(groups)
    parts = [whole[-marks.first :]]
    rest = whole[: -marks.first]
    while rest:
        parts.insert(0, rest[-marks.further :])
        rest = rest[: -marks.further]
    return marks.group.join(parts) + (f"{marks.decimal}{fraction}" if fraction else "")


def _dates(text: str, order: DateOrder) -> Iterator[tuple[re.Match[str], str]]:
    """Dates whose parts can stand in one order only, and that not the expected one."""
    for match in _DATE.finditer(text):
        written = _order(*(int(in_latin_digits(part)) for part in (match[1], match[3], match[4])), lengths=(len(match[1]), len(match[4])))
        iso = written == "ymd" and match[2] == "-" and len(match[1]) == _ISO_YEAR
        if written and order.numeric and written != order.numeric and not iso:
            yield match, f"the order {_shown(order.numeric)}"
    months = "|".join(sorted(map(re.escape, order.months), key=len, reverse=True))
    if not months:
        return
    ordinal = r"(?:st|nd|rd|th)?"
    wrong = {
        "dm": rf"\b(?:{months})\s+\d{{1,2}}{ordinal},?\s+\d{{4}}\b",
        "md": rf"\b\d{{1,2}}\.?{ordinal}\s+(?:of\s+)?(?:{months}),?\s+\d{{4}}\b",
    }
    if order.written:
        for match in re.finditer(wrong[order.written], text, re.IGNORECASE):
            yield match, "the day before the month" if order.written == "dm" else "the month before the day"


def _order(one: int, two: int, three: int, *, lengths: tuple[int, int]) -> str:
    """The only order of day, month and year in which three numbers are a date, or "" where there are none or several."""
    if lengths[0] == _ISO_YEAR:
        return "ymd" if 1 <= two <= 12 and 1 <= three <= 31 else ""
    if lengths[1] not in (2, _ISO_YEAR):
        return ""
    day_first, month_first = two <= 12 and one <= 31, one <= 12 and two <= 31
    if not (one and two) or day_first == month_first:
        return ""
    return "dmy" if day_first else "mdy"


def _shown(order: str) -> str:
    return ", ".join({"d": "day", "m": "month", "y": "year"}[letter] for letter in order)
