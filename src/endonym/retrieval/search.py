"""Search over passages: three voices (meaning, lemmas, character 4-grams) joined by weight."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from endonym.retrieval.embeddings import embed_or_none
from endonym.retrieval.index_file import IndexFile
from endonym.retrieval.query import query_words, restore_marks
from endonym.retrieval.vectors import Matrix, unit
from endonym.retrieval.wording import codes, content_text, match_any, terms
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage
from endonym.text.fold import grams

_DEPTH = 50
"""How far down each voice is listened to."""
_TITLE_WEIGHT = 2.0
_MOST_ROWS = 4_000
"""Passages that an arm weighs for one question; below some thousands of passages every term is asked for."""
_FEWEST_TERMS = 2
_WEIGHTS = {"meaning": 1.0, "words": 0.15, "grams": 0.25, "codes": 0.25}
"""What each voice counts. Meaning is a centred cosine; the others are the share of the question, by rarity, that a passage
holds: a question in other words than the passage's has little of it, so that its chance matches count little.
Source: Bruch, Gai and Ingber 2023, "An analysis of fusion functions for hybrid retrieval": weighted sums of scores with
known bounds do better than fusion by rank. Fitted on bench/retrieval/humanities.yaml, where little depends on them."""
_BOUND = 2.2
"""Most that BM25 gives for a term of rarity 1: k1 + 1 with FTS5's k1 = 1.2 (SQLite FTS5, section 5.1.1)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        score: Weighted sum of what the arms say, about 0 to 1.6; comparable within one search only.
        similarity: Cosine of centred vectors, comparable over queries, about .3 and more for a passage on the topic;
            0.0 without an embedder.
        arms: Rank by arm (`meaning`, `words`, `grams`, `codes`), counted from 1.
    """

    passage: Passage
    score: float
    similarity: float
    arms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The vectors of the passages, in the order of their ids, with the row of each and its place by row."""

    matrix: Matrix
    rows: list[int]
    places: dict[int, int]
    languages: np.ndarray
    subjects: np.ndarray
    means: dict[str, Matrix]


class PassageSearch:
    """The passages of one index file. Matrices load with the first search. Safe to use from several threads."""

    def __init__(self, file: IndexFile, tools: LanguageTools, embedder: Embedder | None) -> None:
        self._file = file
        self._tools = tools
        self._embedder = embedder
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def search(
        self, query: str, query_language: str, *, languages: Sequence[str] = (), subject: str = "", limit: int = 5
    ) -> tuple[Hit, ...]:
        """The best passages first; `languages` and `subject` restrict, empty ones do not."""
        query = restore_marks(query, query_language, self._file)
        similarity, alike = self._meaning(query, query_language, languages, subject)
        arms = {"meaning": {row: similarity(row) for row in alike}} if alike else {}
        arms |= self._lexical(query, query_language, languages, subject)
        scores = {row: _WEIGHTS["meaning"] * similarity(row) if alike else 0.0 for found in arms.values() for row in found}
        for arm in arms.keys() - {"meaning"}:
            for row, share in arms[arm].items():
                scores[row] += _WEIGHTS[arm] * share
        candidates = sorted(scores, key=lambda row: -scores[row])
        least = scores[candidates[limit - 1]] if len(candidates) > limit else -1.0
        passages = self._file.passages([row for row in candidates if scores[row] >= least])
        best = sorted(passages, key=lambda row: (-scores[row], passages[row].id))[:limit]
        ranks = {arm: {row: rank for rank, row in enumerate(found, 1)} for arm, found in arms.items()}
        return tuple(
            Hit(passages[row], scores[row], similarity(row) if alike else 0.0,
                {arm: of[row] for arm, of in ranks.items() if row in of})
            for row in best
        )  # fmt: skip

    def _meaning(
        self, query: str, language: str, languages: Sequence[str], subject: str
    ) -> tuple[Callable[[int], float], list[int]]:
        """(the similarity of a row, the rows that are most alike)."""
        loaded = self._load() if self._embedder is not None and query.strip() else None
        vectors = embed_or_none(self._embedder, [query], "query") if loaded is not None and len(loaded.matrix) else None
        if loaded is None or vectors is None:
            return lambda row: 0.0, []
        similarities = loaded.matrix @ unit(vectors[0] - loaded.means[language if language in loaded.means else ""])
        allowed = np.ones(len(loaded.matrix), bool)
        if languages:
            allowed &= np.isin(loaded.languages, list(languages))
        if subject:
            allowed &= loaded.subjects == subject
        places = np.flatnonzero(allowed)
        best = places[np.argsort(-similarities[places], kind="stable")[:_DEPTH]]
        return lambda row: float(similarities[loaded.places[row]]), [loaded.rows[place] for place in best]

    def _lexical(
        self, query: str, language: str, languages: Sequence[str], subject: str
    ) -> dict[str, dict[int, float]]:
        """By arm: the rows it finds, the best first, with the share of the question that each holds."""
        own = [language] if not languages or language in languages else []
        arms: dict[str, dict[int, float]] = {}
        if own:
            arms["words"] = self._find("word", query_words(query, language, self._tools), own, subject)
            arms["grams"] = self._find("gram", grams(content_text(query, language)), own, subject)
        if languages != own:
            arms["codes"] = self._find("word", codes(query), languages, subject, but=language)
        return {arm: rows for arm, rows in arms.items() if rows}

    def _find(self, table: str, asked: Sequence[str], languages: Sequence[str], subject: str, but: str = "") -> dict[int, float]:
        whole = terms(asked)
        held = self._file.frequencies(table, whole)
        match = match_any(_telling(held))
        if not match:
            return {}
        weight = f"bm25(word, {_TITLE_WEIGHT}, 1.0)" if table == "word" else "bm25(gram)"
        where, values = [f"{table} MATCH ?"], [match]
        if languages:
            where.append(f"p.language IN ({','.join('?' * len(languages))})")
            values.extend(languages)
        if subject:
            where.append("p.subject = ?")
            values.append(subject)
        if but:
            where.append("p.language <> ?")
            values.append(but)
        found = self._file.rows(
            f"SELECT {table}.rowid, {weight} AS weight FROM {table} JOIN shelf p ON p.row = {table}.rowid WHERE {' AND '.join(where)} "
            f"ORDER BY weight, p.id LIMIT {_DEPTH}", values)  # fmt: skip
        most = _BOUND * sum(_rarity(held.get(term, 0), self._file.size) for term in whole)
        return {row: min(1.0, -weighed / most) for row, weighed in found}

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                rows = self._file.rows("SELECT row, language, subject FROM shelf ORDER BY id")
                self._loaded = _Loaded(
                    self._file.matrix("passage"), [row[0] for row in rows], {row[0]: place for place, row in enumerate(rows)},
                    np.array([row[1] for row in rows], dtype=str), np.array([row[2] for row in rows], dtype=str),
                    self._file.means("query_mean") or self._file.means("passage_mean"),
                )  # fmt: skip
            return self._loaded


def _rarity(held: int, size: int) -> float:
    """The inverse document frequency of a term that `held` of `size` passages hold, as FTS5 reckons it."""
    return max(1e-6, math.log((size - held + 0.5) / (held + 0.5)))


def _telling(held: Mapping[str, int]) -> list[str]:
    """The rarest of the terms, as many as bring few enough passages: common ones cost most and say least."""
    kept: list[str] = []
    left = _MOST_ROWS
    for term in sorted(held, key=lambda term: held[term]):
        left -= held[term]
        if left < 0 and len(kept) >= _FEWEST_TERMS:
            break
        kept.append(term)
    return kept
