"""Engines: a model behind a Protocol."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Literal, Protocol

from endonym.seams.turn import Turn

Route = Literal["embedded", "operator", "external"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an operator declares of an engine; for route `external` every field must be filled, or it is refused.

    Attributes:
        context_tokens: Size of the context window, reply included.
        languages: Languages with a fitness record; empty means none, so minors are served by the guide.
        demonstrates: Languages in which it may be shown to adults, or to whoever the operator's demonstration serves.
        demonstration: True where replies must be labelled a demonstration.
    """

    name: str
    route: Route
    context_tokens: int
    languages: tuple[str, ...] = ()
    demonstrates: tuple[str, ...] = ()
    demonstration: bool = False
    storage_region: str = ""
    inference_region: str = ""
    key_holder: str = ""
    jurisdiction: str = ""
    training_use: str = ""
    telemetry: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a reply. `finish` is "" until the last one, then `stop` or `length`."""

    text: str
    finish: str = ""


class Engine(Protocol):
    declaration: Declaration

    def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        """Stream a reply. Raises `EngineError`; closing the iterator cancels the work upstream."""
        ...

    async def close(self) -> None: ...
