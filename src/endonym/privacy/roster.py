"""Names of a class roster, found as whole words with the endings of languages that inflect.

Of "Mari Tamm" both words and the two together are found, written with capitals: "Marile" and "MARI" are she, "mari" is a
berry. Scripts without capitals give no such sign, so there a name counts as it stands in the roster, and a part of it only
from four letters on. What stands in a link stays. Found words are replaced without their ending where the name stands whole
before it, so that a reply may put another ending to the same placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from endonym.privacy.net import links
from endonym.privacy.spans import is_within
from endonym.privacy.words import endings
from endonym.seams.recogniser import Span

_PARTICLES = frozenset(["bin", "binti", "ibn", "al", "el", "abu", "de", "da", "di", "del", "der", "den", "van", "von", "le", "la", "du", "dos", "a/l", "a/p", "s/o", "d/o", "بن", "ابن", "بنت", "أبو", "ابو", "آل", "عبد"])
_LETTERS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af]")
_TAMIL = re.compile(r"[\u0b80-\u0bff]")
_CHANGING = "аяйьеиоa"
_SHORTEST, _SHORTEST_PART = 2, 4
_LONGEST = 40


class Roster:
    """The recogniser of a class's names."""

    name = "roster"

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: dict[str, str] = {}
        self._changed: dict[str, str] = {}
        uncased: list[str] = []
        for name in dict.fromkeys(" ".join(name.split()) for name in names):
            if _is_cased(name):
                self._add(name)
            elif len(name) >= _SHORTEST:
                uncased += [name, *(part for part in name.split(" ")[:9] if len(part) >= _SHORTEST_PART and part not in _PARTICLES)]
        first = "".join(sorted({word[0] for word in (*self._whole, *self._changed)}))
        # Only words that begin with a name's own first letter are looked at.
        self._word = re.compile(rf"[{re.escape(first)}](?<!\w.)(?<!\w['’-].)[^\W\d_]*(?:['’-][^\W\d_]+)*") if first else None
        self._uncased = re.compile("|".join(map(_uncased, sorted(set(uncased), key=len, reverse=True)))) if uncased else None

    def _add(self, name: str) -> None:
        for part in _LETTERS.findall(name):
            if len(part) < _SHORTEST or part.casefold() in _PARTICLES or not part[0].isupper():
                continue
            for form in (part, part.upper()):
                self._whole[form] = part
                if form[-1].casefold() in _CHANGING and len(form) > _SHORTEST + 1:
                    self._changed[form[:-1]] = part
            for half in part.split("-") if "-" in part else ():
                if len(half) > _SHORTEST:
                    self._whole[half] = half

    def find(self, text: str, language: str = "") -> Sequence[Span]:
        """Names in `text`; words of one name that stand side by side are one item."""
        words = [span for match in self._word.finditer(text) if (span := self._judge(match))] if self._word else []
        joined = _join(text, words)
        if self._uncased:
            joined += [match.span() for match in self._uncased.finditer(text)]
        if not joined:
            return ()
        held = links(text)
        return [Span("name", start, end) for start, end in joined if not is_within(held, start)]

    def _judge(self, match: re.Match[str]) -> tuple[int, int] | None:
        word = match.group()
        for length in range(min(len(word), _LONGEST), _SHORTEST - 1, -1):
            head, ending = word[:length], word[length:].casefold()
            if head in self._whole and (not ending or ending in endings("joined") or ending.lstrip("-'’") in endings("joined")):
                return match.start(), match.start() + length
            if head in self._changed and ending in endings("changed"):
                return match.start(), match.end()
        return None


def _join(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in words:
        if joined and text[joined[-1][1] : start] == " ":
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _is_cased(name: str) -> bool:
    return any(char.isupper() for char in name)


def _uncased(name: str) -> str:
    """The pattern of a name in a script without capitals."""
    if _UNSPACED.search(name):
        return re.escape(name)
    if _TAMIL.search(name):
        # The sign that closes a last consonant gives way to the vowel of an ending.
        return rf"(?<![\w\u0b80-\u0bff]){re.escape(name.removesuffix('்'))}[\u0b80-\u0bff]{{0,8}}(?![\w\u0b80-\u0bff])"
    return rf"(?:(?<!\w)|(?<=(?<!\w)[وفبلك])){re.escape(name)}(?!\w)"
