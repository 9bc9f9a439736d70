"""How many tokens a text takes, estimated: no tokenizer is asked, since replies may come from several engines."""

from __future__ import annotations

from collections.abc import Sequence

from endonym.seams.turn import Message, Offer, ToolCall

CHARACTERS_PER_TOKEN = 3.0
"""Low on purpose: inflected languages take 1.3 to 3.4 times the tokens of English."""
_IMAGE = 1_500
"""An upper estimate for one. Source: OpenAI's guide to images and vision, high detail: 85, and 170 for each of at most eight squares."""


def tokens(text: str) -> int:
    """An upper estimate of tokens."""
    return int(len(text) / CHARACTERS_PER_TOKEN) + 4


def of_message(message: Message) -> int:
    """`tokens` of a message, with its calls and images."""
    found = tokens(message.text)
    for call in message.calls:
        found += tokens(call.name) + tokens(call.arguments)
    return found + _IMAGE * len(message.images)


def of_offer(offer: Offer | None) -> int:
    """`tokens` of the tools that an engine is told of; 0 for none."""
    return sum(tokens(tool.name + tool.description + tool.parameters) for tool in offer.tools) if offer else 0


def of_calls(calls: Sequence[ToolCall]) -> int:
    """`tokens` of the calls that an engine wrote; 0 for none."""
    return sum(tokens(call.name + call.arguments) for call in calls)
