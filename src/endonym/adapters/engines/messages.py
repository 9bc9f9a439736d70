"""A turn as the body of a chat-completions request."""

from __future__ import annotations

from typing import Any

from endonym.seams.turn import Turn

MOST_TOKENS = 512


def chat_body(turn: Turn) -> dict[str, Any]:
    """Messages ordered by authority; `developer` goes as `system`, which every server knows."""
    body: dict[str, Any] = {
        "messages": [
            {"role": "system" if message.role in ("system", "developer") else message.role, "content": message.text}
            for message in turn.instructions
        ],
        "stream": True,
        "max_tokens": min(turn.request.max_tokens or MOST_TOKENS, MOST_TOKENS * 4),
    }
    for name in ("temperature", "seed"):
        if (value := getattr(turn.request, name)) is not None:
            body[name] = value
    if turn.request.stop:
        body["stop"] = list(turn.request.stop)
    return body
