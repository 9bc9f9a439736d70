"""IBAN, cards, national identifiers and phones among the numbers of a text.

A text is cut into runs of numbers once; each run is tried from the left, the longest reading first, so "38001085718 5123 4567"
is an identifier and a phone. A number inside a longer word, a decimal or an equation is not tried.

Source: ISO 13616 (IBAN), ISO/IEC 7812 (issuer prefixes and Luhn), python-stdnum, phonenumbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stdnum import ean, iban, luhn

from endonym.privacy.context import Place
from endonym.privacy.layout import Page
from endonym.privacy.phones import is_date, is_phone
from endonym.privacy.plans import identifier_plan, is_common, is_of_length, own_name
from endonym.privacy.spans import is_within
from endonym.privacy.words import pattern, said

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
_ROW = re.compile(r"[^\W\d_][\"']?,[^\s,]|[^\s,],[\"']?[^\W\d_]")
_AROUND = 80
_NEXT = 40
_FEWEST = 6
_PIECES = 6

Reading = tuple[str, int, int]


def numbers(
    page: Page, region: str, identifiers: Sequence[str], held: Sequence[tuple[int, int]], *, disclosed: bool = False
) -> list[Reading]:
    """(kind, start, end) of each number that is somebody's.

    Args:
        held: Links. Inside them only identifiers that are sure count.
        disclosed: The text holds other personal data. Who gives one item gives more, so a bare number of a phone counts then.
    """
    reader = _Reader(page, region, identifiers, disclosed=disclosed)
    found = list(reader.read(held))
    if found and not disclosed and reader.passed < found[0][1]:
        found = list(_Reader(page, region, identifiers, disclosed=True).read(held))
    return found


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, page: Page, region: str, identifiers: Sequence[str], *, disclosed: bool) -> None:
        self.page, self.text, self.region, self.identifiers, self.disclosed = page, page.text, region, identifiers, disclosed
        self.passed = len(page.text)
        """Where the first number stands that was passed over."""
        self._before: Place | None = None
        """The number before, where it was passed over."""

    def read(self, held: Sequence[tuple[int, int]]) -> Iterator[Reading]:
        last = 0
        for run in _RUN.finditer(self.text):
            short = run.end() - run.start() < _FEWEST and not _BANK.match(self.text, max(0, run.start() - 2))
            if short or run.start() < last:
                continue
            start = self._beginning(*run.span())
            if start < 0:
                continue
            whole = Place(self.page, start, run.end(), reckoned=self._is_reckoned(start), disclosed=self.disclosed)
            self._before = whole
            for reading in self._run(whole, in_link=is_within(held, run.start())):
                yield reading
                last, self.disclosed, self._before = reading[2], True, None
            if self._before:
                self.passed = min(self.passed, start)

    def _is_reckoned(self, start: int) -> bool:
        """Who reckons with one number reckons with the next."""
        before = self._before
        return before is not None and start - before.end <= _NEXT and "\n" not in self.text[before.end : start] and before.in_equation

    def _beginning(self, digit: int, end: int) -> int:
        """Where a number begins whose first digit is known: letters, a bracket or a plus belong to it. -1: it is no number."""
        text = self.text
        if digit > 1 and text[digit - 1] in ".," and _WHOLE.search(text, max(0, digit - 9), digit) and not self._is_cell(digit):
            return -1
        letters = _PREFIX.search(text, max(0, digit - 6), digit)
        label = letters and next((cut for cut in (digit, digit - 1) if _is_label(text[letters.start() : cut])), 0)
        start = label or (letters.start() if letters else digit)
        if start and not label and _GLUED.match(text[start - 1]):
            return -1
        if not letters:
            closed = text.find(")", digit, end) > 0
            if closed and start and text[start - 1] == "(" and not (start > 1 and text[start - 2].isalpha()):
                start -= 1
            if start and text[start - 1] == "+" and not (start > 1 and _GLUED.match(text[start - 2])):
                start -= 1
                if closed and start and text[start - 1] == "(":
                    start -= 1
        return start

    def _is_cell(self, at: int) -> bool:
        """Whether a cell of a table begins or ends here, so that a comma is no decimal's."""
        return at in self.page.cell(at - 1 if self.text[at : at + 1] == "," else at)[:2] or _in_row(self.text, at)

    def _run(self, whole: Place, *, in_link: bool) -> Iterator[Reading]:
        account = _account(self.text, whole.start)
        if account:
            yield "iban", whole.start, account
            return
        pieces = [match.span() for match in _PIECE.finditer(self.text, whole.start, whole.end)]
        at, free = 0, True
        while at < len(pieces):
            to = at + 1
            for to in range(min(len(pieces), at + _PIECES), at, -1):
                first, stop = pieces[at][0], pieces[to - 1][1]
                ends = to == len(pieces) or is_date(self.text[slice(*pieces[to])])
                kind = self._kind(whole.part(first, stop), in_link=in_link, alone=free and ends)
                if kind:
                    yield kind, first, stop
                    break
            free = bool(kind) or is_date(self.text[first:stop])
            at = to

    def _kind(self, place: Place, *, in_link: bool, alone: bool) -> str:
        text, start, end = self.text, place.start, place.end
        if end - start < _FEWEST:
            return ""
        digits = len(_DIGIT.findall(text, start, end))
        if digits < _FEWEST or digits > 20 or (text[end - 1].isdigit() and _DECIMAL.match(text, end) and not self._is_cell(end)):
            return ""
        if in_link:
            return "identifier" if self._is_identifier(place, digits, sure=True) else ""
        if 13 <= digits <= 19 and _is_card(place):
            return "card"
        if self._is_identifier(place, digits):
            return "identifier"
        return "phone" if digits <= 15 and is_phone(place, digits, self.region, alone=alone) else ""

    def _is_identifier(self, place: Place, digits: int, *, sure: bool = False) -> bool:
        number = place.number
        passing = [name for name in self.identifiers if is_of_length(name, number) and identifier_plan(name).is_valid(number)]
        if not passing:
            return False
        weak = all(_says_little(name, number, digits) for name in passing)
        if sure:
            return not weak
        named = place.is_identified or any(place.names(own_name(name)) for name in passing)
        if weak:
            listed = place.disclosed and place.is_field and not place.in_equation
            return (named or listed) and not place.is_other
        if named:
            return True
        return not place.in_equation and not (place.is_other and (ean.is_valid(number) or not _is_in_one_piece(number)))


def _is_label(word: str) -> bool:
    """Whether what is glued to a number only names its kind: "tel51234567", "nricS1234567D"."""
    return len(word) > 1 and any(pattern(name).fullmatch(said(word)) for name in ("phone", "identifier"))


def _in_row(text: str, at: int) -> bool:
    """Whether the line is a row of a table whose cells commas part without a space, so that a comma begins no decimal."""
    left, right = text[max(0, at - _AROUND) : at].rpartition("\n")[2], text[at : at + _AROUND].partition("\n")[0]
    return _ROW.search(left + right) is not None


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


def _is_card(place: Place) -> bool:
    compact = place.number.replace(" ", "").replace("-", "")
    if not _CARD.fullmatch(place.number) or not _ISSUER.match(compact) or len(set(compact)) < 2 or not luhn.is_valid(compact):
        return False
    if place.says("card", 40, 24):
        return True
    return not place.in_equation and not place.is_other


def _says_little(name: str, number: str, digits: int) -> bool:
    return not any(char.isalpha() for char in number) and is_common(name, digits)


def _is_in_one_piece(number: str) -> bool:
    """Whether the number has no spaces; one in groups beside "order" is an order's."""
    return " " not in number
