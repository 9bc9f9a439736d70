"""The reply holds no personal data that the user did not write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from endonym.privacy import find
from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.verify.options import Options
from endonym.verify.views import recent

_JUDGED = frozenset(("email", "iban", "card", "identifier", "phone"))
"""Links and dates of birth are for masking alone: a reply may cite a page and say when somebody of history was born."""


class _Options(Options):
    phone_region: str = ""
    identifiers: tuple[str, ...] = ()


class PersonalData:
    name = "personal_data"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        said = "\n".join(message.text for message in turn.request.messages if message.role == "user")
        for found in find(recent(reply), chosen.phone_region, chosen.identifiers):
            if found.kind in _JUDGED and found.text not in said and sum(char.isdigit() for char in found.text) != 6:
                return Outcome(False, f"found personal data of kind {found.kind}", found.kind)
        return Outcome(True, "no personal data")
