"""What speaks for each lesson, outcome or concept being meant by a text."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from endonym.retrieval.background import TOO_NEAR
from endonym.retrieval.embeddings import embed_or_none
from endonym.retrieval.index_file import IndexFile
from endonym.retrieval.lexicon import Lexicon, Wording
from endonym.retrieval.query import query_words, restore_marks
from endonym.retrieval.vectors import Matrix, unit
from endonym.retrieval.wording import content_words
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.text.fold import strip_marks, words

PromptKind = Literal["ask", "title", "term", "outcome", "glossary", "text"]
"""`text` is what a lesson itself says (explanation, key ideas, its passages): students name things no author listed."""
PREFERENCE: tuple[PromptKind, ...] = ("ask", "title", "glossary", "term", "outcome", "text")
"""Which kind speaks where several agree with a text equally well: a lesson's own question before the definition of a
concept, and that before a word that occurs in a lesson."""

_REMEMBERED = 64
"""Ways of restricting the prompts."""
_LONGEST = 400
"""Characters that are read: what somebody asks for stands at the beginning."""
_GREATEST_MARGIN = 0.3
_AGREES = 0.9
_UNTOLD = 0.7
"""What a lesson's own texts usually have of `meaning`, assumed where there are none."""
_TERM_HANDICAP = 0.15
"""The vector of a lone word lies near much that does not concern it: a target's longer prompts are asked first."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text by which students find something.

    Attributes:
        target: Lesson id `subject/topic` (kinds `ask`, `title`, `term`, `text`), outcome code, or concept id.
        text: For kind `text` a paragraph; else a question or a few words.
    """

    kind: PromptKind
    target: str
    text: str
    language: str
    subject: str

    @property
    def family(self) -> str:
        """`lesson`, `outcome` or `glossary`."""
        return self.kind if self.kind in ("outcome", "glossary") else "lesson"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one target.

    Attributes:
        meaning: Highest centred cosine between the text and one of the target's prompts, in -1..1.
        margin: `meaning` less that of the best competitor, within ±0.3.
        nearer: `meaning` less the cosine to the nearest background text, in -2..2.
        overlap: Best agreement of content words with one prompt, both ways, in 0..1.
        unheard: Share of the text's content words that neither prompts nor texts of the target hold, in 0..1; 0 where the
            target has no prompt in the text's language, as words cannot agree then.
        term: Share of the words of a title, term or glossary entry that occur in the text, for the best one, in 0..1.
        told: Highest centred cosine between the text and one of the lesson's own texts; where it has none, the usual part
            of `meaning`.
        said: Share of the text's content words, by rarity, that occur in the lesson's own texts, in 0..1.
        prompt: The prompt that agrees best.
        exact: The text is that prompt but for case, marks and punctuation.
    """

    family: str
    target: str
    meaning: float
    margin: float
    nearer: float
    overlap: float
    term: float
    told: float
    said: float
    unheard: float
    prompt: Prompt
    exact: bool


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Prompts with their numbers; `texts` are those of kind `text`. Rows of the matrices follow the two lists."""

    prompts: list[Prompt]
    texts: list[Prompt]
    group_of_prompt: NDArray[np.int64]
    group_of_text: NDArray[np.int64]
    groups: list[tuple[str, str]]
    lexicon: Lexicon
    text_lexicon: Lexicon
    matrix: Matrix
    text_matrix: Matrix
    background: Matrix
    means: dict[str, Matrix]
    plain: dict[str, list[int]]
    spoken: list[set[str]]
    namesakes: list[set[int]]
    handicap: Matrix


class EvidenceFinder:
    """The prompts of one index file, loaded with the first question. Safe to use from several threads."""

    def __init__(self, file: IndexFile, tools: LanguageTools, embedder: Embedder | None) -> None:
        self._file = file
        self._tools = tools
        self._embedder = embedder
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._allowed = lru_cache(_REMEMBERED)(self._find_allowed)

    def find(self, text: str, language: str, *, kinds: Sequence[PromptKind] = (), subject: str = "") -> list[Evidence]:
        """Evidence for each target, in no particular order; see `PromptMatcher.match` for the arguments."""
        text = restore_marks(text[:_LONGEST], language, self._file)
        loaded = self._load()
        allowed = self._allowed(tuple(kinds), subject)
        if not allowed.any() or not text.strip():
            return []
        meaning, told, aside = self._similarities(text, language, loaded)
        asked = query_words(text, language, self._tools)
        nearest = _nearest(meaning - loaded.handicap, loaded.group_of_prompt, allowed)
        nearest_text = _nearest(told, loaded.group_of_text)
        margins = _margins({group: float(meaning[row]) for group, row in nearest.items()}, loaded)
        wording = loaded.lexicon.compare(asked, language)
        said = loaded.text_lexicon.compare(asked, language).coverage
        overlap, term = _agreement(loaded, allowed, wording)
        exact = {
            int(loaded.group_of_prompt[row]): row for row in reversed(loaded.plain.get(_plain(text), ())) if allowed[row]
        }
        found = []
        for group, row in nearest.items():
            similarity = float(meaning[row])
            agreement, by_words = overlap.get(group, (0.0, row))
            best = exact.get(group, by_words if agreement > _AGREES else row)
            found.append(Evidence(
                family=loaded.groups[group][0], target=loaded.groups[group][1], meaning=similarity,
                margin=margins[group], nearer=similarity - aside,
                overlap=agreement, term=term.get(group, 0.0),
                told=float(told[nearest_text[group]]) if group in nearest_text else _UNTOLD * similarity, said=said.get(group, 0.0),
                unheard=0.0 if language not in loaded.spoken[group] else 1.0 - max(wording.coverage.get(group, 0.0), said.get(group, 0.0)),
                prompt=loaded.prompts[best], exact=group in exact,
            ))  # fmt: skip
        return found

    def _find_allowed(self, kinds: tuple[PromptKind, ...], subject: str) -> NDArray[np.bool_]:
        """Which prompts are compared."""
        return np.array([(not kinds or p.kind in kinds) and (not subject or p.subject == subject) for p in self._load().prompts], bool)

    def _similarities(self, text: str, language: str, loaded: _Loaded) -> tuple[Matrix, Matrix, float]:
        """(cosine by prompt, cosine by text, cosine to the nearest background text)."""
        vectors = embed_or_none(self._embedder, [text], "query") if len(loaded.matrix) else None
        if vectors is None:
            return np.zeros(len(loaded.prompts), np.float32), np.zeros(len(loaded.texts), np.float32), 0.0
        centred = unit(vectors[0] - loaded.means[language if language in loaded.means else ""])
        told: Matrix = loaded.text_matrix @ centred if len(loaded.texts) else np.zeros(0, np.float32)
        return loaded.matrix @ centred, told, float((loaded.background @ centred).max(initial=-1.0))

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._file)
            return self._loaded


