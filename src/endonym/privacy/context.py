"""What stands around a number: an operator of an equation, or a word that says what the number is."""

from __future__ import annotations

import re

from endonym.privacy.words import CLAUSE, says

_OPERAND = r"(?:[\d)\]²³π√\\]|(?<![^\W_])[A-Za-z]|\d[xyzn])"
_FUNCTION = r"(?:mod|div|sqrt|log|ln|lg|sin|cos|tan|tg|gcd|lcm|sum|int|print|abs|exp)"
_LEFT = re.compile(
    r"(?:[=<>≈≤≥≠^·×÷√∛∑∫|%*][ ]*[\"'(\[{$-]*"
    rf"|{_OPERAND}[ ]*[-+−/:][ ]*"
    r"|\\[a-zA-Z]+\{?|\}\{|\$ ?|[A-Za-z]\w{0,15}\("
    rf"|(?<!\w){_FUNCTION} ?\(?)$"
)
# " +372 5123" begins a phone, what stands before it is no operand.
_RIGHT = re.compile(
    r" *[=<>≈≤≥≠*^·×÷²³}$]"
    r"|(?! \+\d[\d -]{6}) *[+−/:%] *(?:[\d(√\\]|[A-Za-z](?![^\W_]))"
    r"| +- +(?:[\d(√\\]|[A-Za-z](?![^\W_]))"
    r"| (?:mod|div)(?!\w)"
)


def is_operand(text: str, start: int, end: int) -> bool:
    """Whether an operator joins the number to another: `x = 38001085718`, `38001085718 + 5`."""
    return bool(_LEFT.search(text[max(0, start - 20) : start]) or _RIGHT.match(text[end : end + 12]))


def in_equation(text: str, start: int, end: int) -> bool:
    """Whether the number is an operand, by its operators or by words of the same clause: "is 38001085718 divisible by 3"."""
    return is_operand(text, start, end) or says("mathematics", text, start, end, 24, 28, CLAUSE)


def is_identified(text: str, start: int, end: int) -> bool:
    """Whether a word nearby says that the number is somebody's identifier."""
    return says("identifier", text, start, end, 48, 24)


def is_called(text: str, start: int, end: int) -> bool:
    """Whether a word nearby says that the number is a telephone's."""
    return says("phone", text, start, end, 40, 20)


def is_other(text: str, start: int, end: int) -> bool:
    """Whether a word nearby says that the number is nobody's: an order, a book, a quantity."""
    return says("other", text, start, end, 24, 14)
