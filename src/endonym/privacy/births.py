"""Dates of birth: a date beside words of birth. A date of history stays.

Three kinds of words: what people say of themselves and their family ("I was born") and what forms say ("date of birth")
count for anyone who may be alive; "born" alone is said of everyone in history, so it counts only for those of school age.
So does a date in a list with an identifier, a phone or an address of mail.

Months are not looked up: beside a word of birth, a day, one or two words and a year are a date in any language.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from endonym.core.clock import today
from endonym.privacy.spans import is_within
from endonym.privacy.words import says

_FOUR = r"(?:19|20)\d\d"
_MONTH = r"(?:(?:of|de|تشرين|كانون)\s)?[^\W\d_][\w\u0b80-\u0bff]{1,14}\.?"
_DATE = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?{_FOUR}(?!\d)"
    rf"|{_FOUR}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?\d{{1,2}}(?!\d)"
    rf"|{_FOUR}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号]"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th|-?го|-?ші|-?шы|-?ье|-е)?\s{_MONTH}(?:\s(?:الأول|الثاني))?,?\s(?:a\.?\s)?{_FOUR}(?!\d)"
    rf"|(?<![^\W\d_]){_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_FOUR}(?!\d)"
    rf"|{_FOUR}(?:\s?(?:жылғы|жылы|ж\.|год[ауы]?|г\.|ஆம் ஆண்டு|ஆண்டு))?,?\s(?:\d{{1,2}}\s?[-.]?\s?{_MONTH}|{_MONTH}\s\d{{1,2}})(?!\d))"
)
_YEAR = re.compile(rf"{_FOUR}(?<!\d\d\d\d\d)(?!\d)")
_REACH = 48
_OLDEST, _SCHOOL, _YOUNGEST = 100, 25, 5
_GAP = re.compile(r"\s*[,;/|،、，；]?\s*")
_LONGEST_GAP = 6


def births(
    text: str, held: Sequence[tuple[int, int]] = (), beside: Sequence[tuple[int, int]] = ()
) -> Iterator[tuple[int, int]]:
    """Dates that are somebody's date of birth.

    Args:
        held: Links, in order; a date in one is no birth.
        beside: Identifiers, phones and addresses of mail, in order; a pupil's date in a list with one is a birth.
    """
    last, this_year = 0, 0
    for year in _YEAR.finditer(text):
        this_year = this_year or today().year
        age = this_year - int(year.group())
        if year.start() < last or not 0 <= age <= _OLDEST or is_within(held, year.start()):
            continue
        lowest = max(last, year.start() - 32)
        for match in _DATE.finditer(text, lowest, min(len(text), year.end() + 24)):
            if match.start() <= year.start() < match.end():
                if _is_birth(text, match.start(), match.end(), age) or (
                    _YOUNGEST <= age <= _SCHOOL and _is_listed(text, match.start(), match.end(), beside)
                ):
                    yield match.span()
                last = match.end()
                break


def _is_birth(text: str, start: int, end: int, age: int) -> bool:
    if not _near("birth", text, start, end):
        return False
    return age <= _SCHOOL or _near("birth.own", text, start, end) or _near("birth.label", text, start, end)


def _is_listed(text: str, start: int, end: int, beside: Sequence[tuple[int, int]]) -> bool:
    """Whether one of `beside` stands next in a list: only a comma, a semicolon or a line's end lies between."""
    at = bisect_left(beside, (start, end))
    gaps = [text[end : beside[at][0]]] if at < len(beside) else []
    gaps += [text[beside[at - 1][1] : start]] if at else []
    return any(_GAP.fullmatch(gap[:_LONGEST_GAP + 1]) for gap in gaps)


def _near(name: str, text: str, start: int, end: int) -> bool:
    """In the same sentence: what stands before, or shortly after."""
    left = max(text.rfind(mark, max(0, start - _REACH), start) for mark in ("! ", "? ", "\n", "。", "；", ";"))
    return says(name, text, start, end, min(_REACH, start - left - 1 if left >= 0 else _REACH), 24)
