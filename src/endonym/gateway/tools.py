"""Tools of a client's program, the calls of them in a conversation, and what they gave, as a request brings them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import orjson

from endonym.core.errors import RequestError
from endonym.core.json_schema import problem
from endonym.core.json_values import read_value, written
from endonym.seams.turn import Message, Offer, Tool, ToolCall

MOST_TOOLS = 128
NAME = r"^[A-Za-z0-9_-]{1,64}$"
_NAME = re.compile(NAME)
Choice = Literal["auto", "none", "required"]
_CHOICES: dict[str, Choice] = {"auto": "auto", "none": "none", "required": "required"}


class FunctionTool(msgspec.Struct):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class CalledFunction(msgspec.Struct):
    name: str
    arguments: str


class Called(msgspec.Struct):
    """A call in a message of the assistant."""

    id: str
    function: CalledFunction
    type: str = "function"


def read_offer(tools: Any, choice: Any, parallel: bool | None, *, able: bool, flat: bool = False) -> Offer | None:
    """The tools that a caller offers; None where there are none.

    Args:
        able: Whether an engine of this model calls tools.
        flat: A function's name and parameters stand beside `type`, as in the Responses API.

    Raises:
        RequestError: They are malformed, or cannot be served.
    """
    if not tools and isinstance(tools, (list, type(None))):
        if choice is None or (isinstance(choice, str) and choice in ("auto", "none")):
            return None
        raise RequestError("expected auto or none where no tools are offered, found another choice", param="tool_choice",
                           remedy="Offer the tool in `tools`, or leave tool_choice out.")  # fmt: skip
    if not able:
        raise RequestError("tools is not supported by this model: it has no engine that calls tools", param="tools",
                           remedy="Leave tools out, or ask the operator for such an engine.")  # fmt: skip
    if not isinstance(tools, list) or len(tools) > MOST_TOOLS:
        found = f"{len(tools)} of them" if isinstance(tools, list) else type(tools).__name__
        raise RequestError(f"expected a list of at most {MOST_TOOLS} tools, found {found}", param="tools", remedy="Offer fewer.")
    read = tuple(_tool(tool, f"tools[{at}]", flat=flat) for at, tool in enumerate(tools))
    names = [tool.name for tool in read]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise RequestError(f"expected each name once, found {twice!r} again", param="tools", remedy="Rename one of them.")
    if choice is None or (isinstance(choice, str) and choice in _CHOICES):
        return Offer(read, _CHOICES[choice or "auto"], parallel=parallel is not False)
    return Offer(read, "required", _named(choice, names, flat=flat), parallel is not False)


def _tool(value: Any, where: str, *, flat: bool) -> Tool:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind != "function":
        raise RequestError(f"expected a tool of type function, found {str(kind)[:80]!r}", param=f"{where}.type",
                           remedy="Only functions of the calling program are called: what others run is not known here.")  # fmt: skip
    place = where if flat else f"{where}.function"
    try:
        own = msgspec.convert(value if flat else value.get("function"), FunctionTool)
    except msgspec.ValidationError as error:
        raise RequestError(f"expected a function's name, description and parameters, found a fault: {error}", param=place,
                           remedy="See OpenAI's function calling.") from None  # fmt: skip
    _ensure_name(own.name, place)
    parameters = ""
    if own.parameters:
        if own.parameters.get("type", "object") != "object":
            raise RequestError("expected a schema of type object, found another", param=f"{place}.parameters", remedy="Put the value into an object.")
        if own.strict and (fault := problem(own.parameters, "parameters")):
            raise RequestError(fault, param=f"{place}.parameters", remedy="Keep to the keywords of OpenAI's structured outputs, or leave strict out.")
        try:
            parameters = orjson.dumps(own.parameters).decode()
        except TypeError:
            raise RequestError("expected numbers of at most 64 bits, found a larger one", param=f"{place}.parameters", remedy="Use smaller numbers.") from None
    return Tool(own.name, own.description or "", parameters, own.strict)


def _named(choice: Any, names: Sequence[str], *, flat: bool) -> str:
    own = choice if flat or not isinstance(choice, dict) else choice.get("function")
    name = own.get("name") if isinstance(own, dict) and choice.get("type") == "function" else None
    if not isinstance(name, str) or name not in names:
        raise RequestError(f"expected {', '.join(_CHOICES)} or a function that is offered, found {str(choice if name is None else name)[:80]!r}",
                           param="tool_choice", remedy=f"Offered: {', '.join(names)}.")  # fmt: skip
    return name


def read_call(identity: str, name: str, arguments: str, where: str) -> ToolCall:
    """A call that a conversation holds.

    Raises:
        RequestError: Its name is none of a function, or its arguments are no JSON object.
    """
    _ensure_name(name, where)
    if not identity:
        raise RequestError("expected an id, found none", param=f"{where}.id", remedy="Send calls back as they came.")
    try:
        value = read_value(arguments.strip() or "{}")
    except ValueError as error:
        raise RequestError(f"expected a JSON object, found a fault: {error}", param=f"{where}.arguments", remedy="Send calls back as they came.") from None
    if not isinstance(value, dict):
        raise RequestError(f"expected a JSON object, found {type(value).__name__}", param=f"{where}.arguments", remedy="Send calls back as they came.")
    return ToolCall(identity, name, written(value))


def ensure_answered(messages: Sequence[Message], places: Sequence[str]) -> None:
    """Raises: RequestError: A call has no result before the next message, or a result has no call."""
    waiting: list[str] = []
    for message, where in zip(messages, places, strict=True):
        if message.role == "tool":
            if message.answers not in waiting:
                told = f"expected the result of a call that waits ({', '.join(waiting)[:200] or 'none does'}), found one of {message.answers[:80]!r}"
                raise RequestError(told, param=where, remedy="Send the message with the call before its result, and each result once.")
            waiting.remove(message.answers)
            continue
        if waiting:
            raise _unanswered(waiting, f"a message of role {message.role}", where)
        waiting = [call.id for call in message.calls]
        if len(set(waiting)) < len(waiting):
            raise RequestError("expected another id for each call, found one twice", param=where, remedy="Send calls back as they came.")
    if waiting:
        raise _unanswered(waiting, "the end", places[-1])


def _unanswered(waiting: Sequence[str], found: str, where: str) -> RequestError:
    return RequestError(f"expected what the call {waiting[0][:80]!r} gave, found {found}", param=where,
                        remedy="Send the result of every call directly after the message that holds it.")  # fmt: skip


def _ensure_name(name: str, where: str) -> None:
    if not _NAME.fullmatch(name):
        raise RequestError(f"expected a name of at most 64 letters a-z, digits, _ and -, found {name[:80]!r}", param=f"{where}.name", remedy="Rename it.")
