"""The state of a learning dialogue: a pure fold over what the student wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["greeting", "lookup", "problem", "draft", "practice", "not_covered", "distress", "rules", "thanks"]
"""The kind of a request (DESIGN.md section 6)."""

Move = Literal[
    "new_topic", "attempt", "ask_hint", "do_not_know", "plead", "unclear", "continue", "check_answer", "transfer_answer"
]
"""What a student's message does to the dialogue."""

Step = Literal[
    "greet", "thank", "look_up", "not_covered", "comment_draft", "practise", "help_line", "give_rules", "other_language",
    "open", "hint", "no_more_hints", "refuse", "ask_again", "feedback", "misconception", "explain", "affirm",
    "check_right", "check_retry", "check_answer", "transfer_right", "transfer_answer", "closed",
]  # fmt: skip
"""What the reply must do."""

Phase = Literal["none", "recall", "ladder", "check", "transfer", "done"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was recognised in an attempt.

    Attributes:
        found: Key ideas of the lesson that the attempt holds, as the lesson words them.
        missing: Those it does not hold, in the lesson's order.
        misconception: Index of the recognised misconception in the lesson, or None.
        correct: Everything that matters was found, or the result of a task with one result.
        honest: Whether this counts as an attempt: on the topic and not a plea, a copy of the task or gibberish.
        weak: Honest by its topic alone: no key idea is touched, no misconception, no result.
    """

    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    misconception: int | None = None
    honest: bool = False
    correct: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Where a conversation stands after its last student message.

    Attributes:
        lesson: Id of the lesson in hand (`subject/topic`), or "".
        phase: Where in the lesson the student stands once the reply has been given.
        hints: How many rungs of the ladder have been given, this reply's included.
        attempts: Honest attempts so far in this lesson.
        tries: Tries at the check or transfer question in hand.
        concept: Glossary concept that a look-up asks for, or "".
        refused: Pleas for the finished answer so far in this lesson.
        protected: Answers that the reply may not reveal yet.
        covered: Every key idea shown so far in this lesson, over all attempts.
    """

    kind: Kind
    move: Move = "new_topic"
    lesson: str = ""
    phase: Phase = "none"
    step: Step = "not_covered"
    hints: int = 0
    attempts: int = 0
    tries: int = 0
    concept: str = ""
    refused: int = 0
    diagnosis: Diagnosis = Diagnosis()
    covered: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
