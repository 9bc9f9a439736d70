"""Images: passed on where the operator says so, without what their files say beside them; refused with the reason everywhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from endonym.core.errors import SettingsError
from endonym.wiring.compose import Composition, declared
from tests.adapters.engines.scripted import Scripted, scripted
from tests.conftest import TINY
from tests.privacy.test_images import SECRET, png, with_notes
from tests.served import EngineSettings, running, serving

TEACHER, STUDENT = "tiny/teacher", "tiny/student"
NOTED = "data:image/png;base64," + base64.b64encode(with_notes("image/png", png())).decode()


def engine_at(port: int, **more: Any) -> EngineSettings:
    return EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{port}/v1", model="m", languages=("et",), **more)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scripted, openai.OpenAI, Composition]]:
    with scripted() as engine:
        engines = {"blind": engine_at(9), "ours": engine_at(engine.port, images=True)}
        with running([TINY], Path(tmp_path_factory.mktemp("state")), engines=engines, chain=("blind", "ours"), anonymous=("student", "teacher"),
                     images=("teacher",)) as (address, composition):  # fmt: skip
            yield engine, openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0), composition


def messages(url: Any = NOTED, count: int = 1, role: str = "user") -> list[Any]:
    picture = {"type": "image_url", "image_url": {"url": url}}
    return [{"role": "user", "content": "Kes oli Konstantin Päts?"}, {"role": role, "content": [{"type": "text", "text": "Kes on pildil?"}, *[picture] * count]}]


def test_a_picture_goes_to_the_engine_that_sees_and_the_trace_says_it_was_not_masked(served: tuple[Scripted, openai.OpenAI, Composition]) -> None:
    engine, client, composition = served
    engine.says("Pildil on riigivanem Konstantin Päts. ")
    reply = client.chat.completions.create(model=TEACHER, messages=messages())
    extension = reply.model_extra["endonym"]  # type: ignore[index]
    assert extension["engine"] == "ours"
    said: Any = engine.bodies[-1]["messages"][-1]  # type: ignore[index]
    assert [part["type"] for part in said["content"]] == ["text", "image_url"]
    assert base64.b64decode(said["content"][1]["image_url"]["url"].partition(",")[2]) == png() and SECRET not in png()
    trace = json.dumps(extension["trace"])
    assert "1 image(s) not masked: masks and verifiers read text alone" in trace and "blind: may read no images" in trace
    kept = composition.store.turn(extension["trace_id"])
    image = kept.request.messages[-1].images[0] if kept else None
    assert image and image.data == "" and image.digest.startswith("sha256:")

    items: list[Any] = [{"role": "user", "content": [{"type": "input_text", "text": "Kes on pildil?"}, {"type": "input_image", "image_url": NOTED}]}]
    assert client.responses.create(model=TEACHER, input=items).output_text.startswith("Pildil on")
    assert engine.bodies[-1]["messages"][-1]["content"][1]["type"] == "image_url"  # type: ignore[index]


@pytest.mark.parametrize(
    ("model", "sent", "says"),
    [
        (STUDENT, messages(), "masks and verifiers read text alone"),
        (TEACHER, messages("http://127.0.0.1:9/a.png"), "no address is fetched"),
        (TEACHER, messages("file:///etc/passwd"), "no address is fetched"),
        (TEACHER, messages(None), "no address is fetched"),
        (TEACHER, messages("data:image/svg+xml;base64,AAAA"), "found something else"),
        (TEACHER, messages("data:image/png;base64,!!!!"), "expected base64"),
        (TEACHER, messages("data:image/png;base64,AAAA"), "expected a picture as PNG"),
        (TEACHER, messages("data:image/png;base64," + "A" * 1_400_000), "at most 1,000,000 bytes"),
        (TEACHER, messages(count=5), "at most 4 images, found 5"),
        (TEACHER, messages(role="assistant"), "images only from the user"),
    ],
)  # fmt: skip
def test_what_may_not_pass_is_refused_with_the_reason(served: tuple[Scripted, openai.OpenAI, Composition], model: str, sent: Any, says: str) -> None:
    before = len(served[0].bodies)
    with pytest.raises(openai.BadRequestError, match=says):
        served[1].chat.completions.create(model=model, messages=sent)
    assert len(served[0].bodies) == before


def test_no_audience_may_send_images_unless_the_operator_says_so(tmp_path: Path) -> None:
    with serving([TINY], tmp_path, engines={"ours": engine_at(9, images=True)}, chain=("ours",), anonymous=("student", "teacher")) as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        with pytest.raises(openai.BadRequestError, match="images are not passed on"):
            client.chat.completions.create(model=TEACHER, messages=messages())


def test_no_engine_outside_may_read_images() -> None:
    with pytest.raises(SettingsError, match=r"engines\.far\.images"):
        declared("far", engine_at(9, images=True, route="external"))
