"""What a reply rests on is meant for its reader's audience and grade, and of laws in force on the day."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from endonym.seams.turn import Message, Request, Turn
from endonym.wiring.compose import Composition
from endonym.wiring.settings import Settings
from tests.adapters.readers.test_akoma_ntoso import LAW
from tests.assistant.test_protect import talk

PEACE = "Tartu rahu sõlmiti 2. veebruaril 1920"
REPEALED = """
[[source]]
id = "old-law"
kind = "statute"
jurisdiction = "EE"
title = "Vana seadus"
scheme = "gazette"
identifier = "RT I, 01.01.1999, 1"
pinpoint = "§ 1"
force = "{force}"
valid_from = 1999-01-01
{until}
verified_by = "unreviewed"
"""


def ask(pack: Path, question: str, audience: str = "student", grade: str = "") -> Turn:
    composition = Composition(Settings(state=pack.parent / "state", chain=(), embedder="none"))
    assistant = composition.assistant(composition.bundle(pack))
    turn = anyio.run(talk, assistant, Request((Message("user", question),), audience, grade=grade))[1]
    anyio.run(composition.close)
    return turn


def registered(pack: Path, line: str) -> None:
    path = pack / "knowledge" / "knowledge.toml"
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")


def rests_on_the_peace(turn: Turn) -> bool:
    return any(PEACE in passage.text for passage in turn.passages) and PEACE in turn.reply


def test_a_document_for_all_is_cited_to_all(tiny: Path) -> None:
    for audience in ("student", "teacher"):
        assert rests_on_the_peace(ask(tiny, "Millal sõlmiti Tartu rahu?", audience, "12"))


def test_a_document_for_teachers_is_cited_to_no_student(tiny: Path) -> None:
    registered(tiny, 'audience = ["teacher"]')
    assert rests_on_the_peace(ask(tiny, "Millal sõlmiti Tartu rahu?", "teacher"))
    turn = ask(tiny, "Millal sõlmiti Tartu rahu?")
    assert turn.passages == () and PEACE not in turn.reply


def test_the_lesson_cites_no_document_of_another_audience_either(tiny: Path) -> None:
    assert [passage.document for passage in ask(tiny, "Mis on fotosüntees?").passages] == ["fotosuntees"]
    registered(tiny, 'audience = ["teacher"]')
    turn = ask(tiny, "Mis on fotosüntees?")
    assert turn.dialogue is not None and turn.dialogue.lesson and turn.passages == ()


@pytest.mark.parametrize(("grade", "found"), [("10", True), ("12", False), ("", True)])
def test_a_document_for_one_grade_is_cited_in_that_grade_and_where_none_is_known(tiny: Path, grade: str, found: bool) -> None:
    registered(tiny, 'grades = ["10"]')
    assert rests_on_the_peace(ask(tiny, "Millal sõlmiti Tartu rahu?", grade=grade)) is found


@pytest.mark.parametrize(("force", "until", "found"), [
    ("in_force", "", True), ("repealed", "", False), ("partial", "applies_from = 2999-01-01", False), ("draft", "", False)])  # fmt: skip
def test_a_law_that_is_not_in_force_is_not_cited(tiny: Path, force: str, until: str, found: bool) -> None:
    (tiny / "sources" / "old.toml").write_text(REPEALED.format(force=force, until=until), "utf-8")
    registered(tiny, 'sources = ["old-law"]')
    assert rests_on_the_peace(ask(tiny, "Millal sõlmiti Tartu rahu?")) is found


@pytest.mark.parametrize(("end", "found"), [("2026-08-01", False), ("2999-01-01", True)])
def test_an_article_is_cited_while_it_is_valid(tiny: Path, end: str, found: bool) -> None:
    law = LAW.replace("Kehtetu varsti.", "Kooli lipu kõrgus on alati kolm meetrit.").replace('date="2026-08-01"', f'date="{end}"')
    (tiny / "knowledge" / "seadus.xml").write_text(law, "utf-8")
    registered(tiny, '\n[[document]]\nid = "seadus"\nfile = "seadus.xml"\ntitle = "Lipuseadus"\nlanguage = "et"\nsubject = "civics"\n'
                     'licence = "CC-BY-4.0"\nauthor = "Endonym project"\nreviewed_by = "unreviewed"')  # fmt: skip
    turn = ask(tiny, "Mis on kooli lipu kõrgus?")
    assert ("kolm meetrit" in turn.reply) is found
