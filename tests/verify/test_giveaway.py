"""Until when an answer is kept back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from endonym.seams.dialogue import Dialogue
from endonym.seams.turn import Help, Message, Request, Turn
from endonym.seams.verifier import Reply
from endonym.verify import VERIFIERS
from tests.verify.replies import TOOLS


@pytest.mark.parametrize(("help_level", "attempts", "kept"), [("ladder", 1, True), ("ladder", 2, False), ("hints", 2, True), ("hints", 9, True)])
def test_attempts_earn_the_answer_but_where_an_assignment_gives_hints_alone(help_level: Help, attempts: int, kept: bool) -> None:
    turn = Turn("t", "", "", "", Request((Message("user", "x?"),), "student", help=help_level), language="et")
    turn = replace(turn, dialogue=Dialogue(kind="problem", step="feedback", attempts=attempts, protected=("x = 3",)))
    outcome = VERIFIERS["giveaway"]({"attempts": 2}).verify(turn, Reply("Niisiis on x = 3."), TOOLS)
    assert outcome.passed is not kept
