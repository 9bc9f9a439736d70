from __future__ import annotations

import pytest

from endonym.retrieval.index import Index
from endonym.seams.passage_index import Where


@pytest.mark.parametrize(("query", "language", "anchor"), [
    ("Kus toimub fotosüntees?", "et", "foto"),
    ("millal loppes vabadussoda", "et", "soda"),
    ("Kuidas haavad paranevad?", "et", "mitoos"),
    ("keeleseaduse § 8", "et", "seadus"),
    ("Из чего состоит ДНК?", "ru", "dna"),
    ("When was the Treaty of Tartu signed?", "en", "soda"),
    ("How many roots can it have?", "en", "roots"),
    ("Почему идёт дождь?", "ru", "voda"),
])  # fmt: skip
def test_the_right_passage_is_first(index: Index, query: str, language: str, anchor: str) -> None:
    hits = index.search(query, language)
    assert hits[0].passage.anchor == anchor
    assert hits[0].similarity == max(hit.similarity for hit in hits)


def test_lexical_arms_are_silent_across_languages(index: Index) -> None:
    for hit in index.search("DNA and photosynthesis", "en", Where(("et",))):
        assert set(hit.arms) <= {"meaning", "codes"}
    assert "codes" in index.search("DNA", "en", Where(("et",)))[0].arms


def test_languages_and_subject_restrict(index: Index) -> None:
    assert {hit.passage.language for hit in index.search("rakk", "et", Where(("en", "ru")))} == {"en", "ru"}
    assert {hit.passage.subject for hit in index.search("rakk", "et", Where(subject="history"))} == {"history"}
    assert len(index.search("rakk", "et", limit=2)) == 2


@pytest.mark.parametrize(("query", "language", "anchor"), [
    ("Kus toimub fotosüntees?", "et", "foto"),
    ("millal loppes vabadussoda", "et", "soda"),
    ("roots of quadratic equations", "en", "roots"),
    ("круговорот воды", "ru", "voda"),
])  # fmt: skip
def test_words_alone(words_index: Index, query: str, language: str, anchor: str) -> None:
    hit = words_index.search(query, language)[0]
    assert (hit.passage.anchor, hit.similarity) == (anchor, 0.0)


@pytest.mark.parametrize(
    "query", ["", "   ", '"', "NEAR( *", "a AND OR", "'; DROP TABLE passage;--", "\0", "😀", "§" * 500]
)
def test_odd_queries(index: Index, words_index: Index, query: str) -> None:
    index.search(query, "et")
    index.match(query, "")
    words_index.search(query, "")


def test_passage_by_id(index: Index) -> None:
    passage = index.passage("book#soda")
    assert passage is not None
    assert passage.title == "Vabadussõda"
