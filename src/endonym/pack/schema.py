"""JSON Schemas of the files of a pack, for editors: they offer keys and values and underline what cannot be right.

Source: JSON Schema, draft 2020-12. Made from the models that read the files; descriptions are those of their docstrings.
Definitions stand where they are used, since not every editor's server follows references.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from endonym.pack.adaptations import FrontMatter
from endonym.pack.cases import Case
from endonym.pack.lessons import LessonFront
from endonym.pack.locale import Locale
from endonym.pack.manifest import Manifest
from endonym.pack.sources import SourceFile
from endonym.pack.tables import KnowledgeFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS: dict[str, tuple[str, Any]] = {
    "pack": ("pack.toml", Manifest),
    "adaptation": ("Front matter of adaptations/*.md", FrontMatter),
    "sources": ("sources/*.toml", SourceFile),
    "locale": ("locale.toml", Locale),
    "knowledge": ("Registers of knowledge/ (*.toml)", KnowledgeFile),
    "lesson": ("Front matter of lessons/*/*.md", LessonFront),
    "cases": ("cases/*.yaml", list[Case]),
}
"""Name of each schema → the files it is for, and their model."""

_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.*(?:\n {6,}.*)*)", re.MULTILINE)


def schemas() -> dict[str, str]:
    """The text of each schema by the name of its file, such as `pack.schema.json`."""
    return {f"{name}.schema.json": json.dumps(_schema(name), ensure_ascii=False, indent=2) + "\n" for name in KINDS}


def _schema(name: str) -> dict[str, Any]:
    title, model = KINDS[name]
    generated = TypeAdapter(model).json_schema(schema_generator=_Generator)
    whole: dict[str, Any] = _inlined(generated, generated.pop("$defs", {}))
    return {"$schema": DIALECT, "$id": f"urn:endonym:schema:{name}:1", "title": title, **whole}


class _Generator(GenerateJsonSchema):
    """Says what the reader of files accepts: numbers count as text there."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), "type": ["string", "number"]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Neither kind of file can hold null: a key that is left out is meant."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if (key, value) != ("default", None)}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        return {"type": "string", "format": "date"}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("title", None)
        said, attributes = _docstring(schema["cls"])
        for name, field in schema["cls"].model_fields.items():
            shown = made["properties"].get(field.alias or name)
            if shown is not None and name in attributes:
                shown["description"] = attributes[name]
        return {**made, "description": said}


def _docstring(model: type[BaseModel]) -> tuple[str, dict[str, str]]:
    """(the text before `Attributes:`, the text of each attribute)."""
    text = re.sub(r"^ {4}", "", model.__doc__ or "", flags=re.MULTILINE)
    said, _, attributes = text.partition("Attributes:\n")
    return " ".join(said.split()), {name: " ".join(body.split()) for name, body in _ATTRIBUTE.findall(attributes)}


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    """`part` with each reference replaced by what it refers to. The models do not contain themselves, so this ends."""
    if isinstance(part, list):
        return [_inlined(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        target = definitions[part["$ref"].rpartition("/")[2]]
        part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
    return {key: _inlined(value, definitions) for key, value in part.items()}
