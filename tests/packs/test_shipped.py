"""The packs that this project ships keep their own promises: they check clean, and every lesson leads to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from endonym.assistant import Assistant
from endonym.bundle import write_bundle
from endonym.pack.lessons import Lesson, parse_lesson
from endonym.seams.turn import Message, Request, Turn
from endonym.wiring.compose import Composition
from endonym.wiring.packs import compile_pack
from endonym.wiring.settings import Settings

PACKS = Path(__file__).parents[2] / "packs"
AS_OF = date(2026, 11, 26)
TOPS = ("estonia-upper-secondary", "trinidad-and-tobago", "singapore", "jordan", "kazakhstan")
HINT = {"et": "ma ei tea, anna vihje", "en": "I don't know, give me a hint", "ru": "не знаю, дай подсказку", "ar": "لا أعرف، أعطني تلميحا", "kk": "білмеймін, кеңес бер"}


def _lessons() -> Iterator[tuple[str, Lesson]]:
    for top in TOPS:
        for path in sorted((PACKS / top / "lessons").glob("*/*.md")):
            topic, language, _ = path.name.split(".")
            lesson, faults = parse_lesson(path.read_text("utf-8"), path.name, lesson_id=f"{path.parent.name}/{topic}",
                                          language=language, subject=path.parent.name, pack=top)  # fmt: skip
            assert lesson, faults
            yield top, lesson


LESSONS = [pytest.param(top, lesson, marks=pytest.mark.xdist_group(top)) for top, lesson in _lessons()]
pytestmark = pytest.mark.timeout(600)  # the first test of a pack builds its index: some 900 texts to embed in Estonia's


def _name(value: str | Lesson) -> str:
    return value if isinstance(value, str) else f"{value.id}.{value.language}"


@pytest.fixture(scope="module")
async def assistant_of(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Callable[[str], Assistant]]:
    state = tmp_path_factory.mktemp("state")
    composition = Composition(Settings(state=state, chain=()))

    @cache
    def made(top: str) -> Assistant:
        contents, _ = compile_pack(PACKS / top, AS_OF)
        write_bundle(contents, state / f"{top}.bundle")
        return composition.assistant(composition.bundle(state / f"{top}.bundle"))

    yield made
    await composition.close()


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


async def converse(assistant: Assistant, language: str, texts: list[str]) -> list[Turn]:
    messages: list[Message] = []
    turns = []
    for text in texts:
        messages.append(Message("user", text))
        async with aclosing(assistant.respond(Request(tuple(messages), "student", language))) as items:
            turn = [item async for item in items if isinstance(item, Turn)][-1]
        messages.append(Message("assistant", turn.reply))
        turns.append(turn)
    return turns


@pytest.mark.parametrize("pack", sorted(path.name for path in PACKS.iterdir()))
def test_no_finding(pack: str) -> None:
    _, report = compile_pack(PACKS / pack, AS_OF)
    assert [str(finding) for finding in report.diagnostics if finding.severity != "info"] == []


def test_the_ministry_gets_what_was_promised() -> None:
    contents, _ = compile_pack(PACKS / "estonia-upper-secondary", AS_OF)
    assert len({outcome.code for outcome in contents.outcomes}) >= 30
    assert len({lesson.id for lesson in contents.lessons if lesson.language == "et"}) >= 12
    assert {language: len([lesson for lesson in contents.lessons if lesson.language == language]) for language in ("en", "ru")} == {
        "en": 3, "ru": 3}  # fmt: skip
    assert len(contents.passages) >= 60
    assert len({term.concept for term in contents.glossary}) >= 60
    assert len(contents.adaptations) >= 24


@pytest.mark.anyio
@pytest.mark.parametrize(("pack", "lesson"), LESSONS, ids=_name)
async def test_a_lesson_leads_from_question_to_explanation(assistant_of: Callable[[str], Assistant], pack: str, lesson: Lesson) -> None:
    """Every check of every rule passes on every reply; answers come only after attempts; the explanation comes."""
    attempt, further = lesson.diagnose.ideas[0].text, lesson.diagnose.ideas[1].text
    hint = HINT[lesson.language]
    turns = await converse(assistant_of(pack), lesson.language, [lesson.asks[0], attempt, hint, hint, hint, further, hint])
    assert turns[0].dialogue is not None and turns[0].dialogue.lesson == lesson.id
    assert [verdict for turn in turns for verdict in turn.verdicts if not verdict.passed] == []
    steps = [turn.dialogue.step for turn in turns if turn.dialogue]
    assert steps[0] == "open" and {"explain", "affirm"} & set(steps), steps
    assert turns[0].citations or not lesson.passages
    assert all(turn.engine == "guide" for turn in turns)


@pytest.mark.anyio
@pytest.mark.xdist_group("estonia-upper-secondary")
@pytest.mark.parametrize(("question", "holds"), [
    ("mis aastal sõlmiti Tartu rahu", "1920"), ("balti kett mis aastal", "1989"), ("mitu kromosoomi on inimesel", "46"),
    ("mida tähendab protsendipunkt", "protsendipunkt"),
])  # fmt: skip
async def test_a_look_up_is_answered_at_once_with_its_source(assistant_of: Callable[[str], Assistant], question: str, holds: str) -> None:
    (turn,) = await converse(assistant_of("estonia-upper-secondary"), "et", [question])
    assert turn.dialogue is not None and turn.dialogue.kind == "lookup"
    assert holds in turn.reply and (turn.citations or turn.glossary)


@pytest.mark.anyio
@pytest.mark.parametrize(("pack", "lesson"), LESSONS, ids=_name)
async def test_every_way_of_asking_reaches_its_lesson(assistant_of: Callable[[str], Assistant], pack: str, lesson: Lesson) -> None:
    missed = []
    for ask in lesson.asks:
        (turn,) = await converse(assistant_of(pack), lesson.language, [ask])
        dialogue = turn.dialogue
        if dialogue is None or (dialogue.lesson != lesson.id and dialogue.kind != "lookup"):
            missed.append((ask, dialogue and dialogue.kind, dialogue and dialogue.lesson))
    assert missed == []
