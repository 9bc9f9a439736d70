"""The answer is not revealed before honest attempts.

Source: the final-number match of MRBench's "answer revealed" (doi 10.48550/arXiv.2412.09416), widened to expressions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.text.fold import fold
from endonym.text.numbers import find_numbers
from endonym.verify.options import Options
from endonym.verify.views import recent
from endonym.verify.words import WrittenText


class _Options(Options):
    attempts: int = Field(ge=0)


class Giveaway:
    name = "giveaway"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._chosen = _Options.model_validate(dict(options))

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        chosen = self._chosen
        dialogue = turn.dialogue
        earned = dialogue is not None and dialogue.attempts >= chosen.attempts and turn.request.help != "hints"
        if dialogue is None or not dialogue.protected or earned:
            return Outcome(True, "nothing has to be kept back")
        said = "\n".join(message.text for message in turn.request.messages if message.role == "user")
        for answer in dialogue.protected:
            if reveals(recent(reply), answer, turn.language, tools) and not reveals(said, answer, turn.language, tools):
                return Outcome(False, f"revealed {answer!r} after {dialogue.attempts} honest attempt(s)", answer)
        return Outcome(True, f"{len(dialogue.protected)} answer(s) kept back")


def reveals(text: str, answer: str, language: str, tools: LanguageTools) -> bool:
    """Whether `text` holds `answer`: a number, an equation such as `x = 3`, or words."""
    numbers = find_numbers(answer)
    if numbers and re.fullmatch(r"[-−]?[\d\s.,/]+\s*[%€$]?", answer.strip()):
        return any(abs(number - numbers[0]) < 1e-9 for number in find_numbers(text))
    if "=" in answer or "^" in answer:
        return re.sub(r"[\s$\\{}_]", "", fold(answer)) in re.sub(r"[\s$\\{}_]", "", fold(text))
    return WrittenText(text, language, tools, exact=True).holds(answer)
