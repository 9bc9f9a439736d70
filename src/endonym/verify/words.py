"""Recognise words, phrases, numbers and algebra in what a student or an engine wrote.

One recogniser serves lessons (key ideas, misconceptions), triggers and the `terms` verifier, so a word that a pack lists
is found the same way everywhere: by lemma, in any inflection, without regard to diacritics, with small typing errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
        return [self._forms(word) for word in words(self.text)]

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

    def holds_any(self, alternatives: Iterable[str]) -> bool:
        return any(self.holds(alternative) for alternative in alternatives)

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


@lru_cache(maxsize=20_000)
def _words(phrase: str) -> tuple[str, ...]:
    return tuple(words(phrase))


@lru_cache(maxsize=100_000)
def _forms(word: str, language: str, tools: LanguageTools) -> frozenset[str]:
    """The word, its lemma, and that one's: dictionaries sometimes stop at a stem (`mullast` → `mulla` → `muld`)."""
    lemmas = tools.lemmas(word, language)
    further = [again for lemma in lemmas for again in tools.lemmas(lemma, language)]
    return frozenset(loose(form) for form in (word, *lemmas, *further))


def triggered(groups: Sequence[Sequence[str]], patterns: Sequence[str], written: WrittenText) -> bool:
    """Whether a trigger (`all` groups, or any of `patterns`) matches a text prepared with `exact=True`."""
    if written.holds_all(groups):
        return True
    return any(re.search(pattern, written.text, re.IGNORECASE) for pattern in patterns)


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
