"""Recognisers: what finds further personal data, such as names, before text goes to a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in a text; `start` and `end` are offsets in characters."""

    kind: str
    start: int
    end: int


class Recogniser(Protocol):
    """Synchronous and pure. It runs once for each message of a turn, so a millisecond counts."""

    name: str

    def find(self, text: str, language: str) -> Sequence[Span]:
        """Personal data in `text`; `language` is BCP 47, or "" where it is not known."""
        ...
