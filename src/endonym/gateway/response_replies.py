"""Replies as OpenAI's Responses API writes them. Source: OpenAI API reference, "Responses" and "Streaming events"."""

from __future__ import annotations

from typing import Any

import orjson

from endonym.assistant import content, extension
from endonym.core.clock import now
from endonym.core.ids import new_id
from endonym.gateway.bodies import whole
from endonym.gateway.formats import Format, structured
from endonym.gateway.replies import usage
from endonym.gateway.response_bodies import ResponseBody
from endonym.gateway.wire import event
from endonym.seams.turn import Offer, Turn

Part = dict[str, Any]

_USUAL = {"completed_at": None, "top_p": 1.0, "presence_penalty": 0.0, "frequency_penalty": 0.0, "top_logprobs": 0, "max_tool_calls": None,
          "service_tier": "default", "safety_identifier": None, "prompt_cache_key": None}  # fmt: skip
"""What every response must say by Open Responses, and nobody can choose here."""


class ResponseReply:
    """One reply: a response that holds one message with one part, text or a refusal, and after it calls of tools, or those alone.

    Args:
        wanted: None for prose; where it is given, everything is held until the reply has been checked.
    """

    def __init__(self, body: ResponseBody, wanted: Format | None = None, offer: Offer | None = None) -> None:
        self._wanted = wanted
        self._opened = False
        self._message = new_id("msg")
        self._number = 0
        self._head: dict[str, Any] = {
            "id": new_id("resp"), "object": "response", "created_at": int(now().timestamp()), "status": "in_progress",
            "background": False, "error": None, "incomplete_details": None, "instructions": body.instructions,
            "max_output_tokens": whole(body.max_output_tokens, "max_output_tokens"), "metadata": body.metadata or {}, "model": body.model, "output": [],
            "parallel_tool_calls": offer is not None and offer.parallel, "previous_response_id": None, "reasoning": {"effort": None, "summary": None},
            "store": False, "temperature": 1.0 if body.temperature is None else body.temperature,
            "text": {"format": wanted.told if wanted else {"type": "text"}},
            "tool_choice": body.tool_choice or "auto" if offer else "none", "tools": _told(offer), "truncation": "disabled", "usage": None, **_USUAL,
        }  # fmt: skip

    def whole(self, turn: Turn) -> dict[str, Any]:
        return self._ended(turn, self._items(turn))

    def opening(self) -> bytes:
        return self._event("created", response=self._head) + self._event("in_progress", response=self._head)

    def text(self, piece: str) -> bytes:
        if self._wanted:
            return b""
        return self._begun(_text("")) + self._event("output_text.delta", **self._place(), delta=piece, logprobs=[])

    def closing(self, turn: Turn) -> bytes:
        items, told = self._items(turn), b""
        for at, item in enumerate(items):
            told += self._called(item, at) if item["type"] == "function_call" else self._said(item)
        ended = self._ended(turn, items)
        return told + self._event(ended["status"], response=ended)

    def _begun(self, part: Part) -> bytes:
        """The message's beginning, once."""
        if self._opened:
            return b""
        self._opened = True
        item = {"type": "message", "id": self._message, "status": "in_progress", "role": "assistant", "content": []}
        return self._event("output_item.added", output_index=0, item=item) + self._event("content_part.added", **self._place(), part=part)

    def _said(self, item: dict[str, Any]) -> bytes:
        """The message's end, and before it what was held."""
        part = item["content"][0]
        return (
            (b"" if self._opened else self._begun({**part, _holds(part): ""}) + self._delta(part))
            + self._done(part)
            + self._event("content_part.done", **self._place(), part=part)
            + self._event("output_item.done", output_index=0, item=item)
        )

    def _called(self, item: dict[str, Any], at: int) -> bytes:
        place = {"item_id": item["id"], "output_index": at}
        return (
            self._event("output_item.added", output_index=at, item={**item, "status": "in_progress", "arguments": ""})
            + self._event("function_call_arguments.delta", **place, delta=item["arguments"])
            + self._event("function_call_arguments.done", **place, name=item["name"], arguments=item["arguments"])
            + self._event("output_item.done", output_index=at, item=item)
        )

    def failed(self, error: dict[str, Any]) -> bytes:
        fault = {"code": "server_error", "message": error["message"]}
        return self._event("failed", response={**self._head, "status": "failed", "error": fault})

    def _checked(self, turn: Turn) -> Part:
        said, refusal = structured(turn, self._wanted) if self._wanted else (content(turn), "")
        return {"type": "refusal", "refusal": refusal} if refusal else _text(said)

    def _delta(self, part: Part) -> bytes:
        if part["type"] == "refusal":
            return self._event("refusal.delta", **self._place(), delta=part["refusal"])
        return self._event("output_text.delta", **self._place(), delta=part["text"], logprobs=[])

    def _done(self, part: Part) -> bytes:
        if part["type"] == "refusal":
            return self._event("refusal.done", **self._place(), refusal=part["refusal"])
        return self._event("output_text.done", **self._place(), text=part["text"], logprobs=[])

    def _items(self, turn: Turn) -> list[dict[str, Any]]:
        """What the response holds; a message without words only where there is nothing else."""
        part = self._checked(turn)
        calls = [{"type": "function_call", "id": call.id.replace("call_", "fc_", 1), "call_id": call.id, "name": call.name,
                  "arguments": call.arguments, "status": "completed"} for call in turn.calls]  # fmt: skip
        return [*([self._item(part, turn)] if self._opened or part[_holds(part)] or not calls else ()), *calls]

    def _ended(self, turn: Turn, items: list[dict[str, Any]]) -> dict[str, Any]:
        read, written = usage(turn)
        ended = {"status": _status(turn), "incomplete_details": {"reason": "max_output_tokens"} if turn.finish == "length" else None}
        return {
            **self._head, **ended, "completed_at": None if turn.finish == "length" else int(now().timestamp()), "output": items,
            "usage": {"input_tokens": read, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": written,
                      "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": read + written},
            "endonym": extension(turn),
        }  # fmt: skip

    def _item(self, part: Part, turn: Turn) -> dict[str, Any]:
        return {"type": "message", "id": self._message, "status": _status(turn), "role": "assistant", "content": [part]}

    def _place(self) -> dict[str, Any]:
        return {"item_id": self._message, "output_index": 0, "content_index": 0}

    def _event(self, name: str, /, **values: Any) -> bytes:
        kind = f"response.{name}"
        written = event({"type": kind, "sequence_number": self._number, **values}, kind)
        self._number += 1
        return written


def _status(turn: Turn) -> str:
    return "incomplete" if turn.finish == "length" else "completed"


def _told(offer: Offer | None) -> list[dict[str, Any]]:
    """The tools of a response as they were read."""
    return [{"type": "function", "name": tool.name, "description": tool.description or None, "strict": tool.strict,
             "parameters": orjson.loads(tool.parameters) if tool.parameters else None} for tool in (offer.tools if offer else ())]  # fmt: skip


def _text(text: str) -> Part:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _holds(part: Part) -> str:
    return "refusal" if part["type"] == "refusal" else "text"
