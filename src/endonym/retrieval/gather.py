"""The short texts of a bundle by which students find lessons, outcomes and concepts."""

from __future__ import annotations

from collections.abc import Iterator

from endonym.bundle import Bundle
from endonym.retrieval.prompts import Prompt


def gather_prompts(bundle: Bundle) -> tuple[Prompt, ...]:
    """Asks, titles, terms and texts of lessons, statements of outcomes, terms of the glossary, in a fixed order."""
    return tuple(dict.fromkeys((*_lessons(bundle), *_texts(bundle), *_outcomes(bundle), *_glossary(bundle))))


def _lessons(bundle: Bundle) -> Iterator[Prompt]:
    for lesson in bundle.contents.lessons:
        yield Prompt("title", lesson.id, lesson.title, lesson.language, lesson.subject)
        for ask in lesson.asks:
            yield Prompt("ask", lesson.id, ask, lesson.language, lesson.subject)
        for term in lesson.terms:
            yield Prompt("term", lesson.id, term, lesson.language, lesson.subject)


def _texts(bundle: Bundle) -> Iterator[Prompt]:
    """What lessons say themselves. Hints and transfer lead elsewhere on purpose, so they are left out."""
    passages = {passage.id: passage for passage in bundle.contents.passages}
    for lesson in bundle.contents.lessons:
        texts = [lesson.matter, lesson.explain]
        texts += [
            " ".join((task.question, *(idea.text for idea in task.ideas))) for task in (lesson.diagnose, lesson.check)
        ]
        texts += [f"{misconception.belief} {misconception.reply}" for misconception in lesson.misconceptions]
        for text in texts:
            yield Prompt("text", lesson.id, text, lesson.language, lesson.subject)
        for name in lesson.passages:
            if name in passages:
                yield Prompt("text", lesson.id, passages[name].text, passages[name].language, lesson.subject)


def _outcomes(bundle: Bundle) -> Iterator[Prompt]:
    for outcome in bundle.contents.outcomes:
        yield Prompt("outcome", outcome.code, outcome.statement, outcome.language, outcome.subject)


def _glossary(bundle: Bundle) -> Iterator[Prompt]:
    for term in bundle.contents.glossary:
        if term.status != "forbidden":
            yield Prompt("glossary", term.concept, term.term, term.language, term.subject)
