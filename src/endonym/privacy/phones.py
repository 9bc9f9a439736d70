"""Telephone numbers: the numbering plan confirms them, and how they are written says whether somebody meant one.

A number with a country code counts by itself. A national one counts when it is written as phones are (grouped, in brackets,
with a leading zero where the country dials one), when a word such as "helista" or "тел." stands beside it, or when the text
holds other personal data.

Source: phonenumbers (libphonenumber's metadata of numbering plans).
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from endonym.privacy.context import Place

_NOBODY_S = frozenset((PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST,
                       PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL))  # fmt: skip
_YEARS = re.compile(r"(?:1\d|20)\d\d\s?[-/ ]\s?(?:1\d|20)\d\d")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}(?: \d+)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .]\d{3})+|[1-9]\d{0,2}(?:\.\d{1,3}){3}")
"""Or a version or an address of the net."""
_SHAPE = re.compile(r"\(?\+\d{1,3}\)?(?:[ .-]{1,2}\(?\d{1,11}\)?)+|\+?\(?\d{1,15}\)?(?:[ .-]{1,2}\(?\d{2,11}\)?|/\d{4,9})*|\d \(?\d{2,4}\)?(?:[ .-]{1,2}\d{2,8})+")
_GROUPED = re.compile(r"\d[ .()-]+\d")
_FEWEST, _MOST = 7, 15


def is_phone(place: Place, digits: int, region: str, *, alone: bool) -> bool:
    """Whether the number is a person's telephone.

    Args:
        digits: How many digits the number has.
        region: ISO 3166-1 code of the plan that numbers without a country code belong to; "" for none.
        alone: No other number that means something else stands directly beside it.
    """
    number = place.number
    if not _FEWEST <= digits <= _MOST or not _SHAPE.fullmatch(number):
        return False
    abroad = number.startswith(("+", "(+", "00"))
    if not abroad and (digits not in _lengths(region) or is_date(number) or _YEARS.fullmatch(number)):
        return False
    if not place.is_called and not _is_meant(place, digits, region, alone=alone):
        return False
    plus = number if number.startswith(("+", "(+")) else f"+{number[2:]}" if abroad else ""
    return bool((plus and _belongs(plus, "")) or (region and _belongs(number, region)))


def is_date(number: str) -> bool:
    return _DATE.fullmatch(number) is not None


def _is_meant(place: Place, digits: int, region: str, *, alone: bool) -> bool:
    """Whether a number that no word calls a phone is one all the same."""
    number = place.number
    if number.startswith(("+", "(+")):
        return not place.is_operand
    # Nobody reckons with a number that begins with a zero or has brackets.
    if not alone or (place.is_operand if number.startswith("0") or "(" in number else place.in_equation) or place.is_other:
        return False
    # Where a zero is dialled first, a number without it is no phone's.
    dialled = number.startswith("0") or _plan(region).national_prefix != "0"
    bare = dialled and number.isdecimal() and digits > _FEWEST and (place.disclosed or place.is_somebody_s)
    return bare or number.startswith("00") or _is_written_as_phone(number, digits, region)


def _is_written_as_phone(number: str, digits: int, region: str) -> bool:
    prefix = _plan(region).national_prefix or ""
    if number.startswith(prefix or "0") and digits > (8 if prefix == "0" else 10):
        return True
    if not _GROUPED.search(number) or _THOUSANDS.fullmatch(number) or "/" in number:
        return False
    return "(" in number or "-" in number or number.startswith(prefix)


def _belongs(number: str, region: str) -> bool:
    """Whether a numbering plan has the number, and not for a service such as a help line."""
    for written in (number, _local_area(region) + number):
        try:
            parsed = phonenumbers.parse(written, region or None)
        except phonenumbers.NumberParseException:
            return False
        kind = phonenumbers.number_type(parsed)
        if kind != PhoneNumberType.UNKNOWN:
            return kind not in _NOBODY_S
        if not _local_area(region):
            break
    return False


@lru_cache(maxsize=64)
def _plan(region: str) -> PhoneMetadata:
    return PhoneMetadata.metadata_for_region(region) or PhoneMetadata(id="", register=False)


@lru_cache(maxsize=64)
def _lengths(region: str) -> frozenset[int]:
    """How many digits the numbers of a plan have, with and without what is dialled before them; none where there is no plan."""
    plan = _plan(region)
    if not plan.general_desc:
        return frozenset()
    before = (0, len(plan.national_prefix or ""), len(str(plan.country_code)))
    return frozenset(own + more for own in (*plan.general_desc.possible_length, *plan.general_desc.possible_length_local_only) for more in before)


@lru_cache(maxsize=64)
def _local_area(region: str) -> str:
    """The area code of a country that has one for all numbers and leaves it out, such as 868 in Trinidad and Tobago."""
    leading = _plan(region).leading_digits or ""
    return leading if re.fullmatch(r"\d{3}", leading) else ""
