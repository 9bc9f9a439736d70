"""Practice: questions to recall from, drawn from a bundle's lessons and glossary, and what an answer to one holds.

Source: retrieval practice: Roediger and Karpicke 2006 (doi 10.1111/j.1467-9280.2006.01693.x); Dunlosky and others 2013
(doi 10.1177/1529100612453266).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Literal

from endonym.bundle import Bundle
from endonym.pack.lessons import Lesson, Task
from endonym.pack.tables import Term
from endonym.pedagogy.answers import diagnose
from endonym.seams.language import LanguageTools
from endonym.text.fold import strip_marks, words
from endonym.verify.words import WrittenText

Kind = Literal["check", "transfer", "term", "definition"]
_LEAST_LETTERS = 4
"""Shorter words of a definition are mostly articles and prepositions; scripts without spaces give pairs, which all count."""

_COMMON = ((4, 0.025, 3), (40, 0.09, 5))
"""(letters, share, count): a lemma of at most so many letters tells nothing about a definition where more than this share of all have it, and
more than so many. Looked at in Estonian, Russian, English, Arabic and Kazakh: short words of that frequency are nearly all grammar."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to recall.

    Attributes:
        id: The same in every version of the bundle in which the lesson or the concept is.
        key: A short name for addresses.
        task: Of a lesson's question, else None.
        terms: What the concept may be called, the preferred first.
        forbidden: What the pack says not to call it.
        words: Those that carry the definition, as it has them.
    """

    id: str
    key: str
    kind: Kind
    subject: str
    language: str
    prompt: str
    lesson: Lesson | None = None
    task: Task | None = None
    terms: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    definition: str = ""
    words: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer holds.

    Attributes:
        right: None where a machine cannot tell.
        missing: Ideas, or words of a definition, that it does not hold.
        instead: A term that is not used here, which it holds.
        belief: The reply to a misconception that it shows, or "".
    """

    right: bool | None
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    instead: str = ""
    belief: str = ""


def practice_items(bundle: Bundle, language: str, tools: LanguageTools) -> tuple[Item, ...]:
    """Everything to practise in a language: two questions a lesson, two directions a concept with a definition."""
    return (*_of_lessons(bundle, language), *_of_terms(bundle, language, tools))


def draw(items: Sequence[Item], count: int, seed: int, first: Sequence[str] = ()) -> tuple[Item, ...]:
    """A round: those of `first` (ids) in their order, then others at random; no two of one lesson or concept while others are left."""
    named = {item.id: item for item in items}
    chosen = [named[name] for name in first if name in named][:count]
    rest = [item for item in items if item.id not in set(first)]
    Random(seed).shuffle(rest)
    topics = {_topic(item) for item in chosen}
    for item in rest:
        if len(chosen) < count and _topic(item) not in topics:
            chosen.append(item)
            topics.add(_topic(item))
    chosen += [item for item in rest if item not in chosen][: count - len(chosen)]
    return tuple(chosen)


def judge(item: Item, answer: str, tools: LanguageTools) -> Judged:
    """What `answer` holds of what the item asks for."""
    if item.task is not None and item.lesson is not None:
        return _judge_task(item.task, item.lesson, answer, tools)
    written = WrittenText(answer, item.language, tools)
    if item.kind == "term":
        right = written.holds_any(item.terms)
        return Judged(right, instead="" if right else next(written.held(item.forbidden), ""))
    found = tuple(word for word in item.words if written.holds(word))
    return Judged(None if found else False, found, tuple(word for word in item.words if word not in found))


def _key_words(definition: str, terms: Sequence[str], language: str, tools: LanguageTools, common: frozenset[str]) -> tuple[str, ...]:
    """The words that carry a definition: neither the term's own nor those that so many definitions have."""
    left_out = common.union(tools.lemmas(" ".join(terms), language))
    found: dict[str, str] = {}
    for word, lemma in _lemmas(definition, language, tools):
        if lemma not in left_out and (len(word) >= _LEAST_LETTERS or not _spaced(word)):
            found.setdefault(lemma, word)
    return tuple(found.values())


def _common(definitions: Sequence[str], language: str, tools: LanguageTools) -> frozenset[str]:
    """Lemmas of so many definitions that they carry none: articles, pronouns, "which", "is called"."""
    counts = Counter(lemma for definition in definitions for lemma in {lemma for _, lemma in _lemmas(definition, language, tools)})
    limits = [(letters, max(few, len(definitions) * share)) for letters, share, few in _COMMON]
    return frozenset(lemma for lemma, count in counts.items() if any(len(lemma) <= letters and count > most for letters, most in limits))


def _lemmas(text: str, language: str, tools: LanguageTools) -> list[tuple[str, str]]:
    return [(word, next(iter(tools.lemmas(word, language)), word)) for word in words(text)]


def _judge_task(task: Task, lesson: Lesson, answer: str, tools: LanguageTools) -> Judged:
    found = diagnose(task, lesson, answer, tools)
    belief = lesson.misconceptions[found.misconception].reply if found.misconception is not None else ""
    judgeable = all(idea.groups for idea in task.ideas)
    return Judged(found.correct if judgeable or found.correct else None, found.found, found.missing, belief=belief)


def _of_lessons(bundle: Bundle, language: str) -> list[Item]:
    found = []
    for lesson in bundle.contents.lessons:
        if lesson.language == language:
            for kind, task in (("check", lesson.check), ("transfer", lesson.transfer)):
                item_id = f"lesson:{lesson.id}:{kind}"
                found.append(Item(item_id, _key(item_id), kind, lesson.subject, language, task.question, lesson, task))  # type: ignore[arg-type]
    return found


def _of_terms(bundle: Bundle, language: str, tools: LanguageTools) -> list[Item]:
    concepts: dict[str, list[Term]] = {}
    for term in bundle.contents.glossary:
        if term.language == language:
            concepts.setdefault(term.concept, []).append(term)
    common = _common([term.definition for rows in concepts.values() for term in rows if term.definition], language, tools)
    found = []
    for concept, rows in sorted(concepts.items()):
        defined = next((row for row in rows if row.status == "preferred" and row.definition), None)
        if defined is None:
            continue
        terms = (defined.term, *(row.term for row in rows if row.status != "forbidden" and row is not defined))
        forbidden = tuple(row.term for row in rows if row.status == "forbidden")
        kinds: list[tuple[Kind, str]] = [("definition", defined.term)]
        if not any(strip_marks(term) in strip_marks(defined.definition) for term in terms):  # else the question would hold its answer
            kinds.insert(0, ("term", defined.definition))
        for kind, prompt in kinds:
            item_id = f"{kind}:{concept}"
            found.append(Item(item_id, _key(item_id), kind, defined.subject, language, prompt, terms=terms, forbidden=forbidden,
                              definition=defined.definition, source=defined.source,
                              words=_key_words(defined.definition, terms, language, tools, common)))  # fmt: skip
    return found


def _topic(item: Item) -> str:
    return item.id.split(":")[1]


def _key(item_id: str) -> str:
    return sha256(item_id.encode()).hexdigest()[:8]


def _spaced(word: str) -> bool:
    """Whether the word's script puts spaces between words."""
    return not any("\u2e80" <= letter <= "\u9fff" or "\u0e00" <= letter <= "\u0e7f" for letter in word)
