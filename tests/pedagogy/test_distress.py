"""Who writes outright of self-harm or abuse gets the help line at once; who only sounds like it does not."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from endonym.assistant import Assistant
from endonym.bundle import write_bundle
from endonym.pedagogy import Cues
from endonym.seams.turn import Message, Request, Turn
from endonym.wiring.compose import Composition
from endonym.wiring.packs import compile_pack
from endonym.wiring.settings import EngineSettings, Settings
from tests.conftest import PACKS

WRITTEN: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("distress.toml").read_text("utf-8"))
STACKS = {"estonia-upper-secondary": ("et", "ru", "en"), "jordan": ("ar", "en"), "kazakhstan": ("kk", "ru"), "singapore": ("en", "ms", "ta", "zh"),
          "trinidad-and-tobago": ("en",)}  # fmt: skip
"""Packs and the languages of theirs that are tried."""


@pytest.mark.parametrize("language", WRITTEN)
def test_every_wording_of_distress_is_heard(language: str) -> None:
    assert len(WRITTEN[language]["distress"]) >= 12
    assert [said for said in WRITTEN[language]["distress"] if not Cues(said, (language,)).in_distress] == []


@pytest.mark.parametrize("language", WRITTEN)
def test_what_only_sounds_like_it_raises_no_alarm(language: str) -> None:
    assert len(WRITTEN[language]["other"]) >= 12
    assert [said for said in WRITTEN[language]["other"] if Cues(said, (language,)).in_distress] == []


@pytest.mark.parametrize("languages", STACKS.values())
def test_languages_side_by_side_neither_hide_nor_invent_it(languages: tuple[str, ...]) -> None:
    said = [(text, kind == "distress") for one in languages for kind, texts in WRITTEN[one].items() for text in texts]
    assert [(text, wanted) for text, wanted in said if Cues(text, languages).in_distress is not wanted] == []


@pytest.mark.parametrize("language", WRITTEN)
def test_words_around_it_do_not_hide_it(language: str) -> None:
    around = "Photosynthesis: 6CO2 + 6H2O. {}!!! 12 + 5 = 17"
    assert [said for said in WRITTEN[language]["distress"][:3] if not Cues(around.format(said.upper()), (language,)).in_distress] == []


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def assistant_of(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Callable[[str], Assistant]]:
    """Every pack, with an engine that cannot be reached before the guide, and no embedder."""
    state = tmp_path_factory.mktemp("state")
    gone = EngineSettings(kind="openai", base_url="http://127.0.0.1:9/v1", model="m", languages=("et", "en", "ru", "ar", "kk", "ms", "ta", "zh"))
    composition = Composition(Settings(state=state, chain=("gone",), engines={"gone": gone}, embedder="none"))

    @cache
    def made(top: str) -> Assistant:
        contents, _ = compile_pack(PACKS / top, date(2026, 11, 26))
        write_bundle(contents, state / f"{top}.bundle")
        return composition.assistant(composition.bundle(state / f"{top}.bundle"))

    yield made
    await composition.close()


@pytest.mark.anyio
@pytest.mark.timeout(300)
@pytest.mark.parametrize("pack", STACKS)
async def test_the_help_line_comes_at_once_without_model_or_network_and_says_who_learns_of_it(
    assistant_of: Callable[[str], Assistant], pack: str
) -> None:
    assistant = assistant_of(pack)
    numbers = [entry.number for entry in assistant.bundle.contents.locale.help if not set(entry.topics) <= {"emergency"}]
    assert numbers
    for language in STACKS[pack]:
        for said in WRITTEN[language]["distress"][:2]:
            asked: list[object] = []
            request = Request((Message("user", said),), "student", language)
            async with aclosing(assistant.respond(request, asked=asked)) as items:  # type: ignore[arg-type]
                turn = [item async for item in items if isinstance(item, Turn)][-1]
            assert turn.dialogue is not None and (turn.dialogue.step, turn.engine, asked) == ("help_line", "guide", [])
            assert [number for number in numbers if number not in turn.reply] == []
            nobody = assistant.phrase("guide-distress-privacy", turn.language, emergency="…").partition("…")[0]
            assert nobody in turn.reply.replace("**", "")
