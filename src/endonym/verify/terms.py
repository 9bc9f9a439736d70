"""Forbidden terms do not occur, in any inflection; a required one does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome
from endonym.verify.options import Options, faults, in_another_language
from endonym.verify.prose import prose
from endonym.verify.words import WrittenText


class _Options(Options):
    language: str
    forbidden: tuple[str, ...] | dict[str, str] = ()
    required: tuple[str, ...] = ()


class Terms:
    name = "terms"

    def problems(self, options: Mapping[str, Any]) -> list[str]:
        return faults(_Options, options)

    def verify(self, turn: Turn, reply: str, options: Mapping[str, Any], tools: LanguageTools, *, final: bool) -> Outcome:
        chosen = _Options.model_validate(dict(options))
        if passed := in_another_language(turn, chosen.language):
            return passed
        written = WrittenText(prose(reply), chosen.language, tools, exact=True)
        for term in chosen.forbidden:
            if written.holds(term):
                instead = chosen.forbidden.get(term, "") if isinstance(chosen.forbidden, dict) else ""
                return Outcome(False, f"found the term {term!r}" + (f", expected {instead!r}" if instead else ""), term)
        if final and chosen.required and not written.holds_any(chosen.required):
            return Outcome(False, f"expected one of {', '.join(chosen.required)}, found none")
        return Outcome(True, "no forbidden term")
