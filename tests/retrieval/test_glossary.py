"""Terms of a glossary bring a question to passages that use another term, or another language; without any model."""

from __future__ import annotations

import pytest

from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.retrieval import Index, Prompt, build_index, open_index
from endonym.seams.passage_index import Where
from tests.retrieval.conftest import passage

PASSAGES = [
    passage("osmoos", "Vee liikumine", "Osmoosi käigus liigub vesi läbi poolläbilaskva membraani lahjemast lahusest kangemasse."),
    passage("difusioon", "Segunemine", "Difusioonil segunevad ained ise, kuni nende sisaldus on kõikjal ühesugune."),
    passage("vihm", "Aurumine", "Vesi aurub merede pinnalt ja langeb vihmana tagasi."),
]
TERMS = [("osmosis", "osmoos", "et"), ("osmosis", "osmosis", "en"), ("osmosis", "осмос", "ru"), ("peace", "rahuleping", "et"), ("peace", "peace treaty", "en"),
         ("diffusion", "difusioon", "et"), ("diffusion", "laialivalgumine", "et")]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, tools: SimplemmaTools) -> Index:
    file = tmp_path_factory.mktemp("glossary") / "index.sqlite"
    build_index(file, "k", PASSAGES, [Prompt("glossary", concept, term, language, "") for concept, term, language in TERMS], tools)
    return open_index(file, "k", tools)


@pytest.mark.parametrize(("question", "language"), [("What is osmosis?", "en"), ("Расскажи об осмосе", "ru"), ("OSMOSIS", "en")])
def test_a_term_in_another_language_finds_the_passage(index: Index, question: str, language: str) -> None:
    hits = index.search(question, language, Where(("et",)))
    assert [hit.passage.anchor for hit in hits] == ["osmoos"] and "terms" in hits[0].arms


def test_another_term_of_the_same_concept_finds_the_passage(index: Index) -> None:
    assert index.search("Mida tähendab laialivalgumine?", "et")[0].passage.anchor == "difusioon"


@pytest.mark.parametrize("question", ["What is peace?", "Who signed the treaty?", "rain"])
def test_half_a_term_and_words_of_no_term_add_nothing(index: Index, question: str) -> None:
    assert index.search(question, "en", Where(("et",))) == ()


def test_the_filter_holds_for_terms_too(index: Index) -> None:
    assert index.search("What is osmosis?", "en", Where(("ru",))) == ()
