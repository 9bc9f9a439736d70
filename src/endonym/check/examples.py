"""An example of an adaptation as a turn that verifiers can judge."""

from __future__ import annotations

from endonym.check.subject import Subject
from endonym.pack.adaptations import Adaptation
from endonym.seams.dialogue import Dialogue
from endonym.seams.turn import Message, Request, Turn
from endonym.spec import Example


def example_turn(subject: Subject, adaptation: Adaptation, example: Example) -> Turn:
    """Settings of the example (`language`, `audience`, `subject`, `attempts`, `answers`) become the turn's circumstances."""
    settings = dict(example.settings)
    messages = tuple(Message("assistant" if m.role == "assistant" else "user", m.text) for m in example.messages)
    answers = tuple(answer.strip() for answer in settings.get("answers", "").split("|") if answer.strip())
    attempts = settings.get("attempts", "0")
    return Turn(
        id="example", started="", bundle="", model="",
        request=Request(messages, settings.get("audience", next(iter(adaptation.audience), "student"))),
        language=settings.get("language", subject.stack.languages[0]), subject=settings.get("subject", ""),
        dialogue=Dialogue(kind="problem", attempts=int(attempts) if attempts.isdigit() else 0, protected=answers),
    )  # fmt: skip
