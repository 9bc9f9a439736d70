"""Find personal data in text: national identifiers, phones, e-mail, IBAN, payment cards.

Candidates are found by cheap patterns and kept only when a checksum or the numbering plan confirms them. A number that
stands in an equation (`x = 38001085718`) is mathematics and stays.

Source: python-stdnum (checksums), phonenumbers (numbering plans), ISO 13616 (IBAN), ISO/IEC 7812 (Luhn).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import phonenumbers
from stdnum import iban, luhn

Kind = Literal["email", "iban", "card", "identifier", "phone"]

_INTERESTING = re.compile(r"[\d@]")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\w.,=+*/^-])\d(?:[ -]?\d){12,18}(?![\w=+*/^])")
_NUMBER = re.compile(r"(?<![\w.,])[A-Z]{0,2}\d[\dA-Z+./ -]{5,18}[\dA-Z](?![\w=])")
_EQUATION = re.compile(r"[=<>≈+*/^·×−]\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    """One item; `start` and `end` are offsets in characters. The text itself is kept out of `repr` and of logs."""

    kind: Kind
    start: int
    end: int
    text: str = field(repr=False)


def find(text: str, phone_region: str = "", identifiers: Sequence[str] = ()) -> tuple[Found, ...]:
    """Personal data in `text`, in order and without overlaps.

    Args:
        phone_region: ISO 3166-1 code for numbers written without a country code; "" finds only those with one.
        identifiers: python-stdnum modules such as `ee.ik`; unknown ones are passed over (the checker reports them).
    """
    if not _INTERESTING.search(text):
        return ()
    taken: list[Found] = []
    for found in _candidates(text, phone_region, tuple(identifiers)):
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)
    return tuple(sorted(taken, key=lambda item: item.start))


def _candidates(text: str, phone_region: str, identifiers: tuple[str, ...]) -> Iterator[Found]:
    """Candidates that a checksum or plan confirms, the surest kinds first."""
    for match in _EMAIL.finditer(text):
        yield Found("email", match.start(), match.end(), match.group())
    for match in _IBAN.finditer(text):
        if iban.is_valid(match.group()):
            yield Found("iban", match.start(), match.end(), match.group())
    for match in _NUMBER.finditer(text):
        if _in_equation(text, match.start(), match.end()):
            continue
        for name in identifiers:
            module = stdnum_module(name)
            for found in _trimmed(match):
                if module is not None and module.is_valid(found[2]):
                    yield Found("identifier", *found)
                    break
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if 13 <= len(digits) <= 19 and luhn.is_valid(digits) and digits[0] in "3456" and len(set(digits)) > 1:
            yield Found("card", match.start(), match.end(), match.group())
    for phone in phonenumbers.PhoneNumberMatcher(text, phone_region or None, leniency=phonenumbers.Leniency.VALID):
        if not _in_equation(text, phone.start, phone.end) and len(re.sub(r"\D", "", phone.raw_string)) >= 7:
            yield Found("phone", phone.start, phone.end, phone.raw_string)


def _trimmed(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """The match itself and its first run without spaces, since a following number may have been swallowed."""
    text = match.group()
    yield match.start(), match.end(), text
    head = re.split(r"[ ,;]", text)[0].rstrip(".-/")
    if head != text:
        yield match.start(), match.start() + len(head), head


def _in_equation(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 3) : start], text[end : end + 2].lstrip()
    return bool(_EQUATION.search(before)) or after[:1] in ("=", "*", "^", "×", "·")


@lru_cache(maxsize=64)
def stdnum_module(name: str) -> Any:
    """The python-stdnum module of a name such as `ee.ik`, or None where there is none."""
    if not re.fullmatch(r"[a-z]{2}\.[a-z0-9_]{1,20}", name):
        return None
    try:
        return importlib.import_module(f"stdnum.{name}")
    except ImportError:
        return None
