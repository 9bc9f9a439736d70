"""Calls of tools that a model wants made: all of a reply's pass, or none is passed on.

A call is text that leaves here like any other, so what judges sentences judges it: the verifiers that are not about prose alone
(`endonym.verify.OF_CALLS`), the laws that leave something out, and the operator's classifier. What a tool's own schema asks is
checked where its keywords allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from endonym.assistant.guard import Guard, judge
from endonym.assistant.parts import Parts
from endonym.assistant.screen import Screen
from endonym.core.ids import new_id
from endonym.core.json_schema import fits, problem
from endonym.core.json_values import lines, read_value, texts_replaced, written
from endonym.privacy import Unmasker
from endonym.seams.turn import Mask, Tool, ToolCall, Verdict
from endonym.seams.verifier import Reply
from endonym.verify import OF_CALLS

RULE = "tools"
"""What a call breaks that is not as it was asked for."""
_MOST_CALLS = 16
_MOST_CHARACTERS = 16_000


@dataclass(frozen=True, slots=True)
class Judged:
    """Attributes: calls: For the client, with originals in place of placeholders; unchecked: Why arguments were not held against a schema."""

    calls: tuple[ToolCall, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    fault: Verdict | None = None
    unchecked: tuple[str, ...] = ()


async def judged(calls: Sequence[ToolCall], guard: Guard, screen: Screen, parts: Parts) -> Judged:
    """What may be passed on of an engine's calls; nothing where `fault` is set."""
    turn = guard.turn
    offer = turn.request.offer if turn.offered else None
    tools = {tool.name: tool for tool in offer.tools} if offer else {}
    if evidence := _too_many(calls, parallel=offer is None or offer.parallel):
        return Judged(fault=Verdict("call", RULE, False, evidence))
    values: list[Any] = []
    passed: list[ToolCall] = []
    unchecked: dict[str, None] = {}
    for call in calls:
        try:
            value = _arguments(call, tools)
            own = texts_replaced(value, lambda text: _restored(text, turn.masks))
            if why := _checked(own, tools[call.name]):
                unchecked[why] = None
        except ValueError as error:
            return Judged(fault=Verdict("call", RULE, False, str(error)))
        values.append(value)
        passed.append(ToolCall(new_id("call"), call.name, written(own)))
    text = "\n".join(line for value in values for line in lines(value))
    if rule := guard.forbidden(text):
        return Judged(fault=Verdict("disclosure", rule, False, "a call holds what the law leaves out"))
    verdicts = tuple(judge(guard.turn, Reply(text, final=False), parts, OF_CALLS))
    fault = next((one for one in verdicts if not one.passed), None)
    if fault is None:
        await screen.call(text)
        fault = screen.failed
    return Judged(fault=fault) if fault else Judged(tuple(passed), verdicts, None, tuple(unchecked))


def _too_many(calls: Sequence[ToolCall], *, parallel: bool) -> str:
    most = _MOST_CALLS if parallel else 1
    if len(calls) > most:
        return f"expected at most {most} call(s), found {len(calls)}"
    if (length := sum(len(call.arguments) for call in calls)) > _MOST_CHARACTERS:
        return f"expected at most {_MOST_CHARACTERS} characters of arguments, found {length}"
    return ""


def _arguments(call: ToolCall, tools: dict[str, Tool]) -> dict[str, Any]:
    """Raises: ValueError: No such tool was offered, or the arguments are no object."""
    if call.name not in tools:
        raise ValueError(f"expected a call of {' or '.join(tools) or 'no tool'}, found one of another")
    try:
        value = read_value(call.arguments.strip() or "{}")
    except ValueError as error:
        raise ValueError(f"expected JSON as the arguments of {call.name}, found a fault: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"expected an object as the arguments of {call.name}, found {type(value).__name__}")
    return value


def _checked(value: dict[str, Any], tool: Tool) -> str:
    """Why the arguments could not be held against the tool's schema, or "".

    Raises:
        ValueError: They are not as it wants them.
    """
    schema = read_value(tool.parameters) if tool.parameters else {"additionalProperties": False}
    if why := problem(schema, tool.name):
        return why
    if not fits(value, schema):
        raise ValueError(f"the arguments of {tool.name} are not as its parameters want them")
    return ""


def _restored(text: str, masks: Sequence[Mask]) -> str:
    unmask = Unmasker(masks)
    return unmask.feed(text) + unmask.close()
