"""The terms of a glossary, so that a question finds passages that name its concept by another term or in another language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from endonym.retrieval.index_file import IndexFile


class Glossary:
    """The glossary prompts of one index file; read with the first question."""

    def __init__(self, file: IndexFile) -> None:
        self._file = file

    def other_terms(self, lemmas: Sequence[str], language: str) -> dict[str, list[str]]:
        """By language: the lemmas of terms for the concepts that a question names, without the question's own words.

        Args:
            lemmas: The question's, mark-stripped, in order.
            language: In which they are.
        """
        said = set(lemmas)
        found: dict[str, dict[str, None]] = {}
        for lemma in dict.fromkeys(lemmas):
            for term, concept in self._beginning.get((language, lemma), ()):
                if said.issuperset(term):
                    for other, words in self._terms[concept]:
                        found.setdefault(other, {}).update((word, None) for word in words if other != language or word not in said)
        return {other: list(words) for other, words in found.items() if words}

    @cached_property
    def _terms(self) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
        """(language, lemmas) of each term, by concept."""
        found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for concept, language, lemmas in self._file.rows("SELECT target, language, lemmas FROM prompt WHERE kind = 'glossary' ORDER BY row"):
            if lemmas:
                found.setdefault(concept, []).append((language, tuple(lemmas.split())))
        return found

    @cached_property
    def _beginning(self) -> dict[tuple[str, str], list[tuple[tuple[str, ...], str]]]:
        """(lemmas, concept) of the terms that begin with a lemma, by language and lemma."""
        found: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = {}
        for concept, terms in self._terms.items():
            for language, words in terms:
                found.setdefault((language, words[0]), []).append((words, concept))
        return found
