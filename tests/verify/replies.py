"""Judge a reply by one verifier, without a pack."""

from __future__ import annotations

from typing import Any

from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.seams.turn import Message, Request, Turn
from endonym.seams.verifier import Outcome, Reply
from endonym.verify import VERIFIERS, faults

TOOLS = SimplemmaTools()


def judge(use: str, reply: str, *, final: bool = True, reply_language: str = "", **options: Any) -> Outcome:
    """What the verifier says of `reply`; `reply_language` is that which the pack decided, "" where it decides nothing."""
    request = Request(messages=(Message("user", "?"),), audience="student")
    turn = Turn(id="t", started="", bundle="", model="", request=request, language=reply_language)
    return VERIFIERS[use](options).verify(turn, Reply(reply, final=final), TOOLS)


def problems(use: str, **options: Any) -> list[str]:
    return faults(use, options)
