"""Recognise words, phrases, numbers and algebra in what a student or an engine wrote.

One recogniser serves lessons (key ideas, misconceptions), triggers and the `terms` verifier, so a word that a pack lists
is found the same way everywhere: by lemma, in any inflection, without regard to diacritics, with small typing errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from endonym.seams.language import LanguageTools
from endonym.text.fold import strip_marks, words
from endonym.text.numbers import find_numbers

_FUZZY_FROM = 6
"""Words shorter than this must match exactly: `maa` and `saa` are different words."""

_HEAD_FROM = 5
_TAIL_MOST = 4


def loose(word: str) -> str:
    """A word as sloppy writers type it: no diacritics, `y` for `ü`."""
    return strip_marks(word).replace("y", "u")


class WrittenText:
    """A text prepared once and asked many times.

    Args:
        language: Language of the text; "" lets words match as they stand.
        exact: Leave typing errors and parts of compounds out; for triggers and forbidden terms, where a wrong match
            would silence somebody.
    """

    def __init__(self, text: str, language: str, tools: LanguageTools, *, exact: bool = False) -> None:
        self.text = text
        self.language = language
        self.tools = tools
        self.exact = exact

    @cached_property
    def _tokens(self) -> list[frozenset[str]]:
        """For each word of the text the forms under which it may be found."""
        return [self._forms(word) for word in _written(self.text)]

    @cached_property
    def _known(self) -> frozenset[str]:
        """Every form of every word."""
        return frozenset().union(*self._tokens)

    @cached_property
    def numbers(self) -> frozenset[float]:
        return frozenset(find_numbers(self.text))

    @cached_property
    def _algebra(self) -> str:
        return _algebraic(self.text)

    def holds(self, alternative: str) -> bool:
        """Whether the text holds one alternative of a recogniser (docs/packs.md, lessons)."""
        if alternative.startswith("="):
            wanted = find_numbers(alternative[1:])
            return bool(wanted) and any(abs(number - wanted[0]) < 1e-9 for number in self.numbers)
        if alternative.startswith("~"):
            return _algebraic(alternative[1:]) in self._algebra
        return all(self._holds_phrase(part.strip()) for part in re.split(r"\s\+\s", alternative) if part.strip())

    def holds_any(self, alternatives: Sequence[str]) -> bool:
        return next(self.held(alternatives), None) is not None

    def held(self, alternatives: Sequence[str]) -> Iterator[str]:
        """Those of `alternatives` that the text holds, in order."""
        if not self.exact:
            yield from filter(self.holds, alternatives)
            return
        listed = _listed(tuple(alternatives), self.language, self.tools)
        near = set(listed.always).union(*(listed.by_form[form] for form in self._known & listed.by_form.keys()))
        yield from (alternatives[number] for number in sorted(near) if self.holds(alternatives[number]))

    def holds_all(self, groups: Sequence[Sequence[str]]) -> bool:
        """Whether each group has a match; no groups at all is no match."""
        return bool(groups) and all(self.holds_any(group) for group in groups)

    def _holds_phrase(self, phrase: str) -> bool:
        forms = [self._forms(word) for word in _words(phrase)]
        if not forms or (self.exact and any(form.isdisjoint(self._known) for form in forms)):
            return False
        last = len(self._tokens) - len(forms)
        return any(
            all(self._same(self._tokens[start + offset], form) for offset, form in enumerate(forms))
            for start in range(last + 1)
        )

    def _forms(self, word: str) -> frozenset[str]:
        return _forms(word, self.language, self.tools)

    def _same(self, have: frozenset[str], want: frozenset[str]) -> bool:
        if have & want:
            return True
        if self.exact:
            return False
        return any(_near(one, other) for one in have for other in want)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Which of many alternatives a text may hold at all, by their number: each form of their first word, and those that are no words."""

    by_form: dict[str, list[int]]
    always: list[int]


@lru_cache(maxsize=2_000)
def _listed(alternatives: tuple[str, ...], language: str, tools: LanguageTools) -> _Listed:
    listed = _Listed({}, [])
    for number, alternative in enumerate(alternatives):
        found = () if alternative.startswith(("=", "~")) else _words(alternative)
        for form in _forms(found[0], language, tools) if found else ():
            listed.by_form.setdefault(form, []).append(number)
        if not found:
            listed.always.append(number)
    return listed


@lru_cache(maxsize=32)
def _written(text: str) -> tuple[str, ...]:
    """The words of a text: one sentence is asked in each language of the pack."""
    return tuple(words(text))


@lru_cache(maxsize=8_192)
def _words(phrase: str) -> tuple[str, ...]:
    return tuple(words(phrase))


@lru_cache(maxsize=20_000)
def _forms(word: str, language: str, tools: LanguageTools) -> frozenset[str]:
    """The word, its lemma, and that one's: dictionaries sometimes stop at a stem (`mullast` → `mulla` → `muld`)."""
    lemmas = tools.lemmas(word, language)
    further = [again for lemma in lemmas for again in tools.lemmas(lemma, language)]
    return frozenset(loose(form) for form in (word, *lemmas, *further))


def triggered(groups: Sequence[Sequence[str]], patterns: Sequence[str], written: WrittenText) -> bool:
    """Whether a trigger (`all` groups, or any of `patterns`) matches a text prepared with `exact=True`."""
    return written.holds_all(groups) or holds_pattern(patterns, written.text)


def holds_pattern(patterns: Sequence[str], text: str) -> bool:
    """Whether one of a trigger's patterns matches."""
    return any(_compiled(pattern).search(text) for pattern in patterns)


@lru_cache(maxsize=2_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _near(have: str, want: str) -> bool:
    if len(want) >= _HEAD_FROM:
        if have.startswith(want) and len(have) - len(want) <= _TAIL_MOST:
            return True
        if have.endswith(want):
            return True
    if len(want) < _FUZZY_FROM or abs(len(have) - len(want)) > 2:
        return False
    allowed = 1 if len(want) < 9 else 2
    return have[0] == want[0] and OSA.distance(have, want, score_cutoff=allowed) <= allowed


def _algebraic(text: str) -> str:
    """An expression without what does not change it: spaces, `*`, `·`, TeX braces and dollar signs; `²` is `^2`."""
    plain = text.casefold().replace("²", "^2").replace("³", "^3").replace("−", "-").replace("–", "-")
    return re.sub(r"[\s*·${}\\]|cdot|left|right", "", plain)
