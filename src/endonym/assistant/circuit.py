"""Engines that are down are left alone for a while, so that nobody waits for them.

Source: the circuit breaker of Nygard, Release It! (2007), chapter 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

_FAILURES = 5
_REST_S = 30.0


@dataclass(slots=True)
class Circuit:
    """Whether an engine is worth asking. It opens after some failures in a row, and lets one try through after a while."""

    clock: Callable[[], float] = monotonic
    failures_in_a_row: int = 0
    opened: float = 0.0

    def closed(self) -> bool:
        """Whether to ask; a try after the rest holds others back until it is known how it ended."""
        if self.failures_in_a_row < _FAILURES:
            return True
        if self.clock() - self.opened < _REST_S:
            return False
        self.opened = self.clock()
        return True

    def succeeded(self) -> None:
        self.failures_in_a_row = 0

    def failed(self) -> None:
        self.failures_in_a_row += 1
        self.opened = self.clock()


@dataclass(slots=True)
class Circuits:
    """One for each engine of an operator, shared by all that use it."""

    of: dict[str, Circuit] = field(default_factory=dict)

    def __getitem__(self, engine: str) -> Circuit:
        return self.of.setdefault(engine, Circuit())