def _load(file: IndexFile) -> _Loaded:
    rows = file.rows("SELECT kind, target, text, language, subject, lemmas FROM prompt ORDER BY row")
    everything = [(Prompt(*row[:5]), row[5].split()) for row in rows]
    groups = list(dict.fromkeys((prompt.family, prompt.target) for prompt, _ in everything))
    number = {group: i for i, group in enumerate(groups)}
    lexicons = (Lexicon(), Lexicon())
    lists: tuple[list[Prompt], list[Prompt]] = ([], [])
    for prompt, lemmas in everything:
        which = int(prompt.kind == "text")
        group = number[prompt.family, prompt.target]
        lexicons[which].add(len(lists[which]), group, content_words(lemmas, prompt.language), prompt.language)
        lists[which].append(prompt)
    for language, lemmas in file.rows("SELECT language, lemmas FROM background"):
        for lexicon in lexicons:
            lexicon.add_elsewhere(content_words(lemmas.split(), language))
    plain: dict[str, list[int]] = {}
    spoken: list[set[str]] = [set() for _ in groups]
    for row, prompt in enumerate(lists[0]):
        spoken[number[prompt.family, prompt.target]].add(prompt.language)
        plain.setdefault(_plain(prompt.text), []).append(row)
    matrix, background = file.matrix("query"), file.matrix("background")
    if len(matrix) and len(background):
        background = background[(background @ matrix.T).max(axis=1) < TOO_NEAR]
    namesakes: list[set[int]] = [set() for _ in groups]
    for rows_of_name in plain.values():
        named = {number[lists[0][row].family, lists[0][row].target] for row in rows_of_name}
        for group in named:
            namesakes[group] |= named - {group}
    handicap = np.array([_TERM_HANDICAP * (prompt.kind == "term") for prompt in lists[0]], np.float32)
    group_of_prompt, group_of_text = (np.array([number[p.family, p.target] for p in listed], np.int64) for listed in lists)
    return _Loaded(*lists, group_of_prompt, group_of_text, groups, *lexicons, matrix, file.matrix("text"), background,
                   file.means("query_mean"), plain, spoken, namesakes, handicap)  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(words(strip_marks(text)))


def _nearest(similarities: Matrix, groups: NDArray[np.int64], allowed: NDArray[np.bool_] | None = None) -> dict[int, int]:
    """The row that is nearest, by group; the groups in order of theirs."""
    order = np.argsort(-similarities, kind="stable")
    order = order if allowed is None else order[allowed[order]]
    held, firsts = np.unique(groups[order], return_index=True)
    at = np.argsort(firsts)
    return dict(zip(held[at].tolist(), order[firsts[at]].tolist(), strict=True))


def _margins(similarities: dict[int, float], loaded: _Loaded) -> dict[int, float]:
    """By group: its similarity less that of the best competitor, within `_GREATEST_MARGIN`.

    A lesson does not compete with an outcome, nor with a concept that goes by the same name: they are the same thing.
    """
    ordered = sorted(similarities.items(), key=lambda item: -item[1])
    margins = {}
    for group, similarity in similarities.items():
        outcome = loaded.groups[group][0] == "outcome"
        best = next((value for other, value in ordered if other != group and other not in loaded.namesakes[group]
                     and (loaded.groups[other][0] == "outcome") == outcome), -1.0)  # fmt: skip
        margins[group] = max(-_GREATEST_MARGIN, min(_GREATEST_MARGIN, similarity - best))
    return margins


def _agreement(
    loaded: _Loaded, allowed: NDArray[np.bool_], wording: Wording
) -> tuple[dict[int, tuple[float, int]], dict[int, float]]:
    """(by group: best agreement with one prompt, and which; by group: best share of a term that was named)."""
    overlap: dict[int, tuple[float, int, int]] = {}
    term: dict[int, float] = {}
    for row, (of_text, of_prompt) in wording.prompts.items():
        if not allowed[row]:
            continue
        group, kind = int(loaded.group_of_prompt[row]), loaded.prompts[row].kind
        agreement = (math.sqrt(of_text * of_prompt), -PREFERENCE.index(kind), row)
        overlap[group] = max(overlap.get(group, agreement), agreement)
        if kind in ("title", "term", "glossary"):
            term[group] = max(term.get(group, 0.0), of_prompt)
    return {group: (best[0], best[2]) for group, best in overlap.items()}, term
