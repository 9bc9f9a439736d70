"""Forbidden patterns do not match; required ones do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import field_validator

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome
from endonym.verify.options import Options, faults


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

    def problems(self, options: Mapping[str, Any]) -> list[str]:
        return faults(_Options, options)

    def verify(self, turn: Turn, reply: str, options: Mapping[str, Any], tools: LanguageTools, *, final: bool) -> Outcome:
        chosen = _Options.model_validate(dict(options))
        if chosen.language and turn.language and turn.language != chosen.language:
            return Outcome(True, f"the reply is in {turn.language}, the rule is about {chosen.language}")
        for pattern in chosen.forbidden:
            if match := re.search(pattern, reply):
                return Outcome(False, f"found {match.group()[:80]!r}, which the rule forbids", match.group()[:200])
        if final:
            for pattern in chosen.required:
                if not re.search(pattern, reply):
                    return Outcome(False, f"expected something like {pattern!r}, found nothing")
        return Outcome(True, "no forbidden pattern")
