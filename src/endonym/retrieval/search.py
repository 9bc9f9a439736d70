"""Search over passages: three voices (meaning, lemmas, character 4-grams) joined by weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from endonym.retrieval.bm25 import K1, rarity
from endonym.retrieval.embeddings import embed_or_none
from endonym.retrieval.glossary import Glossary
from endonym.retrieval.index_file import IndexFile
from endonym.retrieval.query import query_words, restore_marks
from endonym.retrieval.vectors import Matrix, unit
from endonym.retrieval.wording import codes, content_text, search_words, terms
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Arm, PassageIndex, Where
from endonym.text.fold import grams

_DEPTH = 50
"""How far down each voice is listened to."""
_MOST_ROWS = 4_000
"""Passages that an arm weighs for one question; below some thousands of passages every term is asked for."""
_WEIGHTS = {"meaning": 1.0, "words": 0.15, "grams": 0.25, "codes": 0.25, "terms": 0.15}
"""What each voice counts. Meaning is a centred cosine; the others are the share of the question, by rarity, that a passage
holds: a question in other words than the passage's has little of it, so that its chance matches count little.
Source: Bruch, Gai and Ingber 2023, "An analysis of fusion functions for hybrid retrieval": weighted sums of scores with
known bounds do better than fusion by rank. Fitted on bench/retrieval/humanities.yaml, where little depends on them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        score: Weighted sum of what the arms say, about 0 to 1.6; comparable within one search only.
        similarity: Cosine of centred vectors, comparable over queries, about .3 and more for a passage on the topic;
            0.0 without an embedder.
        arms: Rank by arm (`meaning`, `words`, `grams`, `codes`, `terms`), counted from 1.
    """

    passage: Passage
    score: float
    similarity: float
    arms: Mapping[str, int] = field(default_factory=dict)


class PassageSearch:
    """What the arms find in one index, joined. Safe to use from several threads.

    Args:
        file: Holds the passages' texts and the means of their vectors.
        passages: Finds them.
    """

    def __init__(self, file: IndexFile, passages: PassageIndex, tools: LanguageTools, embedder: Embedder | None) -> None:
        self._file = file
        self._passages = passages
        self._glossary = Glossary(file)
        self._tools = tools
        self._embedder = embedder

    def search(self, query: str, query_language: str, where: Where, limit: int) -> tuple[Hit, ...]:
        """The best passages first."""
        query = restore_marks(query, query_language, self._file)
        vector = self._vector(query, query_language)
        near = self._passages.nearest(vector, where, _DEPTH) if vector else []
        arms = {"meaning": dict(near)} if near else {}
        arms |= self._lexical(query, query_language, where)
        found = list(dict.fromkeys(name for of in arms.values() for name in of))
        similar = dict(near)
        if near:
            similar |= self._passages.similarities(vector, [name for name in found if name not in similar])
        scores = {name: _WEIGHTS["meaning"] * similar.get(name, 0.0) for name in found}
        for arm, shares in arms.items():
            if arm != "meaning":
                for name, share in shares.items():
                    scores[name] += _WEIGHTS[arm] * share
        best = sorted(found, key=lambda name: (-scores[name], name))[:limit]
        passages = self._file.named(best)
        ranks = {arm: {name: rank for rank, name in enumerate(of, 1)} for arm, of in arms.items()}
        return tuple(
            Hit(passages[name], scores[name], similar.get(name, 0.0), {arm: of[name] for arm, of in ranks.items() if name in of})
            for name in best
        )

    def _vector(self, query: str, language: str) -> bytes:
        """The centred unit vector of a question; empty where nothing can be said of its meaning."""
        if self._embedder is None or not self._means or not query.strip():
            return b""
        vectors = embed_or_none(self._embedder, [query], "query")
        if vectors is None:
            return b""
        return unit(vectors[0] - self._means[language if language in self._means else ""]).tobytes()

    @cached_property
    def _means(self) -> dict[str, Matrix]:
        return self._file.means("query_mean") or self._file.means("passage_mean")

    def _lexical(self, query: str, language: str, where: Where) -> dict[str, dict[str, float]]:
        """By arm: the passages it finds, the best first, with the share of the question that each holds."""
        arms: dict[str, dict[str, float]] = {}
        if not where.languages or language in where.languages:
            own = replace(where, languages=(language,))
            arms["words"] = self._find("word", query_words(query, language, self._tools), own)
            arms["grams"] = self._find("gram", grams(content_text(query, language)), own)
        if where.languages != (language,):
            arms["codes"] = self._find("word", codes(query), replace(where, but=language))
        arms["terms"] = self._terms(query, language, where)
        return {arm: found for arm, found in arms.items() if found}

    def _terms(self, query: str, language: str, where: Where) -> dict[str, float]:
        """Passages that name what the question names by another term of the glossary."""
        found: dict[str, float] = {}
        for other, words in self._glossary.other_terms(search_words(query, language, self._tools), language).items():
            if not where.languages or other in where.languages:
                found |= self._find("word", words, replace(where, languages=(other,)))
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def _find(self, arm: Arm, asked: Sequence[str], where: Where) -> dict[str, float]:
        whole = terms(asked)
        held = self._passages.frequencies(arm, whole) if whole else {}
        found = self._passages.weigh(arm, _telling(held), where, _DEPTH) if held else []
        size = self._passages.size
        most = (K1 + 1) * sum(rarity(held.get(term, 0), size) for term in whole)  # of a term of rarity 1 BM25 gives no more
        return {name: min(1.0, weight / most) for name, weight in found}


def _telling(held: Mapping[str, int]) -> list[str]:
    """The rarest of the terms, as many as bring few enough passages: common ones cost most and say least."""
    kept: list[str] = []
    left = _MOST_ROWS
    for term in sorted(held, key=lambda term: held[term]):
        left -= held[term]
        if left < 0 and kept:
            break
        kept.append(term)
    return kept
