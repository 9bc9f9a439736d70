"""Engines: a model behind a Protocol."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from endonym.seams.turn import ToolCall, Turn

Route = Literal["embedded", "operator", "external"]


@dataclass(frozen=True, slots=True)
class Price:
    """What an engine costs: for a million tokens that it is told and that it writes, so for one token millionths of the currency."""

    told: Decimal = Decimal(0)
    written: Decimal = Decimal(0)

    def millionths(self, told: int, written: int) -> Decimal:
        """What so many tokens cost, in millionths of the operator's currency."""
        return self.told * told + self.written * written


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an operator declares of an engine; for route `external` every field must be filled, or it is refused.

    Attributes:
        context_tokens: Size of the context window, reply included.
        languages: Languages with a fitness record; empty means none, so minors are served by the guide.
        demonstrates: Languages in which it may be shown to adults, or to whoever the operator's demonstration serves.
        demonstration: True where replies must be labelled a demonstration.
        structured: True where it writes JSON to `Request.format`; what it writes is checked all the same.
        tools: True where it can call `Turn.offered`; its calls are judged all the same.
        images: True where it reads images.
        price: Nothing where the operator set none.
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
    structured: bool = False
    tools: bool = False
    images: bool = False
    price: Price = field(default_factory=Price)


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a reply.

    Attributes:
        finish: "" until the last one, then `length` where a limit cut the reply off, or another word.
        calls: Calls of tools, whole; they come once, at the end.
    """

    text: str
    finish: str = ""
    calls: tuple[ToolCall, ...] = ()


@dataclass(slots=True)
class Asked:
    """One time that an engine was asked, noted down while it writes, so that it is known also of a turn that breaks off.

    Attributes:
        told: Tokens of what it was told, estimated; 0 where it was not reached or refused.
        written: Characters that came.
    """

    declaration: Declaration
    told: int
    written: int = 0


class Engine(Protocol):
    declaration: Declaration

    def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        """Stream a reply. Raises `EngineError`; closing the iterator cancels the work upstream."""
        ...

    async def close(self) -> None: ...
