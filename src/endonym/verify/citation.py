"""The reply cites what it rests on, and quotations are verbatim."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.text.fold import fold, words
from endonym.text.prose import quotations
from endonym.verify.options import Options

_LEAST_WORDS = 5
"""Shorter spans in quotation marks are words spoken about, not quotations."""

_MARK = re.compile(r"\[(\d{1,2})\]")


class _Options(Options):
    min: int = Field(default=0, ge=0)


class Citation:
    name = "citation"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        marks = {int(mark) for mark in _MARK.findall(reply.text)}
        if turn.passages and (wrong := sorted(mark for mark in marks if not 1 <= mark <= len(turn.passages))):
            return Outcome(False, f"[{wrong[0]}] names no passage; there are {len(turn.passages)}", f"[{wrong[0]}]")
        if turn.passages:
            known = reply.kept(self.name, lambda: [fold(passage.text) for passage in turn.passages])
            for quote in quotations(reply.text):
                if len(words(quote)) >= _LEAST_WORDS and not any(fold(quote) in text for text in known):
                    return Outcome(False, "a quotation is in none of the passages", quote[:200])
        count = max(len(marks), len(turn.passages))
        if reply.final and count < chosen.min:
            return Outcome(False, f"expected at least {chosen.min} citation(s), found {count}")
        return Outcome(True, f"{count} citation(s)")
