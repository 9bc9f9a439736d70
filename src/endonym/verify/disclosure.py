"""An affected reply carries the disclosure of its rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.verify.options import Options


class _Options(Options):
    rule: str


class DisclosureGiven:
    """The disclose stage adds disclosures after the text is judged, so what is judged here is that the rule was met."""

    name = "disclosure"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        rule = self._chosen.rule
        if rule not in turn.affected:
            return Outcome(True, "the reply is not affected")
        if turn.disclosures and not any(disclosure.rule == rule for disclosure in turn.disclosures):
            return Outcome(False, f"expected the disclosure of {rule}, found none")
        return Outcome(True, f"affected by {rule}; its disclosure is added")
