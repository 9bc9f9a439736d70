"""What a message points at, by the index: lesson, concept or an answer in the passages."""

from __future__ import annotations

from copy import copy
from functools import lru_cache, partial

from endonym.bundle import Bundle
from endonym.pedagogy import Sensed
from endonym.retrieval import Index, best_sentence
from endonym.retrieval.prompts import Match
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage_index import Where

_REMEMBERED = 4096
_LONGEST = 2000
"""Characters of a message that are read."""
_MEANT = 0.5
NEAR = 0.25
"""Score from which an outcome is close."""
_READ = 8
"""Passages in which a sentence is looked for that answers."""
_TIED = 0.02
"""Scores this near say nothing about which of two is meant more."""


class IndexSense:
    """Remembers what it found, since a conversation is folded anew at every turn."""

    def __init__(self, bundle: Bundle, index: Index, tools: LanguageTools, embedder: Embedder | None) -> None:
        self._bundle = bundle
        self._index = index
        self._tools = tools
        self._embedder = embedder
        self._known = lru_cache(_REMEMBERED)(self._sense)
        self._quoted = lru_cache(_REMEMBERED)(self._quote)
        self.where = Where()
        """What passages may be read."""

    def within(self, where: Where) -> IndexSense:
        """This sense, with the passages that `where` admits."""
        bound = copy(self)
        bound.where = where
        return bound

    def __call__(self, text: str, language: str) -> Sensed:
        return self._known(text[:_LONGEST], language, self.where)

    def _sense(self, text: str, language: str, where: Where) -> Sensed:
        matches = self._index.match(text, language, kinds=("ask", "title", "term", "glossary"), limit=12)
        lesson = next((m for m in matches if m.kind != "glossary" and m.score >= _MEANT), None)
        concept = next((m for m in matches if m.kind == "glossary" and m.score >= _MEANT), None)
        return Sensed(
            lesson=lesson.target if lesson else "",
            lesson_score=lesson.score if lesson else 0.0,
            asked_for_lesson=bool(lesson and self._asks_for(lesson, concept)),
            exact=bool(lesson and lesson.exact),
            concept=concept.target if concept else "",
            named=bool(concept and concept.exact),
            tied=bool(lesson and concept and not lesson.exact and abs(lesson.score - concept.score) <= _TIED),
            answers=partial(self._answers, text, language, where),
        )

    def _asks_for(self, lesson: Match, concept: Match | None) -> bool:
        """The lesson's own topic: an exact ask or title, or no worse a match than any concept."""
        if lesson.kind in ("ask", "title") and (lesson.exact or concept is None):
            return True
        return concept is None or (not concept.exact and lesson.kind in ("ask", "title")
                                   and lesson.score > concept.score - _TIED)  # fmt: skip

    def quote(self, text: str, language: str) -> tuple[str, str] | None:
        """(passage id, sentence of it) that answers `text`, or None where none does surely enough."""
        return self._quoted(text[:_LONGEST], language, self.where)

    def _answers(self, text: str, language: str, where: Where) -> bool:
        return self._quoted(text, language, where) is not None

    def _quote(self, text: str, language: str, where: Where) -> tuple[str, str] | None:
        text = self._index.restored(text, language)
        hits = self._index.search(text, language, where, limit=_READ)
        found = best_sentence(text, [hit.passage for hit in hits], self._tools, self._embedder, language)
        return (found[0].id, found[1]) if found else None

    def nearest_outcome(self, text: str, language: str) -> str:
        """Code of the outcome closest to `text`, or "" where none is close."""
        matches = self._index.match(text, language, kinds=("outcome",), limit=1)
        return matches[0].target if matches and matches[0].score >= NEAR else ""
