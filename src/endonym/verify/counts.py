"""How many questions a reply asks, and how long it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.verify.options import Options
from endonym.verify.views import told, whole_prose, whole_words

_QUESTION = re.compile(r"[?？؟]+")
_UNBOUND = ("distress", "rules")
"""Kinds of request whose replies are as long as they must be: help lines and the rules that hold."""


class _Questions(Options):
    max: int | None = Field(default=None, ge=0)
    min: int = Field(default=0, ge=0)


class Questions:
    name = "questions"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Questions.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        count = len(_QUESTION.findall(whole_prose(told(reply))))
        if chosen.max is not None and count > chosen.max:
            return Outcome(False, f"expected at most {chosen.max} question(s), found {count}")
        if reply.final and count < chosen.min:
            return Outcome(False, f"expected at least {chosen.min} question(s), found {count}")
        return Outcome(True, f"{count} question(s)")


class _Length(Options):
    max_words: int = Field(gt=0)


class Length:
    name = "length"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Length.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        count = len(whole_words(told(reply)))
        if turn.dialogue is not None and turn.dialogue.kind in _UNBOUND:
            return Outcome(True, f"{count} words; this kind of reply is as long as it must be")
        if count > chosen.max_words:
            return Outcome(False, f"expected at most {chosen.max_words} words, found {count}")
        return Outcome(True, f"{count} words")
