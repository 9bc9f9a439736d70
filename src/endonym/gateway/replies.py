"""Replies as chat completions, with the object `endonym` beside them. Source: OpenAI API reference, chat completions."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from endonym.assistant import content, extension
from endonym.core.clock import now
from endonym.gateway.formats import Format, structured
from endonym.gateway.wire import event
from endonym.seams.turn import Turn
from endonym.text.tokens import of_calls, of_message, of_offer, tokens


def usage(turn: Turn) -> tuple[int, int]:
    """Estimated tokens read and written."""
    read = sum(map(of_message, turn.instructions or turn.request.messages)) + of_offer(turn.offered)
    return read, tokens(content(turn)) + of_calls(turn.calls)


class ChatReply:
    """One reply; args: include_usage: A streamed reply ends with a chunk that holds the usage; wanted: None for prose."""

    def __init__(self, model: str, *, include_usage: bool = False, wanted: Format | None = None) -> None:
        self._head = {"id": f"chatcmpl-{token_hex(16)}", "object": "chat.completion.chunk", "created": int(now().timestamp()), "model": model}
        self._wanted = wanted
        self._include_usage = include_usage

    def whole(self, turn: Turn) -> dict[str, Any]:
        said, refusal = structured(turn, self._wanted) if self._wanted else (content(turn), "")
        message: dict[str, Any] = {"role": "assistant", "content": said or None, "refusal": refusal or None, "annotations": []}
        if turn.calls:
            message["tool_calls"] = _calls(turn)
        return {**self._head, "object": "chat.completion",
                "choices": [{"index": 0, "message": message, "finish_reason": _finish(turn), "logprobs": None}],
                "usage": _usage(turn), "endonym": extension(turn)}  # fmt: skip

    def opening(self) -> bytes:
        return self._delta({"role": "assistant", "content": ""})

    def text(self, piece: str) -> bytes:
        return b"" if self._wanted else self._delta({"content": piece})

    def closing(self, turn: Turn) -> bytes:
        held = b""
        if self._wanted:
            said, refusal = structured(turn, self._wanted)
            held = self._delta({"refusal": refusal}) if refusal else self._delta({"content": said}) if said else b""
        for at, call in enumerate(_calls(turn)):
            held += self._delta({"tool_calls": [{"index": at, **call, "function": {**call["function"], "arguments": ""}}]})
            held += self._delta({"tool_calls": [{"index": at, "function": {"arguments": call["function"]["arguments"]}}]})
        last = held + event({**self._head, "choices": [{"index": 0, "delta": {}, "finish_reason": _finish(turn), "logprobs": None}],
                      "endonym": extension(turn)})  # fmt: skip
        if self._include_usage:
            last += event({**self._head, "choices": [], "usage": _usage(turn)})
        return last + b"data: [DONE]\n\n"

    def failed(self, error: dict[str, Any]) -> bytes:
        return event({"error": error}) + b"data: [DONE]\n\n"

    def _delta(self, delta: dict[str, Any]) -> bytes:
        return event({**self._head, "choices": [{"index": 0, "delta": delta, "finish_reason": None, "logprobs": None}]})


def _calls(turn: Turn) -> list[dict[str, Any]]:
    return [{"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}} for call in turn.calls]


def _finish(turn: Turn) -> str:
    return "tool_calls" if turn.calls else turn.finish


def _usage(turn: Turn) -> dict[str, int]:
    prompt, written = usage(turn)
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}
