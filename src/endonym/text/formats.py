"""How a language and territory write numbers and dates.

Source: Unicode CLDR (through Babel): numbers/symbols, numbers/decimalFormats, dates/dateFormats. Spaces between groups are
right everywhere: ISO 80000-1, 7.3.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError

Order = Literal["dmy", "mdy", "ymd", ""]

_ARABIC = re.compile("[\u0660-\u0669]")
_PERSIAN = re.compile("[\u06f0-\u06f9]")
_SPACES = "\u0020\u00a0\u2009\u202f"
"""Typists and CLDR set groups off with any of these: fr U+202F, et U+00A0."""


@dataclass(frozen=True, slots=True)
class NumberMarks:
    """Attributes: first, further: Digits of the last group, and of those before it (3 and 2 in `12,34,567`)."""

    decimal: str
    group: str
    first: int = 3
    further: int = 3

    @property
    def groups(self) -> str:
        """Every mark that may stand between groups."""
        return _SPACES + (self.group if self.group not in _SPACES else "") + ("'" if self.group == "’" else "")


@dataclass(frozen=True, slots=True)
class DateOrder:
    """Attributes: numeric: Order in `24.02.1918`; written: of day and month name in `24 February 1918`."""

    numeric: Order
    written: Literal["dm", "md", ""]
    months: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def locale_of(language: str, territory: str = "") -> Locale | None:
    """CLDR's locale of a BCP 47 tag in a territory, the nearest that CLDR has, or None.

    English of a territory that CLDR does not list is the world's (en-001), not that of the United States.
    """
    parts = language.replace("-", "_").split("_")
    tags = ["_".join(parts), parts[0]]
    if territory:
        world = ["en_001"] if tags == ["en", "en"] else []
        tags = [f"{tags[0]}_{territory}", *world, *tags]
    for tag in tags:
        try:
            return Locale.parse(tag)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return None


@lru_cache(maxsize=256)
def number_marks(language: str, territory: str = "", digits: str = "0") -> NumberMarks | None:
    """The marks that go with the digits a number is written in, or None where CLDR has no such language."""
    locale = locale_of(language, territory)
    if locale is None:
        return None
    system = "arab" if _ARABIC.search(digits) else "arabext" if _PERSIAN.search(digits) else "latn"
    symbols = locale.number_symbols.get(system) or locale.number_symbols.get("latn")
    if not symbols:
        return None
    first, further = locale.decimal_formats[None].grouping
    return NumberMarks(str(symbols.get("decimal", ".")), str(symbols.get("group", ",")), first, further)


@lru_cache(maxsize=256)
def date_order(language: str, territory: str = "") -> DateOrder | None:
    """In which order dates are written, or None where CLDR has no such language."""
    locale = locale_of(language, territory)
    if locale is None:
        return None
    short = re.sub(r"'[^']*'|[^dMy]", "", locale.date_formats["short"].pattern)
    long = re.sub(r"'[^']*'|[^dM]", "", locale.date_formats["long"].pattern)
    letters = re.sub(r"(.)\1+", r"\1", short).casefold()
    numeric: Order = letters if letters in ("dmy", "mdy", "ymd") else ""  # type: ignore[assignment]
    written: Literal["dm", "md"] = "dm" if long.startswith("d") else "md"
    months = tuple(str(name) for name in locale.months["format"]["wide"].values())
    return DateOrder(numeric, written, months)
