"""Stage protect: personal data is masked, and what no engine may see or call is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from endonym.assistant.parts import Parts
from endonym.core.errors import RequestError
from endonym.core.json_values import read_value, texts_replaced, written
from endonym.privacy import Masker
from endonym.seams.turn import Message, Offer, Tool, ToolCall, Turn

_WITH_TOOLS = ("lookup", "not_covered")
"""Kinds of request in which a model may call tools for an audience with minors."""
_OUTSIDE = ("none", "done")
"""Phases in which no lesson is in hand."""


def protect(turn: Turn, parts: Parts) -> tuple[Turn, str]:
    """The turn with what engines may see of it, and a note for the trace."""
    locale = parts.bundle.contents.locale
    masker = Masker(locale.phone_region, locale.identifiers, turn.request.names, parts.recognisers)
    offer, note = turn.request.offer, ""
    if offer is not None:
        why = _withheld(turn, offer, parts)
        note = f"; tools not offered: {why}" if why else f"; {len(offer.tools)} tool(s) offered"
        offer = None if why else replace(offer, tools=tuple(_tool(tool, masker) for tool in offer.tools))
    messages = _Conversation(masker, turn.question_language).masked(turn.request.messages)
    task = masker.mask(turn.request.task, turn.language)
    if pictures := sum(len(message.images) for message in messages):
        note += f"; {pictures} image(s) not masked: masks and verifiers read text alone"
    kinds = ", ".join(sorted(mask.kind for mask in masker.masks)) or "nothing to mask"
    return replace(turn, masks=masker.masks, protected_messages=messages, protected_task=task, offered=offer), kinds + note


def _withheld(turn: Turn, offer: Offer, parts: Parts) -> str:
    """Why no engine may call a tool in this turn, or "".

    What a tool gives is shown by whoever has it, so a step of a lesson could be left by way of one.
    """
    if offer.choice == "none":
        return "the caller wants none called"
    dialogue = turn.dialogue
    if dialogue is None or not parts.bundle.contents.head.audiences[turn.request.audience].minors:
        return ""
    if dialogue.kind not in _WITH_TOOLS:
        return f"a reply of kind {dialogue.kind} to minors follows the lesson"
    return "" if dialogue.phase in _OUTSIDE and not dialogue.protected else "a lesson with minors is in hand"


class _Conversation:
    """Messages in order, as an engine may see them."""

    def __init__(self, masker: Masker, language: str) -> None:
        self._masker = masker
        self._language = language
        self._ids: dict[str, str] = {}
        self._count = 0

    def masked(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        return tuple(self._message(m) if m.calls or m.answers or m.images else Message(m.role, self._masker.mask(m.text, self._language)) for m in messages)

    def _message(self, message: Message) -> Message:
        text = self._masker.mask(message.text, self._language)
        calls = tuple(ToolCall(self._numbered(call.id), call.name, _masked_json(call.arguments, self._masker)) for call in message.calls)
        return Message(message.role, text, calls, self._ids.get(message.answers, ""), message.images)

    def _numbered(self, own: str) -> str:
        """An id that holds nothing of the client's. Source: Mistral's chat templates, which want nine letters or digits."""
        self._count += 1
        self._ids[own] = f"call{self._count:05}"
        return self._ids[own]


def _tool(tool: Tool, masker: Masker) -> Tool:
    return replace(tool, description=masker.mask(tool.description), parameters=_masked_json(tool.parameters, masker) if tool.parameters else "")


def _masked_json(text: str, masker: Masker) -> str:
    """Raises: RequestError: It is no JSON."""
    try:
        return written(texts_replaced(read_value(text), masker.mask, numbers=True))
    except ValueError as error:
        raise RequestError(f"expected JSON in a tool's parameters or a call's arguments, found a fault: {error}", param="tools",
                           remedy="Send valid JSON.") from None  # fmt: skip
