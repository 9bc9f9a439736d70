"""Whether a value is as a JSON Schema wants it, for the keywords that OpenAI's structured outputs know.

A caller writes the schema, so it is hostile until shown otherwise: keywords outside the list are refused rather than passed
over, `pattern` among them (a regular expression can take for ever), and the work is counted.

Source: JSON Schema 2020-12, Core and Validation; OpenAI API reference, "Structured outputs", supported schemas.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

MOST_STEPS = 100_000
MOST_DEPTH = 100
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "number": (int, float), "integer": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
_SAID = ("$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "strict")
"""What describes and decides nothing here."""
_SCHEMAS = ("properties", "$defs", "definitions")


def problem(schema: Any, where: str = "schema") -> str:
    """Why a schema cannot be served, as a sentence that names the place, or ""."""
    return next(_problems(schema, schema, where), "")


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether `value` is valid; False also where finding out would take too long. The schema has no `problem`."""
    return _Run(schema).fits(value, schema)


def _problems(schema: Any, root: Any, where: str, depth: int = 0) -> Iterator[str]:
    if isinstance(schema, bool):
        return
    if depth > MOST_DEPTH:
        yield f"{where[:60]}…: expected at most {MOST_DEPTH} schemas in each other, found more"
        return
    if not isinstance(schema, dict):
        yield f"{where}: expected a schema, found {type(schema).__name__}"
        return
    for name, value in schema.items():
        here = f"{where}.{name[:60]}"
        if name in _SAID:
            continue
        if name in _SCHEMAS:
            if not isinstance(value, dict):
                yield f"{here}: expected an object"
                return
            for key, inner in value.items():
                yield from _problems(inner, root, f"{here}.{key[:60]}", depth + 1)
        elif name in ("items", "additionalProperties"):
            yield from _problems(value, root, here, depth + 1)
        elif name == "anyOf":
            if not isinstance(value, list) or not value:
                yield f"{here}: expected a list of schemas"
                return
            for at, inner in enumerate(value):
                yield from _problems(inner, root, f"{here}[{at}]", depth + 1)
        elif not _well_formed(name, value, root):
            yield f"{here}: not supported" if name not in _KEYWORDS else f"{here}: expected another value, found {str(value)[:60]}"


_REF = re.compile(r"#|#/(\$defs|definitions)/[^/]+")
"""Where a schema may point: to itself and its definitions, all of which were looked through."""
_KEYWORDS = ("type", "enum", "const", "required", "$ref", *_NUMBERS, *_COUNTS)


def _well_formed(name: str, value: Any, root: Any) -> bool:
    if name == "type":
        kinds = value if isinstance(value, list) else [value]
        return bool(kinds) and all(isinstance(kind, str) and kind in _TYPES for kind in kinds)
    if name in ("enum", "required"):
        return isinstance(value, list) and (name == "enum" or all(isinstance(item, str) for item in value))
    if name == "$ref":
        return isinstance(value, str) and _REF.fullmatch(value) is not None and _at(root, value) is not None
    if name in _COUNTS:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if name in _NUMBERS:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 2**63 and (name != "multipleOf" or value > 0)
    return name == "const"


def _at(root: Any, pointer: str) -> Any:
    """The schema that a `$ref` points at, or None. Args: pointer: As `_REF` has it."""
    found = root
    for part in pointer[1:].split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
    return found if isinstance(found, (dict, bool)) else None


class _Run:
    """One look at one value."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._steps = 0

    def fits(self, value: Any, schema: Any, depth: int = 0) -> bool:
        if not self._step() or depth > MOST_DEPTH:
            return False
        if isinstance(schema, bool):
            return schema
        if "$ref" in schema and not self.fits(value, _at(self._root, schema["$ref"]), depth + 1):
            return False
        if "anyOf" in schema and not any(self.fits(value, one, depth + 1) for one in schema["anyOf"]):
            return False
        return self._plain(value, schema) and self._object(value, schema, depth) and self._array(value, schema, depth)

    def _step(self) -> bool:
        """Whether there is time for one more."""
        self._steps += 1
        return self._steps <= MOST_STEPS

    def _plain(self, value: Any, schema: dict[str, Any]) -> bool:
        """What a schema asks of a value without looking inside."""
        if "type" in schema:
            kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            if not any(self._step() and _is(value, kind) for kind in kinds):
                return False
        if "const" in schema and not self._same(value, schema["const"]):
            return False
        if "enum" in schema and not any(self._same(value, one) for one in schema["enum"]):
            return False
        if isinstance(value, str):
            return bool(schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)))
        return not _is(value, "number") or _within(value, schema)

    def _same(self, one: Any, other: Any, depth: int = 0) -> bool:
        """Equal as JSON is: 1 and 1.0 are, true and 1 are not, at any depth; False also where finding out would take too long."""
        if not self._step() or depth > MOST_DEPTH:
            return False
        if isinstance(one, list) and isinstance(other, list):
            return len(one) == len(other) and all(self._same(*pair, depth + 1) for pair in zip(one, other, strict=True))
        if isinstance(one, dict) and isinstance(other, dict):
            return one.keys() == other.keys() and all(self._same(item, other[name], depth + 1) for name, item in one.items())
        return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)

    def _object(self, value: Any, schema: dict[str, Any], depth: int) -> bool:
        if not isinstance(value, dict):
            return True
        own = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        return all(self._step() and name in value for name in schema.get("required", ())) and all(
            self.fits(item, own.get(name, others), depth + 1) for name, item in value.items()
        )

    def _array(self, value: Any, schema: dict[str, Any], depth: int) -> bool:
        if not isinstance(value, list):
            return True
        return schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)) and all(
            self.fits(item, schema.get("items", True), depth + 1) for item in value
        )


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind]) and (kind != "integer" or not isinstance(value, float) or value.is_integer())


def _within(value: float, schema: dict[str, Any]) -> bool:
    return (
        value >= schema.get("minimum", value)
        and value <= schema.get("maximum", value)
        and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
        and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
        and ("multipleOf" not in schema or _multiple(value, schema["multipleOf"]))
    )


def _multiple(value: float, of: float) -> bool:
    """Judged by the decimal numbers that were written: as binary fractions 0.3 is no multiple of 0.1."""
    return (isinstance(value, int) or math.isfinite(value)) and (Fraction(repr(value)) / Fraction(repr(of))).denominator == 1
