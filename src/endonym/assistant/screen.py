"""What verifiers passed goes through the operator's classifier before it is shown, some sentences at a time."""

from __future__ import annotations

from endonym.assistant.guard import RED_LINES
from endonym.core.errors import EngineError
from endonym.seams.classifier import Classifier
from endonym.seams.turn import Verdict

_HELD = 400
"""Characters that wait for one another: a call for each sentence would cost more than the reply."""


class Screen:
    """Holds text until it was judged; without a classifier it lets everything through at once.

    Args:
        question: What the user wrote last, masked.
    """

    def __init__(self, classifier: Classifier | None, question: str) -> None:
        self._classifier = classifier
        self._question = question
        self._passed = ""
        self._held = ""
        self.failed: Verdict | None = None

    async def feed(self, text: str) -> str:
        """What may be shown now. Once `failed` is set, nothing more may."""
        if self._classifier is None:
            return text
        self._held += text
        return await self.flush() if len(self._held) >= _HELD else ""

    async def call(self, text: str) -> None:
        """Judge what goes to a tool, with what went before; `failed` is set where it may not."""
        await self.feed(f"\n{text}\n")
        await self.flush()

    async def flush(self) -> str:
        """What was held, judged together with what went before."""
        if self._classifier is None or self.failed or not self._held.strip():
            return ""
        try:
            faults = await self._classifier.faults(self._question, self._passed + self._held)
            evidence = ", ".join(faults)
        except EngineError as error:  # what nobody judged is not shown
            evidence = f"it could not tell: {error.message}"
        if evidence:
            self.failed = Verdict(f"classifier {self._classifier.name}", RED_LINES, False, evidence)
            return ""
        text, self._held = self._held, ""
        self._passed += text
        return text
