"""The reply is no harder to read than its readers can be asked to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.text.fold import words
from endonym.text.scripts import scripts
from endonym.verify.options import Options, in_another_language
from endonym.verify.views import recent_words, whole_prose

_LONG_FROM = 7
_LEAST_WORDS = 40
"""Fewer words say little: one long name moves the index by several points."""
_UNSPACED = ("Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr")


class _Options(Options):
    language: str
    max: float = Field(gt=0, le=120)


class ReadingLevel:
    name = "reading_level"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        if passed := in_another_language(turn, chosen.language):
            return passed
        if not reply.final:
            return Outcome(True, "measured when the reply is whole")
        if len(recent_words(reply)) < _LEAST_WORDS:
            return Outcome(True, "too short to be measured")
        level = lix(whole_prose(reply), chosen.language, tools)
        if level is None:
            return Outcome(True, "the index says nothing about scripts without spaces between words")
        if level > chosen.max:
            return Outcome(False, f"expected a reading level (LIX) of at most {chosen.max:g}, found {level:.0f}")
        return Outcome(True, f"reading level (LIX) {level:.0f}")


def lix(text: str, language: str, tools: LanguageTools) -> float | None:
    """Läsbarhetsindex: words per sentence plus words of more than six letters per hundred words.

    About 25 for a children's book, 40 for a newspaper, 60 for a law; inflecting languages stand higher with the same content.
    None for a text without words or in a script without spaces between words. Numbers are words, never long ones.

    Source: Björnsson 1968, Läsbarhet (Liber, Stockholm).
    """
    found = words(text)
    if not found or next(iter(scripts(text)), "") in _UNSPACED:
        return None
    sentences = sum(bool(words(sentence)) for sentence in tools.sentences(text, language))
    long = sum(sum(map(str.isalpha, re.split("[-\u2011]", word)[0] if word[:1].isdigit() else word)) >= _LONG_FROM for word in found)
    return len(found) / sentences + 100 * long / len(found)
