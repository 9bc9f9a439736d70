"""Forbidden terms do not occur, in any inflection; a required one does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.verify.options import Options, in_another_language
from endonym.verify.views import recent_prose
from endonym.verify.words import WrittenText


class _Options(Options):
    language: str
    forbidden: tuple[str, ...] | dict[str, str] = ()
    required: tuple[str, ...] = ()


class Terms:
    name = "terms"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        if passed := in_another_language(turn, chosen.language):
            return passed
        written = reply.once((WrittenText, chosen.language), lambda: WrittenText(recent_prose(reply), chosen.language, tools, exact=True))
        if term := next(written.held(tuple(chosen.forbidden)), ""):
            instead = chosen.forbidden.get(term, "") if isinstance(chosen.forbidden, dict) else ""
            return Outcome(False, f"found the term {term!r}" + (f", expected {instead!r}" if instead else ""), term)
        if reply.final and chosen.required and not written.holds_any(chosen.required):
            return Outcome(False, f"expected one of {', '.join(chosen.required)}, found none")
        return Outcome(True, "no forbidden term")
