"""What a message is about: the lesson, concept or passages that it points at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sensed:
    """What a message points at.

    Attributes:
        lesson: Lesson id, or "" where none is meant.
        lesson_score: 0 to 1; from 0.5 on the lesson is meant.
        asked_for_lesson: The message asks for the lesson's own topic, not for a detail of it.
        exact: The message is a question that the lesson itself lists.
        concept: Glossary concept, or "".
        named: The message is the concept's name and nothing else.
        tied: Lesson and concept are equally likely: who asks what it means, means the concept.
        answers: Tells whether a sentence of a passage answers it; looked up when it is asked.
    """

    lesson: str = ""
    lesson_score: float = 0.0
    asked_for_lesson: bool = False
    exact: bool = False
    concept: str = ""
    named: bool = False
    tied: bool = False
    answers: Callable[[], bool] = field(default=lambda: False, compare=False)


class Sense(Protocol):
    def __call__(self, text: str, language: str) -> Sensed: ...
