"""Schemas for editors: current, described, and neither blinder nor stricter than the reader of the files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from endonym.pack.adaptations import split_front_matter
from endonym.pack.positions import Faults, parse_yaml
from endonym.pack.schema import KINDS, schemas
from tests.conftest import PACKS, TINY
from tests.pack.test_load import edit

SCHEMAS = Path(__file__).parents[2] / "schemas"
PATTERNS = {
    "pack": "*/pack.toml", "locale": "*/locale.toml", "sources": "*/sources/*.toml", "knowledge": "*/knowledge/*.toml",
    "adaptation": "*/adaptations/*.md", "lesson": "*/lessons/*/*.md", "cases": "*/cases/*.yaml",
}  # fmt: skip


def test_the_schemas_in_the_repository_are_current() -> None:
    assert {path.name: path.read_text("utf-8") for path in SCHEMAS.iterdir()} == schemas(), "run `endonym schema`"


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "properties" in part:
            yield part
        for value in part.values():
            yield from _objects(value)
    elif isinstance(part, list):
        for value in part:
            yield from _objects(value)


@pytest.mark.parametrize("name", list(KINDS))
def test_every_key_is_explained_and_internal_ones_are_left_out(name: str) -> None:
    schema = json.loads(schemas()[f"{name}.schema.json"])
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:") and schema["title"]
    assert "$ref" not in json.dumps(schema)
    for part in _objects(schema):
        assert part["additionalProperties"] is False
        for key, value in part["properties"].items():
            assert value.get("description", "").endswith((".", ")")), key
    entries = [part["properties"] for part in _objects(schema) if "id" in part["properties"]]
    for internal in {"sources": ("pack", "file", "line"), "cases": ("pack", "file", "line"), "knowledge": ("register_file", "line")}.get(name, ()):
        assert entries and all(internal not in entry for entry in entries)


def _data(path: Path) -> Any:
    """What an editor's server makes of a file: dates are texts."""
    text = path.read_text("utf-8")
    if path.suffix == ".toml":
        return _plain(tomllib.loads(text))
    parts = split_front_matter(text) if path.suffix == ".md" else (text, "", 1)
    assert parts is not None
    parsed = parse_yaml(parts[0], Faults(path.name))
    assert parsed is not None
    return parsed[0]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _faults(name: str, path: Path) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(schemas()[f"{name}.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{path.name} {error.json_path}: {error.message}" for error in checker.iter_errors(_data(path))]


@pytest.mark.parametrize("name", list(KINDS))
def test_no_file_of_a_shipped_pack_is_underlined(name: str) -> None:
    paths = [path for parent in (PACKS, TINY.parent) for path in parent.glob(PATTERNS[name])]
    assert paths
    assert [fault for path in paths for fault in _faults(name, path)] == []


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "says"),
    [
        ("pack", "pack.toml", 'layer = "country"', 'layer = "planet"', "planet"),
        ("pack", "pack.toml", "licence = ", "lisence = ", "lisence"),
        ("pack", "pack.toml", "format = 1\n", "", "format"),
        ("adaptation", "adaptations/omit_child.md", "effect: omit", "effect: hide", "hide"),
        ("adaptation", "adaptations/omit_child.md", "decided_on: 2026-11-20", "decided_on: soon", "soon"),
        ("sources", "sources/law.toml", 'kind = "statute"', 'kind = "rumour"', "rumour"),
        ("locale", "locale.toml", 'topics = ["self_harm", "abuse"]', 'topics = ["sorrow"]', "sorrow"),
        ("knowledge", "knowledge/knowledge.toml", "licence = ", "license = ", "license"),
        ("lesson", "lessons/biology/fotosuntees.et.md", "outcomes: ", "outcome: ", "outcome"),
        ("cases", "cases/cases.yaml", "audience: student", "audiense: student", "audiense"),
    ],
)  # fmt: skip
def test_what_the_reader_refuses_is_underlined(tiny: Path, name: str, file: str, old: str, new: str, says: str) -> None:
    edit(tiny, file, old, new)
    assert any(says in fault for fault in _faults(name, tiny / file))


def test_lists_of_one_and_numbers_are_not_underlined(tiny: Path) -> None:
    file = "adaptations/reply_in_estonian.md"
    edit(tiny, file, "basis: law", "basis: law\napplies: {grade: 10, examination: true, subject: [biology]}\naudience: student")
    assert _faults("adaptation", tiny / file) == []
