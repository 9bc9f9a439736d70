"""No reply holds what the red lines forbid in every context, whatever its pack says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.verify.options import Options
from endonym.verify.views import recent_prose


@dataclass(frozen=True, slots=True)
class _Line:
    section: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def _lines() -> tuple[_Line, ...]:
    read = tomllib.loads(resources.files(__package__).joinpath("red_lines.toml").read_text("utf-8"))
    return tuple(_Line(line["section"], tuple(line["words"]), re.compile(line["pattern"], re.IGNORECASE | re.MULTILINE)) for line in read["line"])


class RedLines:
    """Judges every model's reply beside what packs ask for; a pattern knows words, not sense, so a classifier can stand beside it."""

    name = "red_lines"

    def __init__(self, options: Mapping[str, Any]) -> None:
        Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        text = recent_prose(reply)
        small = text.lower()
        for line in _lines():
            if any(word in small for word in line.words) and line.pattern.search(text):
                return Outcome(False, f"what the red line {line.section} forbids", line.section)
        return Outcome(True, "nothing that a red line forbids")
