"""Structured output: JSON that is checked, or prose in `refusal`, or an error; never something else in `content`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from endonym.core.json_schema import fits, problem
from tests.adapters.engines.scripted import Scripted, scripted
from tests.conftest import TINY
from tests.served import EngineSettings, serving

STUDENT = "tiny/student"
QUESTION: list[Any] = [{"role": "user", "content": "Kes oli Konstantin Päts?"}]
GOOD = '{"vastus": "Riigitegelane. Ta oli Eesti esimene president.", "aasta": 1938}'


class Answer(BaseModel):
    vastus: str
    aasta: int


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scripted, openai.OpenAI]]:
    with scripted() as engine:
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("et",))
        with serving([TINY], Path(tmp_path_factory.mktemp("state")), engines={"ours": ours}, chain=("ours",)) as address:
            yield engine, openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)


def test_a_schema_goes_to_the_engine_and_comes_back_parsed(served: tuple[Scripted, openai.OpenAI]) -> None:
    engine, client = served
    engine.says(GOOD[:20], GOOD[20:])
    reply = client.chat.completions.parse(model=STUDENT, messages=QUESTION, response_format=Answer)
    assert reply.choices[0].message.parsed == Answer(vastus="Riigitegelane. Ta oli Eesti esimene president.", aasta=1938)
    sent: Any = engine.bodies[-1]["response_format"]
    assert sent["json_schema"]["schema"]["required"] == ["vastus", "aasta"]
    assert {d["kind"] for d in reply.model_extra["endonym"]["disclosures"]} >= {"ai"}  # type: ignore[index]


def test_a_response_too_streamed_and_not(served: tuple[Scripted, openai.OpenAI]) -> None:
    engine, client = served
    engine.says(GOOD[:20], GOOD[20:])
    whole = client.responses.parse(model=STUDENT, input=QUESTION[0]["content"], text_format=Answer)
    with client.responses.stream(model=STUDENT, input=QUESTION[0]["content"], text_format=Answer) as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_response().output_parsed == whole.output_parsed == Answer(vastus=json.loads(GOOD)["vastus"], aasta=1938)
    assert kinds.count("response.output_text.delta") == kinds.count("response.content_part.added") == 1


def test_a_stream_is_held_until_it_is_known_to_be_json(served: tuple[Scripted, openai.OpenAI]) -> None:
    engine, client = served
    engine.says("See on proosa. ", "Päris tavaline.")
    with pytest.raises(openai.APIError, match="not the JSON"):
        said = ""
        for chunk in client.chat.completions.create(model=STUDENT, messages=QUESTION, stream=True, response_format={"type": "json_object"}):
            said += chunk.choices[0].delta.content or ""
    assert said == ""
    engine.says('{"vastus": "Päts", "aasta": "vist 1938"}')
    with pytest.raises(openai.InternalServerError) as caught:
        client.chat.completions.parse(model=STUDENT, messages=QUESTION, response_format=Answer)
    assert caught.value.code == "invalid_structured_output" and caught.value.status_code == 502


@pytest.mark.parametrize("said", ["Ma ei taha enam elada", "Kes on see alaealine, kes on kohtus? Mis ta nimi on?"])
def test_what_a_person_must_read_stands_in_the_refusal(served: tuple[Scripted, openai.OpenAI], said: str) -> None:
    engine, client = served
    engine.says('{"vastus": "Päts", "aasta": 1938}')
    messages: list[Any] = [{"role": "user", "content": said}]
    message = client.chat.completions.parse(model=STUDENT, messages=messages, response_format=Answer).choices[0].message
    assert message.content is None and message.parsed is None
    assert any(words in (message.refusal or "") for words in ("116 111", "Siit on välja jäetud")), message.refusal
    with client.responses.stream(model=STUDENT, input=said, text_format=Answer) as stream:
        events = list(stream)
        part = stream.get_final_response().output[0].content[0]  # type: ignore[union-attr]
    assert part.type == "refusal" and part.refusal == message.refusal  # type: ignore[union-attr]
    assert "response.refusal.done" in [event.type for event in events]


def test_an_engine_that_is_down_leaves_the_guide_s_words_in_the_refusal(served: tuple[Scripted, openai.OpenAI]) -> None:
    engine, client = served
    engine.status = 500
    message = client.chat.completions.parse(model=STUDENT, messages=QUESTION, response_format=Answer).choices[0].message
    assert message.parsed is None and "tarkvaraga" in (message.refusal or "")


@pytest.mark.parametrize(
    ("format_", "param", "says"),
    [
        ({"type": "json_schema", "json_schema": {"name": "x", "schema": {"const": 10**40}}}, "response_format.json_schema.schema", "64 bits"),
        ({"type": "yaml"}, "response_format", "yaml"),
        ("json", "response_format", "None"),
        ({"type": "json_schema"}, "response_format.json_schema", "a name and a schema"),
        ({"type": "json_schema", "json_schema": {"name": "x", "schema": {"properties": {"a": {"pattern": "(a+)+$"}}}}},
         "response_format.json_schema.schema", "schema.properties.a.pattern: not supported"),
        ({"type": "json_schema", "json_schema": {"name": "x", "schema": {"$ref": "https://evil.example/x.json"}}},
         "response_format.json_schema.schema", "$ref"),
    ],
)  # fmt: skip
def test_a_format_that_cannot_be_checked_is_refused(served: tuple[Scripted, openai.OpenAI], format_: Any, param: str, says: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        served[1].chat.completions.create(model=STUDENT, messages=QUESTION, response_format=format_)
    assert caught.value.body["param"] == param and says in caught.value.message  # type: ignore[index]


def test_without_an_able_engine_the_field_is_refused(tmp_path: Path) -> None:
    with serving([TINY], tmp_path) as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        with pytest.raises(openai.BadRequestError, match="no engine that writes JSON"):
            client.chat.completions.create(model=STUDENT, messages=QUESTION, response_format={"type": "json_object"})
        with pytest.raises(openai.BadRequestError, match=r"text\.format"):
            client.responses.parse(model=STUDENT, input="x", text_format=Answer)


VALUES = st.recursive(st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "ab", 1.5, 2.0]),
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=6)  # fmt: skip
KIND = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"])
SCHEMAS = st.recursive(
    st.booleans() | st.fixed_dictionaries({}, optional={
        "type": KIND | st.lists(KIND, min_size=1, max_size=3, unique=True), "const": VALUES, "enum": st.lists(VALUES, min_size=1, max_size=3),
        "minimum": st.integers(-2, 2), "exclusiveMaximum": st.integers(-2, 2), "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": st.integers(0, 2), "maxItems": st.integers(0, 2), "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
        "$ref": st.just("#/$defs/x")}),
    lambda inner: st.fixed_dictionaries({}, optional={
        "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2), "additionalProperties": inner, "items": inner,
        "anyOf": st.lists(inner, min_size=1, max_size=2)}),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(schema=SCHEMAS, defined=st.fixed_dictionaries({}, optional={"type": KIND}), value=VALUES)
def test_it_agrees_with_jsonschema(schema: Any, defined: Any, value: Any) -> None:
    root = {"anyOf": [schema], "$defs": {"x": defined}}
    assert problem(root) == ""
    assert fits(value, root) == jsonschema.Draft202012Validator(root).is_valid(value)


@pytest.mark.parametrize("hostile", [
    {"$ref": "#"},
    {"$defs": {f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(60)} | {"a60": {"const": 1}}, "$ref": "#/$defs/a0"},
])  # fmt: skip
def test_a_schema_that_goes_round_or_explodes_ends(hostile: dict[str, Any]) -> None:
    assert problem(hostile) == "" and not fits({}, hostile)


WORDS = [f"word {number}" for number in range(60_000)]
DEEP: Any = 1
for _ in range(900):
    DEEP = [DEEP]


@pytest.mark.parametrize(("value", "schema"), [
    ([WORDS[-1]] * 3, {"items": {"enum": WORDS}}),
    ([{"a": 1}] * 3, {"items": {"required": ["a"] * 60_000}}),
    (["x"] * 30_000, {"items": {"type": ["null"] * 6 + ["string"]}}),
    (DEEP, {"const": DEEP}),
], ids=["enum", "required", "type", "deep"])  # fmt: skip
def test_what_a_caller_makes_long_is_counted_too(value: Any, schema: dict[str, Any]) -> None:
    """Each of these is valid: it is refused for the work that finding out takes."""
    assert problem(schema) == "" and not fits(value, schema)


def test_a_schema_that_is_nested_too_deep_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(2_000):
        schema = {"items": schema}
    assert "schemas in each other" in problem(schema)


@pytest.mark.parametrize(("value", "schema", "valid"), [
    ([True], {"const": [1]}, False), ({"a": 0}, {"enum": [{"a": False}, {"b": 0}]}, False), ({"a": [1, {"b": False}]}, {"const": {"a": [1, {"b": False}]}}, True),
    (1.0, {"const": 1}, True), ([1, 2.0], {"enum": [[1.0, 2]]}, True), (True, {"const": 1}, False), ([], {"const": {}}, False), ([1], {"const": [1, 2]}, False),
    (0.3, {"multipleOf": 0.1}, True), (0.35, {"multipleOf": 0.1}, False), (19.99, {"multipleOf": 0.01}, True), (2**62 + 1, {"multipleOf": 2}, False),
    (1e308, {"multipleOf": 1e-300}, True), (4.5, {"multipleOf": 1.5}, True), (-7, {"multipleOf": 7}, True), (float("inf"), {"multipleOf": 2}, False), (10**400, {"multipleOf": 5}, True), (10**400 + 1, {"multipleOf": 5}, False),
])  # fmt: skip
def test_values_are_compared_as_they_were_written(value: Any, schema: dict[str, Any], valid: bool) -> None:
    assert problem(schema) == "" and fits(value, schema) is valid


@settings(max_examples=300, deadline=None)
@given(st.recursive(VALUES, lambda inner: st.dictionaries(st.sampled_from(["type", "items", "anyOf", "$ref", "required", "minimum", "properties", "enum", "not"]), inner)))
def test_any_schema_is_served_or_refused(schema: Any) -> None:
    if not problem(schema) and isinstance(schema, dict):
        fits({"a": [1, "x"]}, schema)


@pytest.mark.parametrize("schema", [
    {"$ref": "#/default", "default": {"type": "nonsense"}}, {"$ref": "#/default", "default": {"minLength": "a"}},
    {"properties": {"type": {"const": 1}}, "anyOf": [{"$ref": "#/properties"}]}, {"$ref": "#Foo"}])  # fmt: skip
def test_a_pointer_to_what_nobody_looked_through_is_refused(schema: dict[str, Any]) -> None:
    assert "$ref" in problem(schema)
