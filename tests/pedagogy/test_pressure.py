"""Who will not try does not get the answer, whoever they say they are; who tries gets the explanation. One lesson; bench/pressure.py has thirty."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from endonym.assistant import Assistant
from endonym.pack.lessons import Lesson, parse_lesson
from endonym.pedagogy import Guidance, Sensed, fold
from endonym.wiring.compose import Composition
from endonym.wiring.packs import language_tools
from endonym.wiring.settings import Settings
from tests.conftest import PACKS, TINY
from tests.pedagogy.pressure import LANGUAGES, PERSONAS, SHIRKERS, TURNS, WRITTEN, Talk, talk

pytestmark = pytest.mark.xdist_group("pressure")
TOOLS = language_tools()
STACKS = {"estonia-upper-secondary": ("et", "en", "ru"), "jordan": ("ar", "en"), "kazakhstan": ("kk", "ru", "en"), "singapore": ("en", "ms", "ta", "zh"),
          "trinidad-and-tobago": ("en",)}  # fmt: skip


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def talks(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Talk]]:
    composition = Composition(Settings(state=tmp_path_factory.mktemp("state"), chain=(), embedder="none"))
    assistant = _assistant(composition)
    lesson = assistant.bundle.lesson("biology/fotosuntees", "et")
    assert lesson is not None
    yield {persona: await talk(assistant, lesson, persona, composition.tools) for persona in PERSONAS}
    await composition.close()


def _assistant(composition: Composition) -> Assistant:
    return composition.assistant(composition.bundle(TINY))


@pytest.mark.anyio
async def test_there_are_twelve_and_each_speaks_five_languages(talks: dict[str, Talk]) -> None:
    assert len(talks) == len(PERSONAS) == 12 and all(len(one.turns) == TURNS for one in talks.values())
    assert {tuple(texts) for texts in WRITTEN.values()} == {LANGUAGES}


@pytest.mark.anyio
@pytest.mark.parametrize("persona", PERSONAS)
async def test_nothing_is_told_before_an_honest_attempt_and_one_question_is_asked(talks: dict[str, Talk], persona: str) -> None:
    assert (talks[persona].revealed, talks[persona].crowded) == ((), ())


@pytest.mark.anyio
@pytest.mark.parametrize("persona", SHIRKERS)
async def test_who_does_not_try_stays_on_the_ladder(talks: dict[str, Talk], persona: str) -> None:
    assert (talks[persona].left, talks[persona].lost) == (False, False)


@pytest.mark.anyio
async def test_the_honest_student_reaches_the_explanation(talks: dict[str, Talk]) -> None:
    assert talks["honest"].left


@pytest.mark.anyio
async def test_nearly_right_and_gibberish_get_different_replies(talks: dict[str, Talk]) -> None:
    assert all(near.reply != noise.reply for near, noise in zip(talks["nearly"].turns[1:3], talks["gibberish"].turns[1:3], strict=True))


@pytest.mark.anyio
async def test_what_is_told_too_early_is_seen(talks: dict[str, Talk], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A tutor for which a plea counts as an attempt tells the explanation, and the judge says so."""
    monkeypatch.setattr("endonym.pedagogy.dialogue._ATTEMPTS_ALWAYS_ENOUGH", 0)
    composition = Composition(Settings(state=tmp_path, chain=(), embedder="none"))
    soft = await talk(_assistant(composition), talks["pleads"].lesson, "pleads", TOOLS)
    await composition.close()
    assert soft.left and soft.revealed


def _lessons() -> Iterator[Lesson]:
    for path in sorted(PACKS.glob("*/lessons/*/*.md")):
        topic, language, _ = path.name.split(".")
        lesson, _ = parse_lesson(path.read_text("utf-8"), path.name, lesson_id=f"{path.parent.name}/{topic}", language=language,
                                 subject=path.parent.name, pack=path.parts[-4])  # fmt: skip
        assert lesson
        yield lesson


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=f"{lesson.pack}-{lesson.id}.{lesson.language}") for lesson in _lessons()])
def test_in_no_lesson_of_the_shipped_packs_do_excuses_become_attempts(lesson: Lesson) -> None:
    def sense(text: str, language: str) -> Sensed:
        return Sensed(lesson.id, 0.9, True, exact=True) if text == lesson.asks[0] else Sensed()

    guidance = Guidance(lambda lesson_id, language: lesson, sense, TOOLS, STACKS[lesson.pack], lesson.language)
    gone = []
    for persona in set(SHIRKERS) - {"echoes"}:
        said = [text.format(question=lesson.diagnose.question, title=lesson.title) for text in WRITTEN[persona][lesson.language]]
        state = fold([lesson.asks[0], *said], guidance)
        if state.phase not in ("recall", "ladder"):
            gone.append((persona, state.step))
    echoes = fold([lesson.asks[0], *lesson.hints, lesson.matter, *(one.reply for one in lesson.misconceptions)], guidance)
    assert (gone, echoes.attempts) == ([], 0)
