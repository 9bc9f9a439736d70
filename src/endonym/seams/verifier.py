"""Verifiers: pure functions over a turn that pass or fail with evidence; the same one guards and scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn


@dataclass(frozen=True, slots=True)
class Outcome:
    """Attributes: evidence: What was found, in a sentence; `excerpt` is the part of the reply at fault, or ""."""

    passed: bool
    evidence: str
    excerpt: str = ""


class Verifier(Protocol):
    """`name` is what packs write after `use:`."""

    name: str

    def problems(self, options: Mapping[str, Any]) -> list[str]:
        """What is wrong with the `with:` of a pack, as sentences; empty when all is well."""
        ...

    def verify(self, turn: Turn, reply: str, options: Mapping[str, Any], tools: LanguageTools, *, final: bool) -> Outcome:
        """Judge `reply`. With `final=False` the text is still growing: judge only what more text cannot mend."""
        ...
