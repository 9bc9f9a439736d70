"""A light stemmer for Kazakh: endings come off where they fit what is before them, by harmony of vowels and by the last sound.

Endings stand in a fixed order (stem, negation, participle, plural, possessive, case or person), and each has one form only after
a given stem: `-лар` after `қала`, `-тар` after `кітап`. So an ending is taken off only where putting it on again would give the
word; that, and a list of words that merely look inflected (`kazakh.toml`), stand in for a dictionary.

Source: Kessikbayeva and Cicekli 2014, Rule based morphological analyzer of Kazakh language (meeting of SIGMORPHON and SIGFSM),
sections 3-5: harmony, nouns, verbs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import product
from typing import NamedTuple

_ROWS = ("аоұыёя", "әөүіеэ")
_VOWELS = "".join(_ROWS)
_GLIDES = "иую"
"""They take the endings of consonants, and go with either row of vowels."""
_VOICELESS = "пфкқтсшщчцхһбвгғд"
_NASALS = "мнң"
_MEANS = {"A": "ае", "Y": "ыі", "K": "қк", "L": "лдт", "N": "ндт", "C": "ндт", "B": "ндт", "D": "дт", "G": "ғгқк", "M": "мбп"}
# What may stand before an ending of each kind.
_BEFORE = {
    "finite": ("verbal", "negation"), "case": ("possessive", "plural", "verbal"), "case_of_possessed": ("possessive",),
    "possessive": ("plural", "verbal"), "plural": ("verbal",), "verbal": ("negation",), "negation": (),
}  # fmt: skip
_SHORTEST = 3
"""Letters that must stay, unless what stays is a known word."""
# Many words end in these by nature, so they go where a known word is left, or one that ends as the expression says.
_ONLY_AFTER = {
    "м": "(?!)", "ң": "(?!)", "п": "..[лдтн][ае]", "Yм": "[лдт][ае]р|...[ғгб]", "Yң": "[лдт][ае]р|...[ғгб]", "A": "[лдт][ае]р[ыі][мң]",
    "Y": "[^ш]", "сY": "[^ыі]|[шлгғқкт][ыі]", "AдY": "(?<![қкстпшрлмнңзй])[тдлн]|[^тдлн]", "DYK": "[аеыірй]", "MAй": "(?!)",
    "CY": "[^оө]",
}  # fmt: skip
_LONGEST = 48
_LONGEST_ENDING = 8


class _Ending(NamedTuple):
    kind: str
    pattern: str
    row: int
    """0 back, 1 front, -1 where it does not change."""


def kazakh_stem(word: str) -> str:
    """The stem of a case-folded word; the stem of a stem is itself. Final `б`, `ғ`, `г` of a stem are written `п`, `қ`, `к`."""
    if len(word) > _LONGEST:
        return word
    head, _, tail = word.rpartition("-")
    if head:
        tail = tail if tail in _endings() else kazakh_stem(tail)
        return kazakh_stem(head) if tail in _endings() else f"{head}-{tail}"  # `днқ-ның`
    while (shorter := _once(word)) != word:
        word = shorter
    return word


def _once(word: str) -> str:
    if known := _known(word):
        return known
    reached = list(_reachable(word, tuple(_BEFORE)[:-1]))
    if named := [known for stem, _ in reached if (known := _known(stem))]:
        return max(named, key=len)
    return _final(min((stem for stem, sure in reached if sure and len(stem) >= _SHORTEST), key=len, default=word))


def _reachable(word: str, kinds: tuple[str, ...], *, sure: bool = True) -> Iterator[tuple[str, bool]]:
    """(stem, whether only sure endings went) for each way to take endings of `kinds`, and those before them, off."""
    for size in range(1, min(len(word) - 1, _LONGEST_ENDING + 1)):
        stem = word[:-size]
        for ending in _endings().get(word[-size:], ()):
            if ending.kind in kinds and _fits(stem, word[-size:], ending):
                only = _ONLY_AFTER.get(ending.pattern)
                still = sure and (only is None or re.search(f"(?:{only})$", stem) is not None)
                yield stem, still
                yield from _reachable(stem, _BEFORE[ending.kind], sure=still)


def _fits(stem: str, tail: str, ending: _Ending) -> bool:
    """Whether `ending`, put on `stem`, has the form `tail`."""
    vowel = next((letter for letter in reversed(stem) if letter in f"{_VOWELS}{_GLIDES}ь"), "")
    if not vowel or (ending.row >= 0 and vowel in _VOWELS and vowel not in _ROWS[ending.row]):
        return False
    last, first = stem[-1], ending.pattern[0]
    if ending.kind == "case_of_possessed":
        return last in ("мң" if first == "A" else "ыі")
    if first in "YA":
        return last not in _VOWELS
    if first in "сңмйп" and not (ending.kind == "finite" and first == "с"):
        return last in _VOWELS
    if first == "с":
        return last not in _VOWELS and last != "с"
    if first == "у":
        return last not in "ыіоөұүэёя"
    return first not in _MEANS or tail[0] in _first_sounds(first, last)


def _first_sounds(letter: str, last: str) -> str:
    """What the first letter of an ending may become after the letter `last`."""
    if letter == "G":
        return "қк" if last in _VOICELESS else "ғг"
    if last in _VOICELESS:
        return "пт"
    if letter == "L":
        return "л" if last in f"{_VOWELS}{_GLIDES}рй" else "д"
    if letter == "M":
        return "мб" if last in _NASALS else "б" if last in "зж" else "м"
    if (letter in "NC" and last in _VOWELS) or (letter in "NB" and last in _NASALS):
        return "н"
    return "д"


@cache
def _endings() -> dict[str, list[_Ending]]:
    """Endings by each form that they can have."""
    found: dict[str, list[_Ending]] = {}
    for kind, patterns in _listed()["endings"].items():
        for pattern in patterns.split():
            for row in (0, 1) if set(pattern) & set("AYKG") else (-1,):
                letters = [means[row::2] if (means := _MEANS.get(letter, letter)) and letter in "AYKG" else means for letter in pattern]
                for form in map("".join, product(*letters)):
                    found.setdefault(form, []).append(_Ending(kind, pattern, row))
    return found


@cache
def _listed() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files(__package__).joinpath("kazakh.toml").read_text("utf-8"))


@cache
def _words() -> dict[str, str]:
    """Known words by the form that is left of them when endings go."""
    listed = _listed()["words"]
    known = {_final(word): word for word in listed["known"].split()}
    elided = {_final(word[:-2] + word[-1]): word for word in listed["elided"].split()}
    return elided | known | {word: word for word in known.values()}


def _known(stem: str) -> str:
    return _words().get(stem) or _words().get(_final(stem), "")


def _final(stem: str) -> str:
    if len(stem) < _SHORTEST:
        return stem
    if len(stem) > _SHORTEST and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        stem = stem[:-1]  # `процесс`, `процестер`
    return stem[:-1] + stem[-1:].translate(_FINAL)


_FINAL = str.maketrans("бғгю", "пқкй", "ь")
