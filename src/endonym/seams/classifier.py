"""Classifiers: models that judge a reply where pure functions cannot. What rests on one is never proved (the checker says so)."""

from __future__ import annotations

from typing import Protocol


class Classifier(Protocol):
    """Reads masked text alone."""

    name: str

    async def faults(self, question: str, reply: str) -> tuple[str, ...]:
        """Names of what is wrong with `reply`, given the question; empty where nothing is.

        Raises:
            EngineError: It cannot tell. Then nothing that it has not judged is shown.
        """
        ...

    async def close(self) -> None: ...
