"""Recognise what an attempt holds: key ideas, a result, a misconception, or nothing yet."""

from __future__ import annotations

from endonym.pack.lessons import KeyIdea, Lesson, Task
from endonym.seams.dialogue import Diagnosis
from endonym.seams.language import LanguageTools
from endonym.text.fold import strip_marks, words
from endonym.verify.words import WrittenText, loose

_LEAST_WORDS = 3
"""An attempt that shares no key idea must at least be a sentence of this many words about the topic."""

_COPIED = 0.8
"""Share of an attempt's words that stand in the question, from which on it is a copy of the task."""


def diagnose(task: Task, lesson: Lesson, text: str, tools: LanguageTools, *, covered: tuple[str, ...] = ()) -> Diagnosis:
    """What `text` holds of `task`. `covered` are ideas shown in earlier attempts; they count towards correctness."""
    written = WrittenText(text, lesson.language, tools)
    found = tuple(idea.text for idea in task.ideas if written.holds_all(idea.groups))
    missing = tuple(idea.text for idea in task.ideas if idea.text not in found and idea.text not in covered)
    copied = _is_copy(text, task.question)
    misconception = None
    if not copied:
        matches = (index for index, one in enumerate(lesson.misconceptions) if written.holds_all(one.groups))
        misconception = next(matches, None)
    touched = any(written.holds_any(group) for idea in task.ideas for group in idea.groups)
    honest = not copied and bool(touched or misconception is not None or _on_topic(text, lesson) or _has_result(task, written))
    return Diagnosis(
        found=() if copied else found,
        missing=missing,
        misconception=misconception,
        honest=honest,
        correct=honest and (not missing or _result_found(task, found)),
    )


def _result_found(task: Task, found: tuple[str, ...]) -> bool:
    """In a task with a result, the last idea that is wholly a number or an expression settles it."""
    results = [idea for idea in task.ideas if _is_result(idea)]
    return bool(results) and results[-1].text in found


def _is_result(idea: KeyIdea) -> bool:
    return bool(idea.groups) and all(part.startswith(("=", "~")) for group in idea.groups for part in group)


def _has_result(task: Task, written: WrittenText) -> bool:
    """Any number counts as a try at a task whose result is a number."""
    return bool(written.numbers) and any(_is_result(idea) for idea in task.ideas)


def _is_copy(text: str, question: str) -> bool:
    own = [loose(word) for word in words(text)]
    asked = {loose(word) for word in words(question)}
    return len(own) >= 4 and sum(word in asked for word in own) / len(own) >= _COPIED


def _on_topic(text: str, lesson: Lesson) -> bool:
    """A sentence with a word of the lesson in it; the stem of a word is enough."""
    own = {loose(word) for word in words(text) if len(word) >= 4}
    if len(words(text)) < _LEAST_WORDS:
        return False
    return any(_stem(word) in _vocabulary(lesson) for word in own)


def _vocabulary(lesson: Lesson) -> frozenset[str]:
    cached = _vocabularies.get((lesson.id, lesson.language, lesson.explain))
    if cached is None:
        texts = (lesson.title, lesson.matter, lesson.explain, *lesson.terms, *(m.belief for m in lesson.misconceptions),
                 *lesson.hints)  # fmt: skip
        cached = frozenset(_stem(loose(word)) for text in texts for word in words(strip_marks(text)) if len(word) >= 4)
        if len(_vocabularies) > 2000:
            _vocabularies.clear()
        _vocabularies[(lesson.id, lesson.language, lesson.explain)] = cached
    return cached


_vocabularies: dict[tuple[str, str, str], frozenset[str]] = {}


def _stem(word: str) -> str:
    return word[:5]
