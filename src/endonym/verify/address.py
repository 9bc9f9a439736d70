"""The reader is addressed in the right form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import field_validator

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.text.fold import words
from endonym.verify.options import Options, in_another_language
from endonym.verify.views import recent_prose, recent_words, whole_prose

Form = Literal["informal", "formal", "undecided"]


@dataclass(frozen=True, slots=True)
class _Forms:
    """What shows one form of address in one language."""

    words: frozenset[str]
    like: re.Pattern[str] | None
    text: re.Pattern[str] | None
    unless: frozenset[str]

    def shown(self, text: str, own: list[str]) -> str:
        """The first word of this form, or ""."""
        for word in own:
            if word not in self.unless and (word in self.words or (self.like and self.like.fullmatch(word))):
                return word
        match = self.text.search(text) if self.text else None
        return match[0] if match else ""


@cache
def _listed() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = tomllib.loads(resources.files(__package__).joinpath("address.toml").read_text("utf-8"))
    return read


def known_languages() -> tuple[str, ...]:
    """Languages whose forms of address are told apart."""
    return tuple(sorted(_listed()))


@cache
def _forms(language: str, form: str) -> _Forms:
    listed = _listed().get(language.split("-")[0].lower(), {})
    like, text = listed.get(f"{form}_like"), listed.get(f"{form}_text")
    return _Forms(
        frozenset(listed.get(form, "").split()), re.compile(like) if like else None, re.compile(text) if text else None,
        frozenset(listed.get("not", "").split()),
    )  # fmt: skip


class _Options(Options):
    language: str
    form: Literal["informal", "formal"]

    @field_validator("language")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value.split("-")[0].lower() not in known_languages():
            raise ValueError(f"expected one of {', '.join(known_languages())}, found {value!r}: how it addresses people is not known here")
        return value


class Address:
    name = "address"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        if passed := in_another_language(turn, chosen.language):
            return passed
        form, shown = _form(recent_prose(reply), recent_words(reply), chosen.language)
        if form not in ("undecided", chosen.form) and reply.since:  # with what stands before, it may be undecided
            form, shown = form_of_address(whole_prose(reply), chosen.language)
        if form == "undecided":
            return Outcome(True, "the reader is not addressed, or it cannot be told how")
        if form != chosen.form:
            return Outcome(False, f"expected the {chosen.form} address, found the {form} one in {shown!r}", shown)
        return Outcome(True, f"the {form} address in {shown!r}")


def form_of_address(text: str, language: str) -> tuple[Form, str]:
    """(form, a word that shows it). Undecided where no word, or words of both forms, are found."""
    return _form(text, words(text), language)


def _form(text: str, its_words: list[str], language: str) -> tuple[Form, str]:
    own = [part for word in its_words for part in word.casefold().split("-")]
    informal, formal = (_forms(language, form).shown(text, own) for form in ("informal", "formal"))
    if bool(informal) == bool(formal):
        return "undecided", ""
    return ("informal", informal) if informal else ("formal", formal)
