"""A reply may name the provisions and links it was given, in any of the languages, and no others."""

from __future__ import annotations

import pytest

from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.seams.passage import Passage
from endonym.seams.turn import ActiveRule, Message, Request, SourceRef, Turn
from endonym.seams.verifier import Reply
from endonym.verify import VERIFIERS, faults
from endonym.verify.attribution import provisions_of

TOOLS = SimplemmaTools()
PASSAGE = Passage("law#8", "law", "Keeleseadus", "8", "§ 8. Asjaajamine", "Riigiasutuse töökeel on eesti keel. Vt ka https://www.riigiteataja.ee/akt/1.",
                  "et", "", "CC0-1.0", "", "", "unreviewed", 0, "")  # fmt: skip
RULE = ActiveRule("r", "R", "p", "country", "", "specialise", "law", "", (SourceRef("gdpr", "GDPR", "Article 17(1)", "https://eur-lex.europa.eu/x", "regulation", "in_force"),))
TURN = Turn("t", "", "", "", Request((Message("user", "Mida ütleb põhiseaduse § 37?"), Message("assistant", "Vaata § 99.")), "student"),
            language="et", passages=(PASSAGE,), rules=(RULE,))  # fmt: skip


@pytest.mark.parametrize("reply", [
    "Keeleseaduse § 8 järgi on töökeel eesti keel.", "Paragrahvi 8 järgi.", "GDPR article 17 says so.", "Статья 17 говорит об этом.",
    "§37 räägib haridusest.", "See https://www.riigiteataja.ee/akt/2", "No source at all, and 8 apples.", "17-бап", "المادة ٨",
    "Read section 4 of your worksheet.", "The art of 1920.",
])  # fmt: skip
def test_what_was_given_may_be_named(reply: str) -> None:
    assert VERIFIERS["attribution"]({}).verify(TURN, Reply(reply), TOOLS).passed


@pytest.mark.parametrize(("reply", "evidence"), [
    ("Keeleseaduse § 12 järgi.", "§ 12"), ("Paragrahv 9 ütleb.", "Paragrahv 9"), ("Vt 5. artikkel.", "5. artikkel"),
    ("According to Article 5 of the AI Act", "Article 5"), ("по статье 26 Конституции", "статье 26"), ("30-бап бойынша", "30-бап"),
    ("بحسب المادة ٥ من القانون", "المادة 5"), ("第12条规定", "第12条"), ("Under section 4(1) of the Education Act", "section 4"),
    ("nagu ütleb 91. pants", "91. pants"), ("§ 99 kehtib.", "§ 99"),
    ("Look at https://example.com/law.", "example.com"), ("doi 10.1234/made.up", "10.1234/made.up"),
])  # fmt: skip
def test_what_nobody_gave_is_told_with_evidence(reply: str, evidence: str) -> None:
    outcome = VERIFIERS["attribution"]({}).verify(TURN, Reply(reply), TOOLS)
    assert not outcome.passed and evidence in outcome.evidence


def test_an_unknown_option_is_told() -> None:
    assert faults("attribution", {"max": 1})


def test_numbers_of_other_things_are_no_provisions() -> None:
    assert provisions_of("1920. aasta 2. veebruaril, 3 artiklit, 15 % ja 24. peatükk") == []
