"""Where a source and a number come from: marks of a country in titles and addresses, CLDR, numbering plans.

Sources: CLDR through Babel (names of territories, number marks), libphonenumber through phonenumbers (numbering plans),
CELEX (identifiers of EU law), ISO 3166-1 (country codes as top-level domains).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from phonenumbers import shortnumberinfo

from endonym.check.wordings import plain
from endonym.pack.sources import Source

_NAMED_IN = ("en", "et", "ru", "ar", "kk", "fr", "es", "de")
_LEAST = 5
"""Shorter names of countries (`Oman`, `Iran` …) also begin other words."""
_DOMAINS = {"uk": "GB", "eu": "EU"}


def foreign(source: Source) -> str:
    """What in a source points to another country than its `jurisdiction`, in words, or ""."""
    own = source.jurisdiction
    if source.scheme == "celex" and own != "EU":
        return f"a CELEX number, which is of the EU: {source.identifier}"
    title = plain(f"{source.title} {source.title_en} {source.issuer}")
    named = {_country_names()[match]: match for match in _any_country().findall(title)}
    if own not in named and (others := sorted(name for code, name in named.items() if code != own)):
        return f"{others[0]!r} in its title"
    host = (urlsplit(source.url).hostname or "").rpartition(".")[2]
    domain = _DOMAINS.get(host, host.upper())
    if len(host) == 2 and domain in _codes() and domain != own and own != "EU":
        return f"an address of .{host}"
    return ""


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(get_global("territory_currencies"))


@lru_cache(maxsize=1)
def _any_country() -> re.Pattern[str]:
    """Any name of a country, the longest first: a treaty that names its own country too is of both."""
    return re.compile(r"\b(" + "|".join(re.escape(name) for name in sorted(_country_names(), key=len, reverse=True)) + ")")


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    """Names without case and diacritics → ISO code, as CLDR writes them in a few languages; stems, so that cases match."""
    found: dict[str, str] = {}
    for language in _NAMED_IN:
        for code, name in Locale(language).territories.items():
            if code in _codes() and len(code) == 2:
                stem = plain(name).strip()
                stem = stem[:-1] if len(stem) > _LEAST and stem[-1] in "яаиыіе" else stem
                if len(stem) >= _LEAST:
                    found.setdefault(stem, code)
    found.update({"российской федерац": "RU", "russian federation": "RU", "united kingdom": "GB", "united states": "US"})
    return found


@lru_cache(maxsize=1024)
def number_marks(language: str, territory: str) -> dict[str, str]:
    """Decimal and group mark of a language in a territory, as CLDR has them; empty where it knows neither."""
    for tag in (f"{language}-{territory}", language):
        try:
            symbols = Locale.parse(tag, sep="-").number_symbols
        except (UnknownLocaleError, ValueError):
            continue
        marks: dict[str, Any] = {**Locale("en").number_symbols["latn"], **symbols.get("latn", {})}
        return {name: str(mark) for name, mark in marks.items()}
    return {}


def diallable(number: str, region: str) -> bool:
    """Whether a number can be dialled in a region, as a short number or a whole one; True where no plan is known."""
    if region not in phonenumbers.SUPPORTED_REGIONS:
        return True
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        digits = re.sub(r"\D", "", number)
        return len(digits) == 3 and shortnumberinfo.connects_to_emergency_number(digits, region)
    possible: bool = shortnumberinfo.is_possible_short_number_for_region(parsed, region) or phonenumbers.is_possible_number(parsed)
    return possible


def misleading(number: str, region: str, emergency: bool) -> str:
    """Why a help line's number does not do what it is there for, in words, or ""; "" where no plan is known."""
    if region not in phonenumbers.SUPPORTED_REGIONS:
        return ""
    digits = re.sub(r"[^\d+]", "", number)
    if emergency and not shortnumberinfo.connects_to_emergency_number(digits, region):
        return "which libphonenumber does not know as an emergency number"
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return ""
    premium = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.PREMIUM_RATE
    if premium or shortnumberinfo.expected_cost_for_region(parsed, region) == shortnumberinfo.ShortNumberCost.PREMIUM_RATE:
        return "which is charged at a premium rate"
    return ""
