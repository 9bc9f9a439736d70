"""Numbers as people write them in running text."""

from __future__ import annotations

import re
import unicodedata

_GLYPH_FRACTION = re.compile(r"(\d*)\s?([\u00bc-\u00be\u2150-\u215e])")
_SUPERSCRIPT = re.compile(r"[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u207b]+")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_DATE = re.compile(r"(?<![\d.,/])\d{1,4}([./])\d{1,2}\1\d{1,4}(?![\d/])")
_GROUPED = r"\d{1,3}(?:[ \u2009]\d{3})+(?!\d)(?:[.,]\d+)?"  # 1 000 000,5
_GROUPED_MARK = r"\d{1,3}(?:,\d{3}){2,}(?!\d)(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<whole>{_GROUPED}|{_GROUPED_MARK}|\d+(?:[.,]\d+)?)"
    r"(?:\s?[/\u2044]\s?(?P<below>\d+)(?![\d.,]*[/\u2044]))?"
)
# A minus is attached to its number with nothing or an operator before it (`on -5`, `(-5`), or stands alone after an
# equals sign, bracket or colon (`x = - 5`). Everything else is a subtraction or a range.
_MINUS = re.compile(r"(?:(?:^|[\s(\[{=:;,<>^*/|+])-|(?:^|[(\[{=:;<>])\s*-\s?)$")


def find_numbers(text: str) -> list[float]:
    """The numbers of `text` in order.

    Comma and point are both decimal marks (`1,000` is one; `1,000,000` and `12,345.6` are grouped). Thousands may be
    set off by spaces, no-break ones included. `3/4` is 0.75, `½` 0.5, `2½` 2.5, `50 %` 50. Any dash can be a minus, but
    `5-3` and `3 - 5` hold no negative number. Digits that belong to a word (`CO2`, `x1`) are no
    numbers, the parts of a date are. Digits of every script count (`٢٫٥`, `۲۵`, `२५`), with the Arabic decimal mark `٫` and group
    mark `٬`.

    Source: Unicode Standard, chapter 4.6 (numeric value) and 9.2 (Arabic marks).
    """
    plain = _plain(text)
    return [_value(match, plain[max(0, match.start() - 4) : match.start()]) for match in _NUMBER.finditer(plain)]


def _plain(text: str) -> str:
    text = _GLYPH_FRACTION.sub(lambda m: f" {int(m[1] or 0) + unicodedata.numeric(m[2])} ", text)
    text = _SUPERSCRIPT.sub(lambda m: "^" + unicodedata.normalize("NFKC", m[0]), text)
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2013", "-").replace("\u2012", "-")
    return _DATE.sub(lambda m: m[0].replace(m[1], " ; "), in_latin_digits(text))


def in_latin_digits(text: str) -> str:
    """`text` with decimal digits of every script as 0 to 9, `٫` as a point, and no `٬` between digits."""
    if not _FOREIGN_DIGIT.search(text):
        return text
    plain = _FOREIGN_DIGIT.sub(lambda m: str(unicodedata.decimal(m[0])), text)
    return re.sub(r"(?<=\d)\u066c(?=\d)", "", re.sub(r"(?<=\d)\u066b(?=\d)", ".", plain))


def _value(match: re.Match[str], before: str) -> float:
    digits = re.sub(r"\s", "", match["whole"])
    last = max(digits.rfind(","), digits.rfind("."))
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}", digits):
        last = -1
    whole = re.sub(r"[.,]", "", digits[: last if last >= 0 else None])
    value = float(f"{whole}.{digits[last + 1 :]}") if last >= 0 else float(whole)
    below = match["below"]
    if below and int(below):
        value /= int(below)
    return -value if _MINUS.search(before) else value
