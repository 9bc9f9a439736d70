"""Language tools: what the software knows about the languages of a stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class LanguageTools(Protocol):
    """Tools are told apart by identity, so that answers can be kept by them."""

    name: str

    def __hash__(self) -> int: ...

    def identify(self, text: str, candidates: Sequence[str]) -> str:
        """The language of `text` among `candidates` (BCP 47), or "" where it cannot be told."""
        ...

    def stranger(self, text: str, candidates: Sequence[str]) -> str:
        """The language of a sentence that is surely in none of `candidates`, or ""."""
        ...

    def lemmas(self, text: str, language: str) -> list[str]:
        """Lower-case lemmas of the words of `text` in order; words that are unknown stand as they are, case-folded."""
        ...

    def sentences(self, text: str, language: str) -> list[str]:
        """The sentences of `text` in order; joined they are `text` again."""
        ...
