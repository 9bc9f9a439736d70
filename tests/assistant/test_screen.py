"""A classifier judges what a model writes before anybody sees it; what it could not judge is not shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest

from endonym.wiring.settings import ModerationSettings
from tests.adapters.engines.scripted import Scripted, scripted
from tests.assistant.test_guard import ask
from tests.conftest import TINY
from tests.served import EngineSettings, serving

GOOD = "Taimed vajavad kasvamiseks palju valgust. "
LONG = GOOD * 12


def verdict(flagged: bool) -> bytes:
    return json.dumps({"id": "m", "results": [{"flagged": flagged, "categories": {"violence": flagged, "harassment": False}}]}).encode()


def said(text: str) -> bytes:
    return json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}).encode()


@pytest.fixture
def engine() -> Iterator[Scripted]:
    with scripted() as one:
        yield one


@pytest.fixture
def judge() -> Iterator[Scripted]:
    with scripted() as one:
        one.kind = "application/json"
        yield one


@contextmanager
def served(engine: Scripted, judge: Scripted, state: Path, kind: str = "moderation") -> Iterator[openai.OpenAI]:
    ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("et",), timeout_s=5)
    moderation = ModerationSettings(base_url=f"http://127.0.0.1:{judge.port}/v1", model="guard", timeout_s=1)
    with serving([TINY], state, chain=("ours",), engines={"ours": ours}, classifier=kind, moderation=moderation) as address:
        yield openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)


@pytest.mark.parametrize(("kind", "passes"), [("moderation", verdict(False)), ("guard_model", said("safe")), ("guard_model", said("\n\nSafe "))])
def test_what_it_passes_is_shown_whole(engine: Scripted, judge: Scripted, tmp_path: Path, kind: str, passes: bytes) -> None:
    engine.says(*[GOOD] * 12)
    judge.script = [passes]
    with served(engine, judge, tmp_path, kind) as client:
        text, extension = ask(client, "Minu e-post on mari@kool.ee. Mis on fotosüntees?")
    assert text.startswith(LONG.strip()) and extension["engine"] == "ours"
    assert len(judge.bodies) == 2 and "mari@kool.ee" not in str(judge.bodies)


@pytest.mark.parametrize(("kind", "stops", "names"), [
    ("moderation", verdict(True), "violence"), ("guard_model", said("unsafe\nS1,S9"), "S1, S9"), ("guard_model", said("unsafe"), "unsafe")])  # fmt: skip
def test_what_it_stops_is_never_shown_and_the_guide_goes_on(engine: Scripted, judge: Scripted, tmp_path: Path, kind: str, stops: bytes, names: str) -> None:
    engine.says(*[GOOD] * 12)
    judge.script = [stops]
    with served(engine, judge, tmp_path, kind) as client:
        text, extension = ask(client, "Mis on fotosüntees?")
    assert GOOD.strip() not in text and "Mida taim vajab, et endale toitu teha?" in text and text.startswith("Mudeli vastus peatati")
    failed = [v for v in extension["verifiers"] if not v["passed"]]  # type: ignore[index,union-attr]
    assert [(v["rule"], v["evidence"]) for v in failed] == [("red_lines", names)] and len(engine.bodies) == 1


def test_what_it_stops_later_ends_what_was_shown(engine: Scripted, judge: Scripted, tmp_path: Path) -> None:
    engine.says(*[GOOD] * 12)
    judge.first, judge.script = [[verdict(False)]], [verdict(True)]
    with served(engine, judge, tmp_path) as client:
        text, extension = ask(client, "Mis on fotosüntees?")
    assert text.startswith(GOOD) and text.count(GOOD.strip()) < 12 and "Mudeli vastus peatati" in text and extension["engine"] == "ours, guide"


@pytest.mark.parametrize("answer", [[None], [b"oops"], [b"{}"], [b'{"results": []}'], [b'{"results": [{"flagged": "no"}]}'], [3.0], [said("perhaps")]],
                         ids=["reset", "text", "empty", "none", "word", "hangs", "other"])  # fmt: skip
@pytest.mark.parametrize("kind", ["moderation", "guard_model"])
def test_where_it_cannot_tell_nothing_of_the_model_is_shown(
    engine: Scripted, judge: Scripted, tmp_path: Path, kind: str, answer: list[bytes | float | None]
) -> None:
    engine.says(*[GOOD] * 12)
    judge.script = answer
    with served(engine, judge, tmp_path, kind) as client:
        text, extension = ask(client, "Mis on fotosüntees?")
    assert GOOD.strip() not in text and "Mida taim vajab, et endale toitu teha?" in text
    assert any("could not tell" in line["note"] for line in extension["trace"])  # type: ignore[index,union-attr]


@pytest.mark.parametrize("flagged", [False, True])
def test_it_reads_the_arguments_of_a_call_masked(engine: Scripted, judge: Scripted, tmp_path: Path, flagged: bool) -> None:
    engine.calls(("search", '{"query": "\\u27e6email-1⟧ kirjad"}'))
    judge.script = [verdict(flagged)]
    tools: list[Any] = [{"type": "function", "function": {"name": "search", "parameters": {"type": "object"}}}]
    asked: list[Any] = [{"role": "user", "content": "Kes on mari@kool.ee, Konstantin Pätsi uurija?"}]
    with served(engine, judge, tmp_path) as client:
        reply = client.chat.completions.create(model="tiny/student", messages=asked, tools=tools)
    assert bool(reply.choices[0].message.tool_calls) is not flagged, reply
    assert "query = ⟦email-1⟧ kirjad" in judge.bodies[0]["input"] and "mari@kool.ee" not in str(judge.bodies)  # type: ignore[operator]
    assert len(engine.bodies) == 1
