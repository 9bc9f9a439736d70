"""The reader is addressed in the right form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome
from endonym.text.fold import words
from endonym.verify.options import Options, faults
from endonym.verify.prose import prose

_INFORMAL = {
    "et": {"sa", "sina", "sinu", "su", "sind", "sulle", "sul", "sult", "sinult", "sinul", "sinule", "sinuga", "sinust", "sinusse", "endalt", "oled", "tead", "arvad", "mõtled", "saad"},
    "ru": {"ты", "тебя", "тебе", "тобой", "твой", "твоя", "твоё", "твое", "твои", "твоего", "твоей", "твоим", "твою", "твоих"},
    "de": {"du", "dich", "dir", "dein", "deine", "deinen", "deinem", "deiner"},
    "fr": {"tu", "te", "toi", "ton", "ta", "tes"},
}  # fmt: skip
_FORMAL = {
    "et": {"teie", "teil", "teile", "teid", "teilt", "teist", "teiega", "olete", "teate", "arvate", "saate", "mõtlete"},
    "ru": {"вы", "вас", "вам", "вами", "ваш", "ваша", "ваше", "ваши", "вашего", "вашей", "вашу", "ваших", "вашим"},
    "de": {"ihnen", "ihr", "ihre", "ihren", "ihrem"},
    "fr": {"vous", "votre", "vos"},
}
_GERMAN_SIE = re.compile(r"(?<=[a-zäöüß,] )Sie\b")


class _Options(Options):
    language: str
    form: Literal["informal", "formal"]


class Address:
    name = "address"

    def problems(self, options: Mapping[str, Any]) -> list[str]:
        return faults(_Options, options)

    def verify(self, turn: Turn, reply: str, options: Mapping[str, Any], tools: LanguageTools, *, final: bool) -> Outcome:
        chosen = _Options.model_validate(dict(options))
        if turn.language and turn.language != chosen.language:
            return Outcome(True, f"the reply is in {turn.language}, the rule is about {chosen.language}")
        form, shown = form_of_address(prose(reply), chosen.language)
        if form == "undecided":
            return Outcome(True, "the reader is not addressed, or it cannot be told how")
        if form != chosen.form:
            return Outcome(False, f"expected the {chosen.form} address, found the {form} one in {shown!r}", shown)
        return Outcome(True, f"the {form} address in {shown!r}")


def form_of_address(text: str, language: str) -> tuple[Literal["informal", "formal", "undecided"], str]:
    """(form, a word that shows it). Undecided where no word, or words of both forms, are found."""
    own = [word.casefold() for word in words(text)]
    informal = [word for word in own if word in _INFORMAL.get(language, ())]
    formal = [word for word in own if word in _FORMAL.get(language, ())]
    if language == "de" and (match := _GERMAN_SIE.search(text)):
        formal.append(match.group())
    if bool(informal) == bool(formal):
        return "undecided", ""
    return ("informal", informal[0]) if informal else ("formal", formal[0])
