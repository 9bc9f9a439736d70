"""Search over passages: three voices (meaning, lemmas, character 4-grams) joined by rank."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from endonym.retrieval.embeddings import embed_recent
from endonym.retrieval.index_file import IndexFile
from endonym.retrieval.query import query_words, restore_marks
from endonym.retrieval.vectors import Matrix, unit
from endonym.retrieval.wording import codes, content_text, match_any
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage
from endonym.text.fold import grams

_K = 60.0
"""Source: Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion", where 60 was best and little depended on it."""
_DEPTH = 50
"""How far down each voice is listened to."""
_TITLE_WEIGHT = 2.0
_WEIGHTS = {"meaning": 1.0, "words": 1.0, "grams": 0.7, "codes": 0.5}
"""Votes of the arms. 4-grams repeat much of what lemmas say, codes (names, § numbers) are all that is left of the
lexical arms where the query's language is another one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        score: Fused by rank; comparable within one search only.
        similarity: Cosine of centred vectors, comparable over queries, about .3 and more for a passage on the topic;
            0.0 without an embedder.
        arms: Rank by arm (`meaning`, `words`, `grams`, `codes`), counted from 1.
    """

    passage: Passage
    score: float
    similarity: float
    arms: Mapping[str, int] = field(default_factory=dict)


class PassageSearch:
    """The passages of one index file. Matrices load with the first search. Safe to use from several threads."""

    def __init__(self, file: IndexFile, tools: LanguageTools, embedder: Embedder | None) -> None:
        self._file = file
        self._tools = tools
        self._embedder = embedder
        self._lock = threading.Lock()
        self._loaded: tuple[Matrix, np.ndarray, np.ndarray, dict[str, Matrix]] | None = None

    def search(
        self, query: str, query_language: str, *, languages: Sequence[str] = (), subject: str = "", limit: int = 5
    ) -> tuple[Hit, ...]:
        """The best passages first; `languages` and `subject` restrict, empty ones do not."""
        query = restore_marks(query, query_language, self._file)
        similarities, arms = self._meaning(query, query_language, languages, subject)
        arms.update(self._lexical(query, query_language, languages, subject))
        scores: dict[int, float] = {}
        for arm, rows in arms.items():
            for rank, row in enumerate(rows, 1):
                scores[row] = scores.get(row, 0.0) + _WEIGHTS[arm] / (_K + rank)
        best = sorted(scores, key=lambda row: (-scores[row], row))[:limit]
        passages = self._file.passages(best)
        ranks = {arm: {row: rank for rank, row in enumerate(rows, 1)} for arm, rows in arms.items()}
        return tuple(
            Hit(passages[row], scores[row], float(similarities[row]) if row < len(similarities) else 0.0,
                {arm: of[row] for arm, of in ranks.items() if row in of})
            for row in best
        )  # fmt: skip

    def _meaning(
        self, query: str, language: str, languages: Sequence[str], subject: str
    ) -> tuple[Matrix, dict[str, list[int]]]:
        if self._embedder is None or not query.strip():
            return np.zeros(0, np.float32), {}
        matrix, of_language, of_subject, means = self._load()
        if not len(matrix):
            return np.zeros(0, np.float32), {}
        vector = embed_recent(self._embedder, [query], "query")[0]
        similarities = matrix @ unit(vector - means[language if language in means else ""])
        allowed = np.ones(len(matrix), bool)
        if languages:
            allowed &= np.isin(of_language, list(languages))
        if subject:
            allowed &= of_subject == subject
        rows = np.flatnonzero(allowed)
        order = rows[np.argsort(-similarities[rows], kind="stable")[:_DEPTH]]
        return similarities, {"meaning": [int(row) for row in order]}

    def _lexical(self, query: str, language: str, languages: Sequence[str], subject: str) -> dict[str, list[int]]:
        own = [language] if not languages or language in languages else []
        arms: dict[str, list[int]] = {}
        if own:
            lemmas = query_words(query, language, self._tools)
            arms["words"] = self._find("word", match_any(lemmas), own, subject)
            arms["grams"] = self._find("gram", match_any(grams(content_text(query, language))), own, subject)
        if languages != own:
            arms["codes"] = self._find("word", match_any(codes(query)), languages, subject, but=language)
        return {arm: rows for arm, rows in arms.items() if rows}

    def _find(self, table: str, match: str, languages: Sequence[str], subject: str, but: str = "") -> list[int]:
        if not match:
            return []
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
            f"SELECT {table}.rowid FROM {table} JOIN passage p ON p.row = {table}.rowid WHERE {' AND '.join(where)} "
            f"ORDER BY {weight}, {table}.rowid LIMIT {_DEPTH}", values)  # fmt: skip
        return [row for (row,) in found]

    def _load(self) -> tuple[Matrix, np.ndarray, np.ndarray, dict[str, Matrix]]:
        with self._lock:
            if self._loaded is None:
                rows = self._file.rows("SELECT language, subject FROM passage ORDER BY row")
                means = self._file.means("query_mean") or self._file.means("passage_mean")
                self._loaded = (self._file.matrix("passage"), np.array([row[0] for row in rows], dtype=str),
                                np.array([row[1] for row in rows], dtype=str), means)  # fmt: skip
            return self._loaded
