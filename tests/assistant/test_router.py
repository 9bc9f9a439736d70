"""Which engine is asked, how often, and what becomes of a reply that was stopped once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openai
import pytest

from endonym.assistant.circuit import Circuit
from endonym.core.errors import SettingsError
from tests.adapters.engines.scripted import Scripted, chunk, scripted
from tests.assistant.test_guard import ask
from tests.conftest import TINY
from tests.served import EngineSettings, running

GOOD = "Taimed vajavad kasvamiseks palju valgust. "
BAD = "But now the model suddenly goes on in plain English. "
DONE = b"data: [DONE]\n\n"


@pytest.fixture
def upstream() -> Iterator[Scripted]:
    with scripted() as engine:
        yield engine


@pytest.fixture
def client(upstream: Scripted, tmp_path: Path) -> Iterator[openai.OpenAI]:
    with served(upstream, tmp_path) as one:
        yield one


@contextmanager
def served(upstream: Scripted, state: Path, pack: Path = TINY, **settings: object) -> Iterator[openai.OpenAI]:
    ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{upstream.port}/v1", model="m", languages=("et",), timeout_s=2)
    with running([pack], state, **{"chain": ("ours",), "engines": {"ours": ours}, **settings}) as (address, composition):
        key = composition.store.access.add_key("t", ["student", "teacher"])
        yield openai.OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0)


def test_a_stopped_reply_is_asked_for_once_more_from_what_stands(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.first = [[chunk(GOOD), chunk(BAD), chunk("More English.", "stop"), DONE]]
    upstream.says("Sa tead juba, mis on valgus. ", "Mida taim veel vajab?")
    text, extension = ask(client, "Mis on fotosüntees?")
    assert text.startswith(GOOD + "Sa tead juba, mis on valgus. Mida taim veel vajab?") and "English" not in text
    assert extension["engine"] == "ours"
    *_, said, wish = upstream.bodies[-1]["messages"]  # type: ignore[misc]
    assert (said["role"], said["content"]) == ("assistant", GOOD) and "stopped by the rule reply_in_estonian" in wish["content"]
    assert [v["verifier"] for v in extension["verifiers"] if not v["passed"]] == ["language"]  # type: ignore[index,union-attr]
    assert any("repaired" in line["note"] for line in extension["trace"])  # type: ignore[index,union-attr]


def test_a_reply_that_was_stopped_before_its_first_sentence_is_written_anew(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.first = [[chunk(BAD), chunk("More English here.", "stop"), DONE]]
    upstream.says(GOOD)
    text, extension = ask(client, "Mis on fotosüntees?")
    assert text.startswith(GOOD.strip()) and extension["engine"] == "ours" and len(upstream.bodies) == 2


def test_stopped_twice_the_guide_goes_on(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.says(GOOD, BAD)
    text, extension = ask(client, "Mis on fotosüntees?")
    assert text.count(GOOD.strip()) == 2 and extension["engine"] == "ours, guide" and len(upstream.bodies) == 2


def test_an_engine_out_of_reach_is_asked_once_more_and_one_that_hangs_is_not(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.first = [[None]]
    upstream.says(GOOD)
    assert ask(client, "Mis on fotosüntees?")[1]["engine"] == "ours" and len(upstream.bodies) == 2
    upstream.script = [3.0]
    assert ask(client, "Mis on fotosüntees?")[1]["engine"] == "guide" and len(upstream.bodies) == 3


@pytest.mark.parametrize("stream", [False, True])
def test_what_came_before_a_connection_broke_is_no_beginning_of_the_second_reply(client: openai.OpenAI, upstream: Scripted, stream: bool) -> None:
    upstream.first = [[chunk("Taimed vajavad kasvamiseks "), 0.2, None]]
    upstream.says(GOOD)
    if stream:
        text, extension = ask(client, "Mis on fotosüntees?")
    else:
        reply = client.chat.completions.create(model="tiny/student", messages=[{"role": "user", "content": "Mis on fotosüntees?"}])
        text, extension = reply.choices[0].message.content or "", reply.model_extra["endonym"]  # type: ignore[index]
    assert text.startswith(GOOD.strip()) and text.count("Taimed vajavad") == 1 and extension["engine"] == "ours"


def test_an_engine_that_is_down_is_left_alone(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.script = [b"data: {broken\n\n"]
    for _ in range(5):
        ask(client, "Mis on fotosüntees?")
    asked = len(upstream.bodies)
    _, extension = ask(client, "Mis on fotosüntees?")
    assert len(upstream.bodies) == asked == 5 and extension["engine"] == "guide"
    assert any("ours: down, not asked" in line["note"] for line in extension["trace"])  # type: ignore[index,union-attr]


def test_after_a_rest_one_is_let_through_and_the_others_wait_for_how_it_ends() -> None:
    time = 0.0
    circuit = Circuit(lambda: time)
    for _ in range(5):
        assert circuit.closed()
        circuit.failed()
    assert not circuit.closed()
    time = 31.0
    assert circuit.closed() and not circuit.closed()
    circuit.failed()
    time = 40.0
    assert not circuit.closed()
    time = 62.0
    assert circuit.closed()
    circuit.succeeded()
    assert circuit.closed() and circuit.closed()


def test_an_audience_may_have_a_chain_of_its_own(upstream: Scripted, tmp_path: Path) -> None:
    upstream.says(GOOD)
    with served(upstream, tmp_path, chains={"tiny/student": ("guide",)}) as client:
        assert ask(client, "Mis on fotosüntees?")[1]["engine"] == "guide"
        reply = client.chat.completions.create(model="tiny/teacher", messages=[{"role": "user", "content": "Mis on fotosüntees?"}])
        assert reply.model_extra is not None and reply.model_extra["endonym"]["engine"] == "ours"


@pytest.mark.parametrize("name", ["tiny/king", "other", "tiny/student/x"])
def test_a_chain_for_what_is_not_served_is_an_error_at_the_start(upstream: Scripted, tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="chains"), served(upstream, tmp_path, chains={name: ("guide",)}):
        pass


def test_a_reply_that_grew_too_long_ends_where_it_kept_the_rule(upstream: Scripted, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(TINY, tmp_path / "packs" / "tiny"))
    rule = pack / "adaptations" / "reply_in_estonian.md"
    rule.write_text(rule.read_text("utf-8").replace("verify:\n", "verify:\n  - use: length\n    with: {max_words: 30}\n"), "utf-8")
    upstream.says(*[GOOD] * 12)
    with served(upstream, tmp_path / "state", pack=pack) as client:
        text, extension = ask(client, "Mis on fotosüntees?")
    assert text.count(GOOD.strip()) == 6 and extension["engine"] == "ours" and "Mida taim vajab" not in text and len(upstream.bodies) == 1


def test_a_model_that_never_stops_is_stopped(client: openai.OpenAI, upstream: Scripted) -> None:
    upstream.script = [chunk(GOOD * 10), 0.01] * 1_000
    text, extension = ask(client, "Mis on fotosüntees?")
    assert 16_000 < len(text) < 18_000 and extension["engine"] == "ours"
    assert upstream.closed_early.wait(5)
