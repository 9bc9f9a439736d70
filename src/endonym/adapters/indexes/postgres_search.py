"""Searching one set of passages in PostgreSQL.

PostgreSQL's own ranking knows no rarity of terms, so that BM25 is reckoned here, with every term taken to stand once in a text
that holds it. Source: Robertson and Zaragoza 2009, The Probabilistic Relevance Framework, section 3.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from endonym.adapters.indexes.postgres_pool import Pool, Rows
from endonym.adapters.indexes.postgres_tables import MOST_DIMENSIONS, lexemes, of, quoted, vector_text
from endonym.adapters.indexes.shelves import Shelves, shelf_of
from endonym.core.errors import RetrievalError
from endonym.retrieval.bm25 import K1, TITLE, B, rarity
from endonym.seams.passage_index import Arm, Shelf, Weighed, Where

_SEARCHED = (400, 1_000)
"""Candidates that the graph looks at: as a rule, and pgvector's most, for filters that leave few of them. Measured:
docs/retrieval.md, "Other stores"."""
_SPARE = 1.5
_REMEMBERED = 65_536
"""Terms whose frequency is known."""
_IN_SET: LiteralString = "%(number)s BETWEEN since AND until AND (%(shelves)s::int[] IS NULL OR shelf = ANY(%(shelves)s::int[]))"


def _held(column: LiteralString, length: LiteralString, times: int) -> LiteralString:
    return f"""
    SELECT n, idf, id, length, {times} AS times FROM asked CROSS JOIN LATERAL (
        SELECT id, {length} AS length FROM {{passage}} WHERE {column} @@ asked.query AND {_IN_SET}) AS found"""


def _weighed(held: LiteralString) -> LiteralString:
    return f"""
