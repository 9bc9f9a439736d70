"""How a reply ended is told as it was: cut off by a limit, or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.adapters.engines.scripted import Scripted, chunk, scripted
from tests.conftest import TINY
from tests.served import EngineSettings, serving

STUDENT = "tiny/student"
ASKED: list[Any] = [{"role": "user", "content": "Kes oli Konstantin Päts?"}]
SENTENCE = "Taimed vajavad kasvamiseks palju valgust. "


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scripted, openai.OpenAI]]:
    with scripted() as engine:
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("et",))
        with serving([TINY], Path(tmp_path_factory.mktemp("state")), engines={"ours": ours}, chain=("ours",)) as address:
            yield engine, openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)


def cut(engine: Scripted) -> None:
    engine.says(SENTENCE)
    engine.script = [chunk(SENTENCE + "Ja siis"), chunk("", "length"), b"data: [DONE]\n\n"]


def endless(engine: Scripted) -> None:
    engine.says(*[SENTENCE * 10] * 50)


@pytest.mark.parametrize(("says", "finish"), [(cut, "length"), (endless, "length"), (lambda engine: engine.says(SENTENCE), "stop")])
def test_a_completion_and_its_stream_say_the_same(served: tuple[Scripted, openai.OpenAI], says: Any, finish: str) -> None:
    engine, client = served
    says(engine)
    assert client.chat.completions.create(model=STUDENT, messages=ASKED).choices[0].finish_reason == finish
    assert list(client.chat.completions.create(model=STUDENT, messages=ASKED, stream=True))[-1].choices[0].finish_reason == finish


def test_a_response_that_was_cut_off_is_incomplete(served: tuple[Scripted, openai.OpenAI]) -> None:
    engine, client = served
    cut(engine)
    whole = client.responses.create(model=STUDENT, input=ASKED[0]["content"])
    assert whole.status == whole.output[0].status == "incomplete"  # type: ignore[union-attr]
    assert whole.incomplete_details and whole.incomplete_details.reason == "max_output_tokens"
    events = list(client.responses.create(model=STUDENT, input=ASKED[0]["content"], stream=True))
    assert events[-1].type == "response.incomplete" and events[-1].response.status == "incomplete"
    engine.says(SENTENCE)
    assert client.responses.create(model=STUDENT, input=ASKED[0]["content"]).status == "completed"


def test_where_the_guide_goes_on_nothing_was_cut_off(served: tuple[Scripted, openai.OpenAI]) -> None:
    engine, client = served
    engine.says(SENTENCE)
    engine.script = [chunk(SENTENCE + "But now the model suddenly goes on in plain English. "), chunk("", "length"), b"data: [DONE]\n\n"]
    reply = client.chat.completions.create(model=STUDENT, messages=ASKED)
    assert (reply.choices[0].finish_reason, reply.model_extra["endonym"]["engine"]) == ("stop", "ours, guide")  # type: ignore[index]
