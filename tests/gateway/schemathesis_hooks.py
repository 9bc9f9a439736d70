"""What JSON Schema cannot say of a valid request: a conversation ends with what the user wrote, each call of a tool is followed by its
result, no two tools have one name, and no number in their schemas has more than 64 bits.

Schemathesis loads this through SCHEMATHESIS_HOOKS. Bodies that are meant to be refused stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import schemathesis

_ASKED = {"role": "user", "content": "Mis on fotosüntees?"}


@schemathesis.hook
def before_call(context: Any, case: Any, *_: Any) -> None:
    meta = case.meta
    if isinstance(case.body, dict) and meta is not None and meta.generation.mode.is_positive and case.path.startswith(("/v1/chat", "/v1/responses")):
        for name, answered in (("messages", _messages), ("input", _items)):
            if isinstance(case.body.get(name), list):
                case.body[name] = [*answered(case.body[name]), _ASKED]
        for at, tool in enumerate(case.body.get("tools") or ()):
            own = tool.get("function") or tool
            own["name"] = f"f{at}"
            if "parameters" in own:
                own["parameters"] = _small(own["parameters"])


def _small(schema: Any) -> Any:
    try:
        orjson.dumps(schema)
    except TypeError:
        return {}
    return schema


def _messages(given: list[Any]) -> Iterator[Any]:
    for at, message in enumerate(one for one in given if one["role"] != "tool"):
        calls = message.get("tool_calls") or []
        for number, call in enumerate(calls):
            call["id"], call["function"]["arguments"] = f"{at}.{number}", "{}"
        yield message
        yield from ({"role": "tool", "tool_call_id": call["id"], "content": "x"} for call in calls)


def _items(given: list[Any]) -> Iterator[Any]:
    for at, item in enumerate(one for one in given if one.get("type") != "function_call_output"):
        if item.get("type") == "function_call":
            yield {**item, "call_id": str(at), "arguments": "{}"}
            yield {"type": "function_call_output", "call_id": str(at), "output": "x"}
        else:
            yield item