WITH asked AS MATERIALIZED (
    SELECT n, query::tsquery AS query, idf FROM unnest(%(queries)s::text[], %(idf)s::float8[]) WITH ORDINALITY AS a (query, idf, n)
), held AS ({held}), weighed AS (
    SELECT id, idf * (%(k1)s + 1) * sum(times) / (sum(times) + %(k1)s * (1 - %(b)s + %(b)s * length / %(average)s)) AS weight
    FROM held GROUP BY n, idf, id, length
)
SELECT id, sum(weight)::real AS weight FROM weighed GROUP BY id ORDER BY weight DESC, id LIMIT %(limit)s"""


_BY_ARM: Mapping[Arm, LiteralString] = {
    "word": _weighed(_held("titles", "word_length", TITLE) + " UNION ALL " + _held("words", "word_length", 1)),
    "gram": _weighed(_held("grams", "gram_length", 1)),
}
_NEAR: LiteralString = """
SELECT id, -distance FROM (
    SELECT id, shelf, since, until, vector <#> %(vector)s::vector AS distance FROM {vector}
    ORDER BY vector <#> %(vector)s::vector LIMIT %(wanted)s) AS near
WHERE """ + _IN_SET + " ORDER BY distance, id LIMIT %(limit)s"
_NEAR_EXACT: LiteralString = """
SELECT id, -(vector <#> %(vector)s::vector) AS cosine FROM {vector} WHERE """ + _IN_SET + """
ORDER BY (vector <#> %(vector)s::vector) + 0, id LIMIT %(limit)s"""
"""`+ 0` keeps the graph, which would find too few, out of it."""
_SIMILAR: LiteralString = """
SELECT id, -(vector <#> %(vector)s::vector) FROM {vector} WHERE id = ANY(%(ids)s) AND %(number)s BETWEEN since AND until"""
_FREQUENT: LiteralString = "SELECT term, passages FROM {term} WHERE arm = %(arm)s AND term = ANY(%(terms)s) AND %(number)s BETWEEN since AND until"
_SET: LiteralString = """
SELECT family, number, passages, dimensions, word_length, gram_length FROM endonym_set JOIN endonym_family USING (family)
WHERE endonym_set.name = %(name)s AND key = %(key)s ORDER BY set DESC LIMIT 1"""
_SHELVES: LiteralString = """
SELECT language, pack, subject, source, grades, audiences, valid_from, valid_until,
    (SELECT count(*) FROM {passage} AS p WHERE p.shelf = s.shelf AND %(number)s BETWEEN since AND until) FROM {shelf} AS s ORDER BY shelf"""


@dataclass(frozen=True, slots=True)
class PassageSet:
    """Attributes: lengths: Terms of a passage on average, by arm; counts: passages by shelf."""

    family: int
    number: int
    size: int
    dimensions: int
    lengths: Mapping[Arm, float]
    shelves: Sequence[Shelf]
    counts: Sequence[int]


def open_set(pool: Pool, name: str, key: str) -> PassageSet:
    """The newest set of `name` that was written for `key`.

    Raises:
        RetrievalError: There is none, or the server does not answer.
    """
    found = pool.rows(_SET, {"name": name, "key": key})
    if not found:
        raise RetrievalError("index: expected one for this key, found none", remedy="Build the index again for this bundle.", origin=name)
    family, number, size, dimensions, word_length, gram_length = found[0]
    rows = pool.rows(of(family, _SHELVES), {"number": number})
    shelves = [shelf_of(row[:8]) for row in rows]
    return PassageSet(family, number, size, dimensions, {"word": word_length, "gram": gram_length}, shelves, [row[8] for row in rows])


class PostgresIndex:
    """One set, open for searching. Safe to use from several threads."""

    def __init__(self, pool: Pool, opened: PassageSet) -> None:
        self._pool = pool
        self._set = opened
        self._shelves = Shelves(opened.shelves)
        self._lock = threading.Lock()
        self._known: dict[tuple[Arm, str], int] = {}

    @property
    def size(self) -> int:
        return self._set.size

    def frequencies(self, arm: Arm, terms: Sequence[str]) -> Mapping[str, int]:
        with self._lock:
            held = {term: self._known[arm, term] for term in terms if (arm, term) in self._known}
        if asked := [term for term in terms if term not in held]:
            found: dict[str, int] = dict(self._rows(_FREQUENT, {"arm": arm, "terms": lexemes(" ".join(asked))}))
            held |= {term: found.get(term, 0) for term in asked}
            with self._lock:
                if len(self._known) > _REMEMBERED:
                    self._known.clear()
                self._known.update(((arm, term), held[term]) for term in asked)
        return {term: held[term] for term in dict.fromkeys(terms) if held[term]}

    def weigh(self, arm: Arm, terms: Sequence[str], where: Where, limit: int) -> Weighed:
        held = self.frequencies(arm, terms)
        shelves = self._shelves.admitted(where)
        if not held or shelves == ():
            return []
        return self._rows(_BY_ARM[arm], {
            "queries": [quoted(term) for term in held], "idf": [rarity(count, self.size) for count in held.values()],
            "shelves": shelves and list(shelves), "k1": K1, "b": B, "average": max(1.0, self._set.lengths[arm]), "limit": limit,
        })  # fmt: skip

    def nearest(self, vector: bytes, where: Where, limit: int) -> Weighed:
        shelves = self._shelves.admitted(where)
        count = sum(self._set.counts if shelves is None else (self._set.counts[shelf] for shelf in shelves))
        if not self._set.dimensions or not count:
            return []
        values = {"vector": vector_text(vector), "shelves": shelves and list(shelves), "limit": limit}
        wanted = math.ceil(_SPARE * limit * self.size / count)
        searched = next((most for most in _SEARCHED if wanted <= most), 0)
        if searched and limit < count and self._set.dimensions <= MOST_DIMENSIONS:
            found = self._rows(_NEAR, values | {"wanted": wanted}, searched=searched)
            if len(found) >= limit:
                return found
        return self._rows(_NEAR_EXACT, values)

    def similarities(self, vector: bytes, ids: Sequence[str]) -> Mapping[str, float]:
        if not self._set.dimensions or not ids:
            return {}
        return dict(self._rows(_SIMILAR, {"vector": vector_text(vector), "ids": list(ids)}))

    def close(self) -> None:
        self._pool.close()

    def _rows(self, statement: LiteralString, values: Mapping[str, Any], *, searched: int = 0) -> Rows:
        return self._pool.rows(of(self._set.family, statement), {"number": self._set.number, **values}, searched=searched)
