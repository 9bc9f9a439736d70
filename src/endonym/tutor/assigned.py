"""An assignment in words."""

from __future__ import annotations

from dataclasses import dataclass

from endonym.store.classes import Assignment
from endonym.tutor.visitor import Visitor


@dataclass(frozen=True, slots=True)
class AssignmentText:
    """Attributes: text: What it is about, where that is no lesson; lesson: Its title, or ""; first: What a student asks first."""

    assignment: Assignment
    text: str
    lesson: str
    first: str


def assignment_text(who: Visitor, assignment: Assignment | None) -> AssignmentText | None:
    """An assignment in the language of its class; None where there is none."""
    if assignment is None:
        return None
    bundle = who.assistant.bundle
    lesson = bundle.lesson(assignment.lesson, assignment.learning) if assignment.lesson else None
    outcome = bundle.outcome(assignment.outcome, assignment.learning) if assignment.outcome else None
    text = assignment.text or (outcome.statement if outcome else "")
    return AssignmentText(assignment, text, lesson.title if lesson else "", lesson.asks[0] if lesson else "")
