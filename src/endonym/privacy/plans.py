"""National identifiers: python-stdnum's modules, and plans that it lacks.

`kz.iin`: twelve digits, date of birth, sex and century, two rounds of weights. `sg.nric`: NRIC and FIN, letter, seven digits,
check letter. `jo.nin`: ten digits without a published check digit, so it counts only beside its name.

Source: python-stdnum; for `kz.iin` the Kazakh rules of forming identification numbers; for `sg.nric` the widely published
weights 2, 7, 6, 5, 4, 3, 2 with the letter tables of the series S, T, F, G and M.
"""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from stdnum.exceptions import InvalidLength, ValidationError

_SEPARATORS = re.compile(r"[ ./-]")
_COMMON = 0.03
_DRAWN = 2000


def _iin(number: str) -> bool:
    number = _SEPARATORS.sub("", number)
    if not re.fullmatch(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-6]\d{5}", number, re.ASCII):
        return False
    digits = [int(digit) for digit in number]
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        check = sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
        if check < 10:
            return check == digits[11]
    return False


def _nric(number: str) -> bool:
    number = _SEPARATORS.sub("", number).upper()
    if not re.fullmatch(r"[STFGM]\d{7}[A-Z]", number, re.ASCII):
        return False
    total = sum(weight * int(digit) for weight, digit in zip((2, 7, 6, 5, 4, 3, 2), number[1:8], strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    if number[0] == "M":
        return "KLJNPQRTUWX"[10 - total % 11] == number[8]
    return ("JZIHGFEDCBA" if number[0] in "ST" else "XWUTRQPNMLK")[total % 11] == number[8]


def _jordanian(number: str) -> bool:
    return re.fullmatch(r"[1-9]\d{9}", _SEPARATORS.sub("", number), re.ASCII) is not None


_OWN: dict[str, Callable[[str], bool]] = {"kz.iin": _iin, "sg.nric": _nric, "jo.nin": _jordanian}
_LENGTHS = {"kz.iin": 12, "sg.nric": 9, "jo.nin": 10}


@lru_cache(maxsize=64)
def identifier_plan(name: str) -> Any:
    """What validates an identifier such as `ee.ik`, with `is_valid`, or None where there is none."""
    if name in _OWN:
        return SimpleNamespace(is_valid=_OWN[name])
    if not re.fullmatch(r"[a-z]{2}_?\.[a-z0-9_]{1,20}", name):
        return None
    try:
        return importlib.import_module(f"stdnum.{name}")
    except ImportError:
        return None


def own_plans(country: str) -> tuple[str, ...]:
    """Names of the plans here for a country, by its ISO 3166-1 code."""
    return tuple(name for name in _OWN if name.startswith(f"{country.lower()}."))


def is_of_length(name: str, number: str) -> bool:
    """Whether the plan has numbers of this length; a look-up that spares most of the checking."""
    return _has_length(name, len(number)) or _has_length(name, sum(map(str.isalnum, number)))


@lru_cache(maxsize=1024)
def _has_length(name: str, length: int) -> bool:
    plan = identifier_plan(name)
    if plan is None or name in _OWN:
        return plan is not None and length == _LENGTHS[name]
    try:
        plan.validate("1" * length)
    except InvalidLength:
        return False
    except ValidationError:
        pass
    return True


@lru_cache(maxsize=512)
def is_common(name: str, length: int) -> bool:
    """Whether more than 3 in 100 random numbers of this many digits pass the plan, so that passing says little.

    A check digit alone passes 1 in 10 numbers; one beside a date of birth passes about 1 in 300.
    """
    plan = identifier_plan(name)
    draw = random.Random(length)
    passed = sum(plan.is_valid("".join(draw.choices("0123456789", k=length))) for _ in range(_DRAWN))
    return bool(passed > _COMMON * _DRAWN)


@lru_cache(maxsize=64)
def own_name(name: str) -> re.Pattern[str]:
    """The identifier's short name as a word, such as NHS of `gb.nhs`."""
    return re.compile(rf"(?<![^\W_]){re.escape(name.partition('.')[2])}(?![^\W_])", re.IGNORECASE)
