"""Dates of birth: a date beside words of birth. A date of history stays.

Three kinds of words: what people say of themselves and their family ("I was born") and what forms say ("date of birth")
count for anyone who may be alive; "born" alone is said of everyone in history, so it counts only for those of school age.
So does a date in a list with a name, an identifier, a phone or an address of mail.

Months are not looked up: beside a word of birth, a day, one or two words and a year are a date in any language.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from endonym.core.clock import today
from endonym.privacy.layout import Page
from endonym.privacy.spans import is_within
from endonym.privacy.words import SENTENCE, pattern, says

_FOUR = r"(?:19|20)\d\d"
_MONTH = r"(?:(?:of|de|تشرين|كانون)\s)?[^\W\d_][\w\u0b80-\u0bff]{1,14}\.?"
# What is surely a date comes first: "1. Mari 2009-03-12" is no first of Mari.
_DATES = (
    re.compile(
        rf"(?<!\d)(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?{_FOUR}(?!\d)"
        rf"|{_FOUR}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?\d{{1,2}}(?!\d)"
        rf"|{_FOUR}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号]"
        rf"|{_FOUR}\s(?:жылғы|жылы)\s\d{{1,2}}\s{_MONTH})"
    ),
    re.compile(
        rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|-?го|-?ші|-?шы|-?ье|-е)?\s{_MONTH}(?:\s(?:الأول|الثاني))?,?\s(?:a\.?\s)?{_FOUR}(?!\d)"
        rf"|(?<!\d)\d{{1,2}}\.\s{_MONTH}\s(?:a\.?\s)?{_FOUR}(?!\d)"
        rf"|(?<![^\W\d_]){_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_FOUR}(?!\d)"
        rf"|(?<!\d){_FOUR}(?:\s?(?:жылғы|жылы|ж\.|год[ауы]?|г\.|ஆம் ஆண்டு|ஆண்டு))?,?\s(?:\d{{1,2}}\s?[-.]?\s?{_MONTH}|{_MONTH}\s\d{{1,2}})(?!\d)"
    ),
)
_YEAR = re.compile(rf"{_FOUR}(?<!\d\d\d\d\d)(?!\d)")
# "2009. aastal" goes on, "2009. Ma" does not.
_STOP = re.compile(r"\. +(?=[A-ZÀ-ÖØ-ÞА-ЯЁҚӘ])")
_REACH = 48
_OLDEST, _SCHOOL, _YOUNGEST = 100, 25, 5
# An ending may be joined to what stands before: "Айгүлмен – 2009".
_GAP = re.compile(r"[^\W\d_]{0,6}[\s,;:/|\"'()،、，；–-]{1,12}(?:(?:ja|и|and|және|dan|sekä|மற்றும்)\s|و\s?)?|\s?[和及]\s?")
_LONGEST_GAP = 32


def births(page: Page, held: Sequence[tuple[int, int]], beside: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Dates that are somebody's date of birth.

    Args:
        held: Links, in order; a date in one is no birth.
        beside: Names, identifiers, phones and addresses of mail, in order; a pupil's date in a list with one is a birth.
    """
    text, last, this_year = page.text, 0, 0
    for year in _YEAR.finditer(text):
        this_year = this_year or today().year
        age = this_year - int(year.group())
        if year.start() < last or not 0 <= age <= _OLDEST or is_within(held, year.start()):
            continue
        date = _date(text, year, last)
        if date:
            if _is_birth(page, *date, age) or (_YOUNGEST <= age <= _SCHOOL and _is_listed(text, *date, beside)):
                yield date
            last = date[1]


def _date(text: str, year: re.Match[str], last: int) -> tuple[int, int] | None:
    """The date that holds a year; none that begins before `last`."""
    for form in _DATES:
        for match in form.finditer(text, max(last, year.start() - 32), min(len(text), year.end() + 24)):
            if match.start() <= year.start() < match.end():
                return match.span()
    return None


def _is_birth(page: Page, start: int, end: int, age: int) -> bool:
    heading = page.cell(start)[2]
    if heading and pattern("birth" if age <= _SCHOOL else "birth.label").search(heading):
        return True
    if not _near("birth", page, start, end):
        return False
    return age <= _SCHOOL or _near("birth.own", page, start, end) or _near("birth.label", page, start, end)


def _is_listed(text: str, start: int, end: int, beside: Sequence[tuple[int, int]]) -> bool:
    """Whether one of `beside` stands next in a list: only spaces and marks lie between."""
    at = bisect_left(beside, (start, end))
    gaps = [text[end : min(beside[at][0], end + _LONGEST_GAP)]] if at < len(beside) else []
    gaps += [text[beside[at - 1][1] : min(start, beside[at - 1][1] + _LONGEST_GAP)]] if at else []
    return any(map(_GAP.fullmatch, gaps))


def _near(name: str, page: Page, start: int, end: int) -> bool:
    """In the same sentence or the question before: what stands before or after."""
    lowest = max(0, start - _REACH)
    left = max(page.text.rfind(mark, lowest, start - 1) for mark in ("! ", "? ", "\n", "。", "；", ";"))
    stop = _STOP.match(page.text, end) or SENTENCE.search(page.text, end, end + _REACH)
    after = stop.start() if stop else min(len(page.text), end + _REACH)
    return says(name, page.folded, max(lowest, left + 1), start) or says(name, page.folded, end, after)
