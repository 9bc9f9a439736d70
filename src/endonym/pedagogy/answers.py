"""Recognise what an attempt holds: key ideas, a result, a misconception, or nothing yet."""

from __future__ import annotations

import re
from functools import lru_cache

from endonym.pack.lessons import KeyIdea, Lesson, Task
from endonym.seams.dialogue import Diagnosis
from endonym.seams.language import LanguageTools
from endonym.text.fold import strip_marks, words
from endonym.text.numbers import find_numbers
from endonym.verify.words import WrittenText, loose

_LEAST_WORDS = 3
"""An attempt that shares no key idea must at least be a sentence of this many words about the topic."""

_LEAST_TOPICAL = 2

_COPIED = 0.8
"""Share of an attempt's words that stand in the question, from which on it is a copy of the task."""

_ECHOED = 0.6
"""Share of an attempt's runs of three words that the tutor has said, from which on it gives the tutor's words back."""


_ALONE = 2
_CALCULATED = re.compile(r"\d\s*[-+−–=*/:·×÷^²³√]|[=+*/·×÷√]\s*\d")


def diagnose(task: Task, lesson: Lesson, text: str, tools: LanguageTools, *, covered: tuple[str, ...] = (),
             said: tuple[str, ...] = (), asks: bool = False, talks: bool = False) -> Diagnosis:  # fmt: skip
    """What `text` holds of `task`.

    Args:
        covered: Ideas shown in earlier attempts; they count towards correctness, and the tutor has named them.
        said: What the tutor says in any lesson; to give it back is no attempt.
        asks: The text is a question: to be on the topic makes it no attempt yet.
        talks: The text pleads or is about the talk: only a whole idea makes it an attempt, in other words than the lesson's title, and
            no number that stands there by chance.
    """
    if talks:
        text = _without_title(text, lesson)
    written = WrittenText(text, lesson.language, tools)
    by_chance = talks and not _CALCULATED.search(text)
    found = tuple(idea.text for idea in task.ideas if written.holds_all(idea.groups) and not (by_chance and _is_result(idea)))
    missing = tuple(idea.text for idea in task.ideas if idea.text not in found and idea.text not in covered)
    result = not talks and _has_result(task, written, lesson)
    restated = any(idea.text in found and _is_result(idea) for idea in task.ideas) and len(words(text)) < len(words(task.question))
    copied = not restated and (_is_copy(text, task.question) or is_echo(text, lesson, (*covered, *said)))
    misconception = None
    if not copied:
        matches = (index for index, one in enumerate(lesson.misconceptions) if written.holds_all(one.groups))
        misconception = next(matches, None)
    touched = found or misconception is not None
    if not talks:
        touched = touched or result or any(written.holds_any(group) for idea in task.ideas for group in idea.groups)
    honest = not copied and bool(touched or (not (asks or talks) and _on_topic(text, lesson)))
    return Diagnosis(
        found=() if copied else found,
        missing=missing,
        misconception=misconception,
        honest=honest,
        correct=honest and (not missing or _result_found(task, found)),
        weak=honest and not touched,
    )


def _result_found(task: Task, found: tuple[str, ...]) -> bool:
    """In a task with a result, the last idea that is wholly a number or an expression settles it."""
    results = [idea for idea in task.ideas if _is_result(idea)]
    return bool(results) and results[-1].text in found


def _is_result(idea: KeyIdea) -> bool:
    return bool(idea.groups) and all(part.startswith(("=", "~")) for group in idea.groups for part in group)


def _has_result(task: Task, written: WrittenText, lesson: Lesson) -> bool:
    """A number that the question does not give counts as a try at a task whose result is one: alone, in a calculation or in a sentence on it."""
    if not any(_is_result(idea) for idea in task.ideas) or not written.numbers.difference(find_numbers(task.question)):
        return False
    return len(words(written.text)) <= _ALONE or bool(_CALCULATED.search(written.text)) or _on_topic(written.text, lesson)


def _without_title(text: str, lesson: Lesson) -> str:
    named = {_stem(loose(word)) for word in words(lesson.title)}
    return " ".join(word for word in words(text) if _stem(loose(word)) not in named)


def _is_copy(text: str, question: str) -> bool:
    own = [loose(word) for word in words(text)]
    asked = {loose(word) for word in words(question)}
    return len(own) >= 4 and sum(word in asked for word in own) / len(own) >= _COPIED


def _said(lesson: Lesson) -> tuple[str, ...]:
    """What the tutor may have said before the explanation."""
    return (lesson.title, lesson.matter, lesson.diagnose.question, *lesson.hints, *(one.reply for one in lesson.misconceptions))


def is_echo(text: str, lesson: Lesson, said: tuple[str, ...] = ()) -> bool:
    """Whether a text gives back what the tutor says, or the lesson's title and no more."""
    if {_stem(loose(word)) for word in words(text)} <= {_stem(loose(word)) for word in words(lesson.title)}:
        return True
    own = _runs(text)
    return bool(own) and len(own & frozenset().union(*map(_runs, (*_said(lesson), *said)))) / len(own) >= _ECHOED


@lru_cache(maxsize=5_000)
def _runs(text: str) -> frozenset[tuple[str, str, str]]:
    """The runs of three words of a text."""
    found = [loose(word) for word in words(text)]
    return frozenset(zip(found, found[1:], found[2:], strict=False))


def _on_topic(text: str, lesson: Lesson) -> bool:
    """A sentence with two words of the lesson in it, one at least not of its title; the stem of a word is enough."""
    if len(words(text)) < _LEAST_WORDS:
        return False
    own = {_stem(loose(word)) for word in words(text) if len(word) >= 4} & _vocabulary(lesson)
    return len(own) >= _LEAST_TOPICAL and not own <= {_stem(loose(word)) for word in words(lesson.title)}


def _vocabulary(lesson: Lesson) -> frozenset[str]:
    cached = _vocabularies.get((lesson.id, lesson.language, lesson.explain))
    if cached is None:
        texts = (lesson.title, lesson.matter, lesson.explain, *lesson.terms, *(m.belief for m in lesson.misconceptions),
                 *(idea.text for idea in lesson.diagnose.ideas), *lesson.hints)  # fmt: skip
        cached = frozenset(_stem(loose(word)) for text in texts for word in words(strip_marks(text)) if len(word) >= 4)
        if len(_vocabularies) > 2000:
            _vocabularies.clear()
        _vocabularies[(lesson.id, lesson.language, lesson.explain)] = cached
    return cached


_vocabularies: dict[tuple[str, str, str], frozenset[str]] = {}


def _stem(word: str) -> str:
    return word[:5]
