"""Structured output: what a caller wants a reply to be, and whether a finished turn is that.

What is promised: `content` is valid against the schema, or it is null and `refusal` says in prose what a person must read
(the guide's words, a help line, what law leaves out), or the request fails. The stream is held until that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from endonym.assistant import content
from endonym.assistant.extension import disclosure_text
from endonym.core.errors import RequestError
from endonym.core.json_schema import fits, problem
from endonym.seams.turn import Turn

_KINDS = ("text", "json_object", "json_schema")
_TEXT = {"type": "text"}


@dataclass(frozen=True, slots=True)
class Format:
    """Attributes: sent: Chat completions' `response_format`, as JSON; schema: None for any object; told: `text.format` of a response."""

    sent: str
    schema: dict[str, Any] | None
    told: dict[str, Any]


class NamedSchema(msgspec.Struct):
    name: str
    schema: dict[str, Any]
    description: str | None = None
    strict: bool | None = None


def read_format(value: Any, where: str, *, able: bool, flat: bool = False) -> Format | None:
    """The format that a caller wants; None for prose.

    Args:
        able: Whether an engine of this model writes JSON to a schema.
        flat: Name and schema stand beside `type`, as in the Responses API.

    Raises:
        RequestError: It is malformed, or cannot be served.
    """
    if value is None or value == _TEXT:
        return None
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in _KINDS:
        raise RequestError(f"expected a type of {', '.join(_KINDS)}, found {str(kind)[:80]!r}", param=where, remedy="Correct the type.")
    if not able:
        raise RequestError(f"{where} is not supported by this model: it has no engine that writes JSON", param=where,
                           remedy=f"Leave {where} out, or ask the operator for such an engine.")  # fmt: skip
    if kind == "json_object":
        return Format('{"type":"json_object"}', None, {"type": "json_object"})
    given, place = (value, where) if flat else (value.get("json_schema"), f"{where}.json_schema")
    try:
        named = msgspec.convert(given, NamedSchema)
    except msgspec.ValidationError as error:
        raise RequestError(f"expected a name and a schema, found a fault: {error}", param=place, remedy="See OpenAI's structured outputs.") from None
    if fault := problem(named.schema):
        raise RequestError(fault, param=f"{place}.schema", remedy="Keep to the keywords of OpenAI's structured outputs, without pattern.")
    kept = {name: value for name, value in msgspec.structs.asdict(named).items() if value is not None}
    try:
        sent = orjson.dumps({"type": "json_schema", "json_schema": kept}).decode()
    except TypeError:
        raise RequestError("expected numbers of at most 64 bits, found a larger one", param=f"{place}.schema", remedy="Use smaller numbers.") from None
    return Format(sent, named.schema, {"type": "json_schema", **kept})


def structured(turn: Turn, wanted: Format) -> tuple[str, str]:
    """(the JSON, "") or ("", what a person must read in its place); a turn of calls has no JSON.

    Raises:
        RequestError: An engine wrote something else than was asked for; status 502.
    """
    if "guide" in turn.engine.split(", "):
        return "", content(turn)
    if any(disclosure.kind == "law" for disclosure in turn.disclosures):
        return "", disclosure_text(turn).strip()
    if turn.calls:
        return "", ""
    try:
        value = orjson.loads(turn.reply)
    except orjson.JSONDecodeError:
        value = None
    if not (isinstance(value, dict) if wanted.schema is None else fits(value, wanted.schema)):
        raise RequestError("the engine's reply is not the JSON that was asked for", status=502, code="invalid_structured_output",
                           remedy="Try again, or ask with a simpler schema.")  # fmt: skip
    return turn.reply, ""
