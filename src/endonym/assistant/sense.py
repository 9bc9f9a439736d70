"""What a message points at, by the index: lesson, concept or an answer in the passages."""

from __future__ import annotations

from collections import OrderedDict

from endonym.bundle import Bundle
from endonym.pedagogy import Sensed
from endonym.retrieval import Index, best_sentence
from endonym.retrieval.prompts import Match
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.text.fold import fold

_REMEMBERED = 4096
_MEANT = 0.5
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
        self._known: OrderedDict[tuple[str, str], Sensed] = OrderedDict()

    def __call__(self, text: str, language: str) -> Sensed:
        key = (fold(text)[:2000], language)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        found = self._sense(text[:2000], language)
        self._known[key] = found
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found

    def _sense(self, text: str, language: str) -> Sensed:
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
            answerable=self.quote(text, language) is not None,
        )

    def _asks_for(self, lesson: Match, concept: Match | None) -> bool:
        """The lesson's own topic: an exact ask or title, or no worse a match than any concept."""
        if lesson.kind in ("ask", "title") and (lesson.exact or concept is None):
            return True
        return concept is None or (not concept.exact and lesson.kind in ("ask", "title")
                                   and lesson.score > concept.score - _TIED)  # fmt: skip

    def quote(self, text: str, language: str) -> tuple[str, str] | None:
        """(passage id, sentence of it) that answers `text`, or None where none does surely enough."""
        text = self._index.restored(text, language)
        hits = self._index.search(text, language, limit=_READ)
        found = best_sentence(text, [hit.passage for hit in hits], self._tools, self._embedder, language)
        return (found[0].id, found[1]) if found else None

    def nearest_outcome(self, text: str, language: str) -> str:
        """Code of the outcome closest to `text`, or "" where none is close."""
        matches = self._index.match(text, language, kinds=("outcome",), limit=1)
        return matches[0].target if matches and matches[0].score >= 0.25 else ""
