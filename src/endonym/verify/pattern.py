"""Forbidden patterns do not match; required ones do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import field_validator

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.verify.options import Options


class _Options(Options):
    forbidden: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    language: str = ""

    @field_validator("forbidden", "required")
    @classmethod
    def _compiles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"expected a regular expression, found {pattern!r}: {error}") from None
        return value


class Pattern:
    name = "pattern"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = chosen = _Options.model_validate(dict(options))
        self._forbidden = [re.compile(pattern) for pattern in chosen.forbidden]
        self._required = [re.compile(pattern) for pattern in chosen.required]

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        if chosen.language and turn.language and turn.language != chosen.language:
            return Outcome(True, f"the reply is in {turn.language}, the rule is about {chosen.language}")
        for pattern in self._forbidden:
            if match := pattern.search(reply.text, reply.since):
                return Outcome(False, f"found {match.group()[:80]!r}, which the rule forbids", match.group()[:200])
        if reply.final:
            for pattern in self._required:
                if not pattern.search(reply.text):
                    return Outcome(False, f"expected something like {pattern.pattern!r}, found nothing")
        return Outcome(True, "no forbidden pattern")
