"""A quiz on one lesson, from what the pack holds: its questions, its misconceptions as wrong choices, and terms of the glossary.

Nothing is invented: each question and answer stands in the lesson or the glossary, and says where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from endonym.bundle import Bundle
from endonym.pack.lessons import Lesson
from endonym.pack.sources import Source
from endonym.pedagogy.practice import practice_items
from endonym.seams.language import LanguageTools
from endonym.verify.words import WrittenText

_MOST_TERMS = 4
_MOST_CHOICES = 2
_MOST_WRONG = 3
LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a quiz.

    Attributes:
        kind: `choice`, `term`, `check` or `transfer`.
        prompt: Of a choice the task that the statements are about, where there is one; the surface says what to do.
        choices: In the order of the page; none where the answer is written.
        answer: What is right; of a choice one of them.
        source: Id of a register entry, or "" for the lesson's own.
    """

    kind: str
    prompt: str
    choices: tuple[str, ...]
    answer: str
    source: str = ""

    @property
    def letter(self) -> str:
        return LETTERS[self.choices.index(self.answer)] if self.choices else ""


@dataclass(frozen=True, slots=True)
class Quiz:
    """Attributes: passages: (document title, title, passage id, licence, reviewed by) that the lesson rests on; sources: Titles of entries."""

    lesson: Lesson
    questions: tuple[Question, ...]
    passages: tuple[tuple[str, str, str, str, str], ...]
    sources: tuple[str, ...]


def make_quiz(bundle: Bundle, lesson: Lesson, tools: LanguageTools) -> Quiz:
    """The same for the same bundle, whenever it is asked for."""
    questions = (*_choices(lesson), *_terms(bundle, lesson, tools), *_open(lesson))
    passages = [bundle.passages[name] for name in lesson.passages if name in bundle.passages]
    cited = dict.fromkeys(question.source for question in questions if question.source in bundle.sources)
    return Quiz(
        lesson, questions, tuple((p.document_title, p.title, p.id, p.licence, p.reviewed_by) for p in passages),
        tuple(_titled(bundle.sources[name]) for name in cited),
    )  # fmt: skip


def _titled(source: Source) -> str:
    return source.title if source.pinpoint in source.title else f"{source.title} {source.pinpoint}"


def _choices(lesson: Lesson) -> Iterator[Question]:
    """A key idea among misconceptions; with fewer than two of these there is nothing to choose from."""
    wrong = [one.belief for one in lesson.misconceptions]
    if len(wrong) < 2:
        return
    for number, idea in enumerate(lesson.diagnose.ideas[:_MOST_CHOICES]):
        chance = Random(sha256(f"{lesson.id}/{lesson.language}/{number}".encode()).digest())
        choices = [idea.text, *chance.sample(wrong, min(_MOST_WRONG, len(wrong)))]
        chance.shuffle(choices)
        yield Question("choice", lesson.diagnose.question if lesson.protects else "", tuple(dict.fromkeys(choices)), idea.text)


def _terms(bundle: Bundle, lesson: Lesson, tools: LanguageTools) -> Iterator[Question]:
    """From a definition to its term, of the terms that the lesson uses."""
    said = WrittenText(" ".join((lesson.title, *lesson.terms, lesson.explain, *(idea.text for idea in lesson.diagnose.ideas))), lesson.language, tools)
    items = [item for item in practice_items(bundle, lesson.language, tools) if item.kind == "term" and item.subject in ("", lesson.subject)]
    used = [item for item in items if said.holds_any(item.terms)]
    for item in used[:_MOST_TERMS]:
        yield Question("term", item.prompt, (), " / ".join(item.terms), item.source)


def _open(lesson: Lesson) -> Iterator[Question]:
    for kind, task in (("check", lesson.check), ("transfer", lesson.transfer)):
        yield Question(kind, task.question, (), " ".join(idea.text for idea in task.ideas))


def quiz_markdown(quiz: Quiz, say: Callable[[str], str]) -> str:
    """Questions, then answers and sources, as Markdown. Args: say: An interface string in the language of the quiz."""
    lines = [f"# {quiz.lesson.title}", "", f"*{say('quiz-unreviewed')}*", "", f"{say('quiz-name')} ____________________", ""]
    for number, question in enumerate(quiz.questions, 1):
        lines += [f"{number}. **{say(f'quiz-ask-{question.kind}')}** {question.prompt}".rstrip(), ""]
        lines += [f"   {letter}. {choice}" for letter, choice in zip(LETTERS, question.choices, strict=False)] or ["   ____________________"]
        lines.append("")
    lines += ["---", "", f"## {say('quiz-answers')}", ""]
    lines += [f"{number}. {f'**{question.letter}.** ' if question.letter else ''}{question.answer}" for number, question in enumerate(quiz.questions, 1)]
    lines += ["", f"## {say('quiz-sources')}", "", f"- {quiz.lesson.title}: `{quiz.lesson.id}.{quiz.lesson.language}`, {quiz.lesson.reviewed_by}"]
    lines += [f"- {document}{f': {title}' if title and title != document else ''} (`{name}`, {licence}, {reviewed})"
              for document, title, name, licence, reviewed in quiz.passages]  # fmt: skip
    return "\n".join((*lines, *_listed(quiz.sources))) + "\n"


def _listed(entries: Sequence[str]) -> list[str]:
    return [f"- {entry}" for entry in entries]
