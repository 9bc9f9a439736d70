"""DI005 documented-words-forbidden

What it does: Finds checks and glossary rows that forbid words which the packs' own knowledge, lessons or outcomes use.

Why it matters: Who forbids the words of a documented view makes it unsayable: an omission in silence.

Example: `terms: {forbidden: [occupation]}` while a passage describes the occupation.

Use instead: A preferred term for tone; for substance an `omit` with law, trigger and disclosure.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from endonym.check.forbidden import forbidden_words
from endonym.check.subject import Found, Rule, Subject
from endonym.check.written import Origin, Written
from endonym.pack.lessons import Lesson
from endonym.pack.tables import Outcome
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage
from endonym.verify.words import WrittenText


def _judge(subject: Subject) -> Iterator[Found]:
    forbidden = list(forbidden_words(subject))
    prepared = [pair for origin in (subject.origins() if forbidden else ()) if isinstance(origin.item, Passage | Lesson | Outcome)
                for pair in subject.memory.of("exact", origin.item, partial(_exact, origin, subject.tools))]  # fmt: skip
    for place, language, words in forbidden:
        near = [(text, exact) for text, exact in prepared if not language or text.language == language]
        for word in words:
            text = next((text for text, exact in near if word.found_in(exact)), None)
            if text is not None:
                yield (
                    place,
                    f"expected words that the packs do not use, found {word.shown!r} forbidden and used in {text.file}:{text.line}",
                    "Allow the words, or use the preferred ones in your own texts too. Only an `omit` with law, trigger and disclosure "
                    "may leave information out.",
                )
                break


def _exact(origin: Origin, tools: LanguageTools) -> tuple[tuple[Written, WrittenText], ...]:
    return tuple((text, WrittenText(text.text, text.language, tools, exact=True)) for text in origin.texts())


RULE = Rule("DI005", "documented-words-forbidden", _judge)
