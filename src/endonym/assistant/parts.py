"""What the stages of a turn work with: one bundle's parts, made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from endonym.assistant.circuit import Circuits
from endonym.assistant.rules import describe
from endonym.bundle import Bundle
from endonym.pack.adaptations import Adaptation
from endonym.retrieval import Index
from endonym.seams.classifier import Classifier
from endonym.seams.engine import Engine
from endonym.seams.language import LanguageTools
from endonym.seams.recogniser import Recogniser
from endonym.seams.turn import ActiveRule
from endonym.seams.verifier import Verifier
from endonym.spec import first_sentence
from endonym.verify import VERIFIERS
from endonym.web.phrases import Phrases


@dataclass(frozen=True)
class Parts:
    """What one bundle's turns work with.

    Attributes:
        engines: The operator's chain, the guide not among them: it always stands last.
        demonstration: The operator shows engines without a fitness record, labelled, to every audience.
        chains: Of these engines, those of an audience that has a chain of its own, by audience.
        circuits: Which engines are down.
        classifier: Judges what a model writes before it is shown, beside the verifiers.
        recognisers: What finds further personal data, beside what the locale names.
    """

    bundle: Bundle
    index: Index
    tools: LanguageTools
    phrases: Phrases
    engines: Sequence[Engine] = ()
    demonstration: bool = False
    recognisers: Sequence[Recogniser] = ()
    chains: Mapping[str, Sequence[Engine]] = field(default_factory=dict)
    circuits: Circuits = field(default_factory=Circuits)
    classifier: Classifier | None = None

    @cached_property
    def checks(self) -> Mapping[str, Sequence[Verifier]]:
        """The verifiers of each adaptation that has some, by its id."""
        return {
            adaptation.id: [VERIFIERS[check.use](check.options) for check in adaptation.verify]
            for adaptation in self.bundle.adaptations.values() if adaptation.verify
        }  # fmt: skip

    @cached_property
    def summaries(self) -> Mapping[str, Sequence[str]]:
        """What each section of the specification says first, by authority."""
        sections = self.bundle.contents.spec.sections
        return {authority: [f"- {first_sentence(s)}" for s in sections if s.authority == authority] for authority in ("root", "system", "developer")}

    def rule(self, adaptation: Adaptation, language: str) -> ActiveRule:
        """An adaptation as a turn in `language` shows it."""
        key = adaptation.id, language
        if key not in self._rules:
            self._rules[key] = describe(self.bundle, adaptation, language)
        return self._rules[key]

    @cached_property
    def _rules(self) -> dict[tuple[str, str], ActiveRule]:
        return {}

    def chain(self, audience: str) -> Sequence[Engine]:
        """The engines that may serve an audience, in the operator's order."""
        return self.chains.get(audience, self.engines)

    def topics(self, language: str, count: int = 3) -> str:
        """Titles of a few lessons in `language`, as a list for a sentence."""
        titles = [lesson.title for lesson in self.bundle.contents.lessons if lesson.language == language]
        chosen = titles[:: max(1, len(titles) // count)][:count] if titles else []
        return ", ".join(f"„{title}“" if language == "et" else f"“{title}”" if language == "en" else f"«{title}»" for title in chosen)
