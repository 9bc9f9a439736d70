"""Options that packs write after `with:`, validated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome


class Options(BaseModel):
    """Unknown options fail."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def faults(model: type[Options], options: Mapping[str, Any]) -> list[str]:
    """What is wrong with `options`, one sentence each."""
    try:
        model.model_validate(dict(options))
    except ValidationError as error:
        return [
            f"{'.'.join(str(part) for part in item['loc']) or 'with'}: "
            + ("expected a known option, found an unknown one" if item["type"] == "extra_forbidden" else item["msg"])
            for item in error.errors(include_url=False)
        ]
    return []


def in_another_language(turn: Turn, language: str) -> Outcome | None:
    """What a check about one language says of a reply that the pack wants in another: it passes."""
    if turn.language and turn.language != language:
        return Outcome(True, f"the reply is in {turn.language}, the rule is about {language}")
    return None
