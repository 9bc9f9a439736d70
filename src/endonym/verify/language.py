"""The reply is in the language that the rule decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.text.fold import words
from endonym.verify.options import Options
from endonym.verify.views import recent_prose

_LEAST_WORDS = 4
"""Shorter sentences cannot be told apart surely enough to stop a reply for them."""


class _Options(Options):
    policy: Literal["instruction", "fixed", "follow"] = "instruction"
    allowed: tuple[str, ...] = Field(min_length=1)
    except_subjects: tuple[str, ...] = ()


class Language:
    name = "language"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        if turn.subject and turn.subject in chosen.except_subjects:
            return Outcome(True, f"{turn.subject} lessons use both languages")
        wanted = {
            "instruction": (turn.language or chosen.allowed[0],), "fixed": chosen.allowed[:1], "follow": chosen.allowed,
        }[chosen.policy]  # fmt: skip
        candidates = tuple(dict.fromkeys((*chosen.allowed, *wanted, "en")))
        judged = 0
        for sentence in tools.sentences(recent_prose(reply), wanted[0]):
            if len(words(sentence)) < _LEAST_WORDS:
                continue
            found = reply.kept((self.name, sentence, candidates), lambda sentence=sentence: _identified(sentence, candidates, tools))  # type: ignore[misc]
            judged += 1
            if found and found not in wanted:
                return Outcome(False, f"expected {' or '.join(wanted)}, found {found}", sentence.strip()[:200])
        return Outcome(True, f"{judged} sentence(s) in {' or '.join(wanted)}")


def _identified(sentence: str, candidates: tuple[str, ...], tools: LanguageTools) -> str:
    return tools.identify(sentence, candidates) or tools.stranger(sentence, candidates)
