"""What the stages of a turn work with: one bundle's parts, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from endonym.bundle import Bundle
from endonym.retrieval import Index
from endonym.seams.engine import Engine
from endonym.seams.language import LanguageTools
from endonym.seams.recogniser import Recogniser
from endonym.web.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Parts:
    """What one bundle's turns work with.

    Attributes:
        engines: The operator's chain, the guide not among them: it always stands last.
        demonstration: The operator shows engines without a fitness record, labelled, to every audience.
        recognisers: What finds further personal data, beside what the locale names.
    """

    bundle: Bundle
    index: Index
    tools: LanguageTools
    phrases: Phrases
    engines: Sequence[Engine] = ()
    demonstration: bool = False
    recognisers: Sequence[Recogniser] = ()

    def topics(self, language: str, count: int = 3) -> str:
        """Titles of a few lessons in `language`, as a list for a sentence."""
        titles = [lesson.title for lesson in self.bundle.contents.lessons if lesson.language == language]
        chosen = titles[:: max(1, len(titles) // count)][:count] if titles else []
        return ", ".join(f"„{title}“" if language == "et" else f"“{title}”" if language == "en" else f"«{title}»" for title in chosen)
