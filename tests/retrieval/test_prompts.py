"""Which lesson is meant. The weights are measured by bench/lesson_match.py; these are the cases that must never break."""

from __future__ import annotations

import pytest

from endonym.retrieval.index import Index


@pytest.mark.parametrize(("text", "language", "target"), [
    ("Mis on fotosüntees?", "et", "biology/fotosuntees"),
    ("fotosyntees", "et", "biology/fotosuntees"),
    ("FOTOSUNTEES", "et", "biology/fotosuntees"),
    ("selgita palun fotosünteesi", "et", "biology/fotosuntees"),
    ("what is photosynthesis", "en", "biology/fotosuntees"),
    ("что такое фотосинтез", "ru", "biology/fotosuntees"),
    ("mis on mitos", "et", "biology/mitoos"),
    ("meioosi etapid", "et", "biology/meioos"),
    ("millal vabadussoda algas", "et", "history/vabadussoda"),
    ("как решить квадратное уравнение", "ru", "mathematics/ruutvorrand"),
    ("ruutvõrrandi lahendamine", "et", "mathematics/ruutvorrand"),
    ("mida tähendab osmoos", "et", "osmosis"),
])  # fmt: skip
def test_what_is_meant_is_first(index: Index, text: str, language: str, target: str) -> None:
    match = index.match(text, language)[0]
    assert (match.target, match.score >= 0.5) == (target, True)


@pytest.mark.parametrize(("text", "language"), [
    ("Mis on mustad augud?", "et"),
    ("kes on president", "et"),
    ("kirjuta mulle luuletus", "et"),
    ("kvantarvuti", "et"),
    ("how do I bake bread", "en"),
    ("какая завтра погода", "ru"),
    ("anna vihje", "et"),
])  # fmt: skip
def test_what_is_not_covered_stays_below(index: Index, text: str, language: str) -> None:
    assert all(match.score < 0.5 for match in index.match(text, language))


def test_exact_is_but_for_case_marks_and_punctuation(index: Index) -> None:
    assert index.match("mis on fotosuntees", "et")[0].exact
    assert not index.match("mis on fotosünteesi mõte", "et")[0].exact


def test_one_match_per_target_and_restrictions(index: Index) -> None:
    matches = index.match("fotosüntees", "et", limit=10)
    assert len({match.target for match in matches}) == len(matches)
    rounded = [round(match.score, 2) for match in matches]
    assert rounded == sorted(rounded, reverse=True)
    assert {match.kind for match in index.match("osmoos", "et", kinds=["glossary"])} == {"glossary"}
    assert index.match("Mis on fotosüntees?", "et", subject="history")[0].target == "history/vabadussoda"
    assert index.match("Mis on fotosüntees?", "et", subject="history")[0].score < 0.5


@pytest.mark.parametrize(("text", "target"), [
    ("fotosyntees", "biology/fotosuntees"),
    ("selgita fotosünteesi", "biology/fotosuntees"),
    ("millal algas vabadussõda", "history/vabadussoda"),
])  # fmt: skip
def test_words_alone(words_index: Index, text: str, target: str) -> None:
    assert words_index.match(text, "et")[0].target == target
    assert words_index.match(text, "et")[0].score >= 0.5
    assert all(match.score < 0.5 for match in words_index.match("Mis on mustad augud?", "et"))


def test_evidence_says_why(index: Index) -> None:
    evidence = max(index.evidence("klorofülli roll", "et"), key=lambda found: found.overlap)
    assert (evidence.family, evidence.target, evidence.prompt.text) == ("lesson", "biology/fotosuntees", "klorofüll")
    assert evidence.term == 1.0
