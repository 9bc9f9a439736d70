"""IBAN, cards, national identifiers and phones among the numbers of a text.

A text is cut into runs of numbers once; each run is tried from the left, the longest reading first, so "38001085718 5123 4567"
is an identifier and a phone. A number inside a longer word, a decimal or an equation is not tried.

Source: ISO 13616 (IBAN), ISO/IEC 7812 (issuer prefixes and Luhn), python-stdnum, phonenumbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stdnum import ean, iban, luhn

from endonym.privacy.context import in_equation, is_identified, is_other
from endonym.privacy.phones import is_phone
from endonym.privacy.plans import identifier_plan, is_common, is_of_length, own_name
from endonym.privacy.spans import is_within
from endonym.privacy.words import says

_EDGE = r"0-9A-Za-z_\u00c0-\u024f\u0370-\u052f"
_RUN = re.compile(
    r"[0-9](?<![0-9]{2})[0-9A-Za-z]{0,33}(?:(?: |[-./]|\)[ -]?|[ ]?\()(?:[A-Za-z]{0,3}[0-9][0-9A-Za-z]{0,33}|[A-Z](?![A-Za-z]))){0,11}"
    rf"(?![{_EDGE}])"
)
_GLUED = re.compile(rf"[{_EDGE}]")
_PREFIX = re.compile(r"[A-Za-z]{1,5}\Z")
_IBAN = re.compile(r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]{2,4}){3,8}(?:[ -]?[A-Za-z0-9]{1,3})?")
_BANK = re.compile(r"[A-Za-z]{2}[0-9]{2} ?[A-Z]{4}")
_CARD = re.compile(r"\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -]?)\d{6}\2\d{4,5}")
_ISSUER = re.compile(r"4|5[0-8]|6[0-9]|3[0-9]|2[2-7]|220")
_PIECE = re.compile(r"\S+")
_DIGIT = re.compile(r"[0-9]")
# What follows or precedes a mark is the rest of a decimal while it is short; long numbers joined by commas are a list.
_DECIMAL = re.compile(r"[.,][0-9]{1,6}(?![0-9])")
_WHOLE = re.compile(r"(?<![0-9])[0-9]{1,6}[.,]\Z")
_FEWEST = 6
_PIECES = 6

Reading = tuple[str, int, int]


def numbers(text: str, region: str, identifiers: Sequence[str], held: Sequence[tuple[int, int]], *, disclosed: bool = False) -> Iterator[Reading]:
    """(kind, start, end) of each number that is somebody's.

    Args:
        held: Links. Inside them only identifiers that are sure count.
        disclosed: The text holds other personal data. Who gives one item gives more, so a bare number of a phone counts then.
    """
    last, seen = 0, disclosed
    for run in _RUN.finditer(text):
        short = run.end() - run.start() < _FEWEST and not _BANK.match(text, max(0, run.start() - 2))
        if short or run.start() < last:
            continue
        start = _beginning(text, run.start())
        if start < 0:
            continue
        for reading in _read(text, start, run.end(), region, identifiers, is_within(held, run.start()), seen):
            yield reading
            last, seen = reading[2], True


def _beginning(text: str, digit: int) -> int:
    """Where a number begins whose first digit is known: letters, a bracket or a plus belong to it. -1: it is no number."""
    if digit > 1 and text[digit - 1] in ".," and _WHOLE.search(text, max(0, digit - 9), digit):
        return -1
    letters = _PREFIX.search(text, max(0, digit - 6), digit)
    start = letters.start() if letters else digit
    if start and _GLUED.match(text[start - 1]):
        return -1
    if not letters:
        if start and text[start - 1] == "(":
            start -= 1
        if start and text[start - 1] == "+" and not (start > 1 and _GLUED.match(text[start - 2])):
            start -= 1
            if start and text[start - 1] == "(":
                start -= 1
    return start


def _read(text: str, start: int, end: int, region: str, identifiers: Sequence[str], in_link: bool, disclosed: bool) -> Iterator[Reading]:
    account = _account(text, start)
    if account:
        yield "iban", start, account
        return
    pieces = [match.span() for match in _PIECE.finditer(text, start, end)]
    at = 0
    while at < len(pieces):
        for to in range(min(len(pieces), at + _PIECES), at, -1):
            first, stop = pieces[at][0], pieces[to - 1][1]
            kind = _kind(text, first, stop, region, identifiers, in_link, alone=at == 0 and to == len(pieces), disclosed=disclosed)
            if kind:
                yield kind, first, stop
                at = to - 1
                break
        at += 1


def _kind(text: str, start: int, end: int, region: str, identifiers: Sequence[str], in_link: bool, *, alone: bool, disclosed: bool) -> str:
    if end - start < _FEWEST:
        return ""
    digits = len(_DIGIT.findall(text, start, end))
    if digits < _FEWEST or digits > 20 or (text[end - 1].isdigit() and _DECIMAL.match(text, end)):
        return ""
    if in_link:
        return "identifier" if _is_identifier(text, start, end, digits, identifiers, sure=True) else ""
    if 13 <= digits <= 19 and _is_card(text, start, end):
        return "card"
    if _is_identifier(text, start, end, digits, identifiers):
        return "identifier"
    return "phone" if digits <= 15 and is_phone(text, start, end, digits, region, alone=alone, disclosed=disclosed) else ""


def _account(text: str, start: int) -> int:
    """Where the IBAN that begins here ends, or 0. Its end is tried at each space, since words may follow."""
    match = _IBAN.match(text, start)
    if match is None:
        return 0
    written = match.group()
    for length in range(len(written), 14, -1):
        following = text[start + length : start + length + 1]
        if (not following or not _GLUED.match(following)) and iban.is_valid(written[:length]):
            return start + length
    return 0


def _is_card(text: str, start: int, end: int) -> bool:
    number = text[start:end]
    compact = number.replace(" ", "").replace("-", "")
    if not _CARD.fullmatch(number) or not _ISSUER.match(compact) or len(set(compact)) < 2 or not luhn.is_valid(compact):
        return False
    if says("card", text, start, end, 40, 24):
        return True
    return not in_equation(text, start, end) and not is_other(text, start, end)


def _is_identifier(text: str, start: int, end: int, digits: int, identifiers: Sequence[str], *, sure: bool = False) -> bool:
    number = text[start:end]
    passing = [name for name in identifiers if is_of_length(name, number) and identifier_plan(name).is_valid(number)]
    if not passing:
        return False
    named = is_identified(text, start, end) or any(
        own_name(name).search(text[max(0, start - 48) : start]) or own_name(name).search(text[end : end + 24]) for name in passing
    )
    weak = all(_says_little(name, number, digits) for name in passing)
    if sure:
        return not weak
    other = is_other(text, start, end)
    if weak:
        return named and not other
    if named:
        return True
    return not in_equation(text, start, end) and not (other and (ean.is_valid(number) or not _is_in_one_piece(number)))


def _says_little(name: str, number: str, digits: int) -> bool:
    return not any(char.isalpha() for char in number) and is_common(name, digits)


def _is_in_one_piece(number: str) -> bool:
    """Whether the number has no spaces; one in groups beside "order" is an order's."""
    return " " not in number
