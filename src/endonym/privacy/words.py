"""Words beside a number or a date that say what it is (words.toml), for all languages at once: people mix them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "words.toml"
# "And", "in", "for" are joined to the next word in Arabic.
_BEGINS = r"(?:(?<![^\W\d_])|(?<=(?<![^\W\d_])[وفبلك]))"
_LINE = re.compile(r"\n")
CLAUSE = re.compile(r"[\n;!?。，；！？،؛؟]|[.,](?!\d)")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af№]")


@lru_cache(maxsize=1)
def _listed() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@lru_cache(maxsize=32)
def pattern(name: str) -> re.Pattern[str]:
    """One pattern over case-folded text for a list such as `phone`, `birth.own` or all of `birth`, in every language."""
    lists = _listed()
    for part in name.split("."):
        lists = lists[part]
    words = sorted(set(_words(lists)), key=lambda word: (-len(word), word))
    spaced = [word for word in words if not _UNSPACED.match(word)]
    return re.compile("|".join(filter(None, (
        rf"{_BEGINS}(?:{_branches(spaced)})" if spaced else "",
        _branches([word for word in words if _UNSPACED.match(word)]),
    ))))  # fmt: skip


def _words(lists: dict[str, Any]) -> Iterator[str]:
    for own in lists.values():
        yield from _words(own) if isinstance(own, dict) else map(str.casefold, own)


def _branches(words: Sequence[str]) -> str:
    """Alternatives by first letter: `re` passes over a branch whose first letter differs at once."""
    first: dict[str, list[str]] = {}
    for word in words:
        # A dot at the end closes the word, except in abbreviations such as "d.o.b".
        rest = re.escape(word[1:-1]) + r"(?![^\W\d_])" if word.endswith(".") else re.escape(word[1:])
        first.setdefault(word[0], []).append(rest)
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rests)})" for letter, rests in first.items())


@lru_cache(maxsize=2)
def endings(name: str) -> frozenset[str]:
    """Endings of names: those `joined` to a whole name, or those of a name whose last letter is `changed`."""
    return frozenset(_listed()["endings"][name])


def says(name: str, text: str, start: int, end: int, before: int, after: int = 0, ends: re.Pattern[str] = _LINE) -> bool:
    """Whether a word of a list stands within `before` characters of `start` or `after` of `end`, with no `ends` between."""
    found = pattern(name)
    left = text[max(0, start - before) : start]
    # A window may begin inside a word; what is left of that word must not count as one.
    at = 0
    if start > before and left[:1].isalpha() and text[start - before - 1].isalpha() and not _UNSPACED.match(left):
        while at < len(left) and left[at].isalpha():
            at += 1
    for match in ends.finditer(left):
        at = max(at, match.end())
    if found.search(left[at:].casefold()):
        return True
    stop = ends.search(text, end, end + after)
    return after > 0 and found.search(text[end : stop.start() if stop else end + after].casefold()) is not None
