"""Options that packs write after `with:`, validated."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome


class Options(BaseModel):
    """Unknown options fail."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def in_another_language(turn: Turn, language: str) -> Outcome | None:
    """What a check about one language says of a reply that the pack wants in another: it passes."""
    if turn.language and turn.language != language:
        return Outcome(True, f"the reply is in {turn.language}, the rule is about {language}")
    return None
