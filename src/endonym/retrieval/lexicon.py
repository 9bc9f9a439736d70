"""The words of all prompts, found again in spite of inflection, missing diacritics, typing errors and compounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

_TYPED_ALIKE = 82.0
"""Least similarity (percent, by insertions and deletions) of words that are one word typed differently: one wrong letter
in six, one missing letter in four. `mitoos` and `meioos` (67) stay apart."""
_FUZZY_LETTERS = 5
_TYPED_FOR = {"et": str.maketrans("yw", "uv")}
"""Letters that stand for others in quick typing, by language: Estonian `ensyym` for `ensüüm`."""
_PART_LETTERS = 5
_PART_SIMILARITY = 0.75
"""What a compound (`fotosünteesivõrrand`) is worth for its first part, and a derived word for another of its stem."""
_STEM_SHARE = 0.7
_UNKNOWN_WEIGHT = 0.8
"""Weight of a content word that no prompt holds, against the rarest one that some prompt does."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How far a text's words agree with the prompts.

    Attributes:
        prompts: By prompt row: (share of the text's words, share of the prompt's words) that agree, by rarity, 0..1.
        coverage: By target number: share of the text's words that occur in any of its prompts, by rarity, 0..1.
    """

    prompts: dict[int, tuple[float, float]] = field(default_factory=dict)
    coverage: dict[int, float] = field(default_factory=dict)


class Lexicon:
    """Words by prompt and target. Fill with `add`, then only read."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}
        self._words: dict[int, list[str]] = {}
        self._group: dict[int, int] = {}
        self._groups: set[int] = set()
        self._holders: dict[str, set[int]] = {}
        self._languages: dict[str, dict[str, None]] = {}
        self._uses: dict[str, int] = {}
        self._elsewhere = 0
        self._weights: dict[str, float] = {}
        self._wholes: dict[int, float] = {}
        self._beginnings: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, row: int, group: int, words: Sequence[str], language: str) -> None:
        """Add the content words of the prompt `row`, which stands for target `group`."""
        distinct = list(dict.fromkeys(words))
        self._words[row] = distinct
        self._group[row] = group
        self._groups.add(group)
        for word in distinct:
            self._rows.setdefault(word, []).append(row)
            self._holders.setdefault(word, set()).add(group)
            self._languages.setdefault(language, {})[word] = None
            self._beginnings.setdefault((language, word[:_PART_LETTERS]), {})[word] = None

    def add_elsewhere(self, words: Sequence[str]) -> None:
        """Count the content words of a text that stands for no target: words used there, too, say less."""
        self._elsewhere += 1
        for word in set(words):
            self._uses[word] = self._uses.get(word, 0) + 1

    def compare(self, asked: Sequence[str], language: str) -> Wording:
        """Compare the content words of a text with every prompt that shares one with it."""
        asked = list(dict.fromkeys(asked))
        alike = {word: self._alike(word, language) for word in asked}
        weights = {word: max((self._weight(found) for found in alike[word]), default=_UNKNOWN_WEIGHT) for word in asked}
        total = sum(weights.values())
        if not total:
            return Wording()
        shared: dict[int, dict[str, float]] = {}
        held: dict[int, dict[str, float]] = {}
        covered: dict[int, dict[str, float]] = {}
        for word, candidates in alike.items():
            for found, similarity in candidates.items():
                for row in self._rows[found]:
                    _raise(shared, row, word, similarity)
                    _raise(held, row, found, similarity)
                    _raise(covered, self._group[row], word, similarity)
        prompts = {}
        for row, by_word in shared.items():
            of_text = sum(weights[word] * value for word, value in by_word.items()) / total
            of_prompt = sum(self._weight(word) * value for word, value in held[row].items()) / self._whole(row)
            prompts[row] = (of_text, of_prompt)
        coverage = {group: sum(weights[word] * value for word, value in by_word.items()) / total
                    for group, by_word in covered.items()}  # fmt: skip
        return Wording(prompts, coverage)

    def _alike(self, word: str, language: str) -> dict[str, float]:
        """Known words that `word` may be, with their similarity in 0..1."""
        found = {word: 1.0} if word in self._rows else {}
        if len(word) < _FUZZY_LETTERS or any(char.isdigit() for char in word):
            return found
        for other in self._beginnings.get((language, word[:_PART_LETTERS]), ()):
            if other != word and _same_stem(word, other):
                found[other] = _PART_SIMILARITY
        if word not in self._rows:
            word = word.translate(_TYPED_FOR.get(language, {}))
            known = list(self._languages.get(language, ()))
            typed = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=_TYPED_ALIKE, limit=5)
            for other, percent, _ in typed:
                found[other] = max(found.get(other, 0.0), percent / 100.0)
        return found

    def _whole(self, row: int) -> float:
        """What all words of a prompt weigh."""
        whole = self._wholes.get(row)
        if whole is None:
            whole = self._wholes[row] = sum(map(self._weight, self._words[row]))
        return whole

    def _weight(self, word: str) -> float:
        """Rarity in 0..1: 1 where one target alone holds the word, 0 where all do."""
        weight = self._weights.get(word)
        if weight is None:
            groups = max(2, len(self._groups) + self._elsewhere)
            holders = len(self._holders[word]) + self._uses.get(word, 0)
            weight = self._weights[word] = max(0.02, 1.0 - math.log(holders) / math.log(groups))
        return weight


def _same_stem(word: str, other: str) -> bool:
    """Whether two words begin alike for most of the shorter one: `jagunema` and `jagunemine`, a stem and its compound."""
    alike = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return alike >= max(_PART_LETTERS, _STEM_SHARE * min(len(word), len(other)))


def _raise(table: dict[int, dict[str, float]], key: int, word: str, value: float) -> None:
    row = table.setdefault(key, {})
    if value > row.get(word, 0.0):
        row[word] = value
