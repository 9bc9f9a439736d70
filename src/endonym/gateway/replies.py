"""Replies in OpenAI's shape, with the object `endonym` beside it."""

from __future__ import annotations

from typing import Any

from endonym.assistant import content, extension
from endonym.seams.turn import Turn


def usage(turn: Turn) -> dict[str, int]:
    """Estimated tokens, four characters each: no tokenizer is asked, since replies may come from several engines."""
    said = sum(len(message.text) for message in (turn.instructions or turn.request.messages))
    prompt, written = said // 4 + 1, len(content(turn)) // 4 + 1
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}


def completion(turn: Turn, created: int) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{turn.id}", "object": "chat.completion", "created": created, "model": turn.model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content(turn), "refusal": None},
                     "finish_reason": "stop", "logprobs": None}],
        "usage": usage(turn), "endonym": extension(turn),
    }  # fmt: skip


class Chunks:
    """The chunks of one streamed reply."""

    def __init__(self, identity: str, model: str, created: int) -> None:
        self._head = {"id": identity, "object": "chat.completion.chunk", "created": created, "model": model}

    def delta(self, **values: Any) -> dict[str, Any]:
        return {**self._head, "choices": [{"index": 0, "delta": values, "finish_reason": None, "logprobs": None}]}

    def last(self, turn: Turn) -> dict[str, Any]:
        return {**self._head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "logprobs": None}],
                "endonym": extension(turn)}  # fmt: skip

    def usage(self, turn: Turn) -> dict[str, Any]:
        return {**self._head, "choices": [], "usage": usage(turn)}
