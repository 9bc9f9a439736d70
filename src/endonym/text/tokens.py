"""How many tokens a text takes, estimated: no tokenizer is asked, since replies may come from several engines."""

from __future__ import annotations

CHARACTERS_PER_TOKEN = 3.0
"""Low on purpose: inflected languages take 1.3 to 3.4 times the tokens of English."""


def tokens(text: str) -> int:
    """An upper estimate of tokens."""
    return int(len(text) / CHARACTERS_PER_TOKEN) + 4
