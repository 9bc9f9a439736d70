"""Samples of a bundle: the conversations of its examples and cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from endonym.bundle import Bundle
from endonym.pack.adaptations import Adaptation, Check
from endonym.pack.cases import Case
from endonym.seams.turn import Message as Said
from endonym.seams.turn import Request, Role
from endonym.spec import Example


@dataclass(frozen=True, slots=True)
class Sample:
    """A request and the scorers of its reply.

    Attributes:
        scorers: (rule or "", verifier with options).
        lesson, kind: What must be recognised, or "".
    """

    id: str
    origin: Literal["example", "case"]
    request: Request
    scorers: tuple[tuple[str, Check], ...]
    lesson: str = ""
    kind: str = ""


def gather_samples(bundle: Bundle) -> tuple[Sample, ...]:
    """Every example with a user's message whose adaptation can be machine-scored, and every case, in a fixed order."""
    return (*_examples(bundle), *(_case(bundle, case) for case in bundle.contents.cases))


def _examples(bundle: Bundle) -> Iterator[Sample]:
    for adaptation in bundle.contents.adaptations:
        checks = tuple((adaptation.id, check) for check in adaptation.verify)
        if not checks:
            continue
        for number, example in enumerate(adaptation.examples, 1):
            request = _request(bundle, adaptation, example)
            if request is not None:
                yield Sample(f"{adaptation.id}/{number}", "example", request, checks)


def _request(bundle: Bundle, adaptation: Adaptation, example: Example) -> Request | None:
    settings = dict(example.settings)
    messages = tuple(Said(_role(message.role), message.text) for message in example.messages if message.role in ("user", "assistant"))
    if not messages or messages[-1].role != "user":
        return None
    audiences = bundle.contents.head.audiences
    audience = settings.get("audience") or next((a for a in adaptation.audience if a in audiences), next(iter(audiences)))
    language = settings.get("language", "")
    if audience not in audiences or (language and language not in bundle.languages):
        return None
    return Request(messages, audience, language, settings.get("subject", ""))


def _role(role: str) -> Role:
    return "user" if role == "user" else "assistant"


def _case(bundle: Bundle, case: Case) -> Sample:
    messages = tuple(Said("user", text) for text in case.turns)
    scorers = tuple(("", check) for check in case.expect)
    language = case.language if case.language in bundle.languages else ""
    return Sample(case.id, "case", Request(messages, case.audience, language), scorers, case.lesson, case.kind)
