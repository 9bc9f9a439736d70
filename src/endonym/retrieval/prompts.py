"""Which lesson, outcome or concept a student means: evidence weighed into one probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter, mul

from endonym.retrieval.evidence import PREFERENCE, Evidence, EvidenceFinder, Prompt, PromptKind
from endonym.retrieval.index_file import IndexFile
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools

__all__ = ["Match", "Prompt", "PromptKind", "PromptMatcher"]

# Fitted by bench/fit_lesson_match.py (logistic regression) on bench/phrasings_pack.yaml, asked of the Estonian pack as it is
# and without the lesson that is meant, so that lessons missed balance neighbours taken for them; the bias is then raised
# by 0.4, since a lesson nearby helps a student more than none. bench/phrasings_tuning.yaml, asked of a trial library, took
# no part in the fit and shows what the weights are worth elsewhere: docs/retrieval.md.
_BIAS = -1.79
_WEIGHTS = {
    "margin": 4.29,
    "nearer": 3.38,
    "overlap": 0.22,
    "term": 0.05,
    "told": 5.69,
    "said": 0.9,
    "unheard": -1.99,
}
# Where there is no embedder. Fitted on bench/phrasings_tuning.yaml, asked of the trial library.
_WORDS_BIAS = -1.1
_WORDS_WEIGHTS = {"overlap": 2.83, "term": 3.65, "said": 3.54, "unheard": -3.02}
_HIGHEST = 0.99
_EVIDENCE, _WORDS_EVIDENCE = attrgetter(*_WEIGHTS), attrgetter(*_WORDS_WEIGHTS)


@dataclass(frozen=True, slots=True)
class Match:
    """Something that a text may mean.

    Attributes:
        kind: Kind of the prompt that agrees best.
        score: Probability that this is meant, by the tuning phrasings; from 0.5 on take it as meant.
        text: The prompt that agrees best.
        exact: The text is that prompt but for case, marks and punctuation.
    """

    kind: PromptKind
    target: str
    score: float
    text: str
    exact: bool


class PromptMatcher:
    """Matches texts against the prompts of one index file. Safe to use from several threads."""

    def __init__(self, file: IndexFile, tools: LanguageTools, embedder: Embedder | None) -> None:
        self._finder = EvidenceFinder(file, tools, embedder)

    def match(
        self, text: str, language: str, *, kinds: Sequence[PromptKind] = (), subject: str = "", limit: int = 5
    ) -> tuple[Match, ...]:
        """What `text` is about, the likeliest first, one match per target.

        Args:
            text: A question, a few words, or a longer message; the first 400 characters are read.
            language: Language of `text`, "" where it is unknown. Prompts of every language are compared.
            kinds, subject: Restrict the prompts that are compared; empty ones do not.
        """
        matches = [
            Match(found.prompt.kind, found.target, self.score(found), found.prompt.text, found.exact)
            for found in self.evidence(text, language, kinds=kinds, subject=subject)
        ]
        matches.sort(
            key=lambda match: (-round(match.score, 2), PREFERENCE.index(match.kind), -match.score, match.target)
        )
        return tuple(matches[:limit])

    def evidence(
        self, text: str, language: str, *, kinds: Sequence[PromptKind] = (), subject: str = ""
    ) -> list[Evidence]:
        """What speaks for each target."""
        return self._finder.find(text, language, kinds=kinds, subject=subject)

    def score(self, evidence: Evidence) -> float:
        """The probability that a target with this evidence is meant."""
        if evidence.exact:
            return _HIGHEST
        by_words = evidence.meaning == evidence.nearer == 0.0  # there is no embedder, or it did not answer
        if by_words:
            total = _WORDS_BIAS + sum(map(mul, _WORDS_WEIGHTS.values(), _WORDS_EVIDENCE(evidence)))
        else:
            total = _BIAS + sum(map(mul, _WEIGHTS.values(), _EVIDENCE(evidence)))
        return min(_HIGHEST, 1.0 / (1.0 + math.exp(-total)))
