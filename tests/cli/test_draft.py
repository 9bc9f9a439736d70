"""Lessons and quizzes begun from what a pack holds; away from tests with a browser, whose event loop lets no other run."""

from __future__ import annotations

import re
from pathlib import Path

import anyio
import pytest

from endonym.assistant.draft import draft_lesson, explain_outcome
from endonym.pack.lessons import UNWRITTEN, parse_lesson
from tests.adapters.engines.scripted import scripted
from tests.cli.inside import inside
from tests.conftest import TINY
from tests.served import EngineSettings, running


def test_a_drafted_lesson_is_one_that_the_checker_reads_and_no_student_meets(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written into the pack by the command, it makes one warning and stays out of the bundle; what is to be written stands in the lesson's language."""
    knowledge = tiny / "knowledge" / "fotosuntees.md"
    knowledge.write_text(knowledge.read_text("utf-8").replace("glükoos ja hapnik.", "glükoos ja hapnik. Valgust püüab klorofüll."), "utf-8")
    code, said = inside(monkeypatch, tiny.parent, "draft", "lesson", "tiny", "X.1", "--language", "et", "--engine", "guide", "-o", "tiny/lessons/biology/uus.et.md")
    assert code == 0 and "place(s) to write, 2 passage(s)" in said
    text = (tiny / "lessons" / "biology" / "uus.et.md").read_text("utf-8")
    lesson, faults = parse_lesson(text, "uus.et.md", lesson_id="biology/uus", language="et", subject="biology", pack="tiny")
    assert lesson and faults == () and lesson.unwritten and lesson.reviewed_by == "unreviewed" and lesson.passages[0] == "fotosuntees#mis-see-on"
    assert lesson.diagnose.ideas[0].text.startswith("Klorofüll on roheline värvaine") and lesson.diagnose.ideas[0].groups == (("klorofüll",),)
    assert "selgitab fotosünteesi tähtsust" in text and "✎ Milline üks küsimus näitab" in text and "CC-BY-4.0, unreviewed" in text
    assert "> Fotosüntees on protsess, milles" in text and "Valgust püüab klorofüll." in text, "passages stand in it word for word"
    code, report = inside(monkeypatch, tiny.parent, "check", "tiny")
    assert code == 0 and re.findall(r"(?:error|warning) (\w+)", report) == ["CU012"], report
    assert inside(monkeypatch, tiny.parent, "draft", "lesson", "tiny", "X.1", "-o", "tiny/lessons/biology/uus.et.md")[0] == 1, "nobody's work is written over"
    code, known = inside(monkeypatch, tiny.parent, "draft", "quiz", "tiny", "biology/uus")
    assert code == 1 and "There are biology/fotosuntees." in known, "an unfinished lesson is in no bundle"


def test_what_a_model_writes_names_its_passage_sentence_by_sentence_or_is_marked(tmp_path: Path) -> None:
    with scripted() as engine:
        engine.says("## Taimed püüavad valgust klorofülliga [1]. ", "Lehed on alati punased. ", "Vett võetakse juurtega [7].")
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("et",), timeout_s=5)
        with running([TINY], tmp_path, chain=("ours",), engines={"ours": ours}) as (_, composition):
            assistant = composition.assistant(composition.bundle(TINY))
            turn = anyio.run(explain_outcome, assistant, "X.1", "et")
            draft = draft_lesson(assistant, "X.1", "et", turn)
    explained = draft.body.partition("## Explain")[2].partition("## Misc")[0]
    assert draft.written_by == "ours" and "Taimed püüavad valgust klorofülliga [1]" in explained.replace(". [1]", " [1]") and "#" not in explained
    assert f"Lehed on alati punased. [{UNWRITTEN} lõiguta]" in explained and explained.count("lõiguta") == 2, explained
