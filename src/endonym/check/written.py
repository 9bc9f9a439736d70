"""Everything that people wrote into a pack, each text with its place, language and kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

from endonym.check.wordings import plain, without_negation
from endonym.core.memory import Memory
from endonym.pack.adaptations import Adaptation
from endonym.pack.lessons import Lesson
from endonym.pack.load import Pack
from endonym.pack.tables import Outcome, Term
from endonym.seams.passage import Passage

Kind = Literal["title", "instruction", "why", "summary", "disclosure", "lesson", "term", "outcome", "passage", "interface", "case"]


@dataclass(frozen=True, eq=False)
class Written:
    """A text of a pack; `language` is "" where its author may choose."""

    file: str
    line: int
    language: str
    text: str
    kind: Kind

    @cached_property
    def plain(self) -> str:
        """The text as wordings are looked for in it."""
        return plain(self.text)

    @cached_property
    def plain_assertions(self) -> str:
        """`plain` of the sentences that deny and forbid nothing."""
        return plain(without_negation(self.text))


def written(pack: Pack, memory: Memory) -> Iterator[Written]:
    """The texts of a pack, in the order of its files; those of an adaptation, lesson and so on are kept in `memory`."""
    manifest, keys = f"{pack.folder.name}/pack.toml", pack.keys.get("pack.toml", {})
    for name, texts in (("title", pack.manifest.title), ("description", pack.manifest.description)):
        for language, text in texts.items():
            yield Written(manifest, keys.get(f"{name}.{language}", 1), language, text, "title")
    for adaptation in pack.adaptations:
        yield from memory.of("texts", adaptation, partial(_adaptation, adaptation))
    for lesson in pack.lessons:
        yield from memory.of("texts", lesson, partial(_lesson, lesson))
    for term in pack.glossary:
        yield memory.of("texts", term, partial(_term, term))
    for outcome in pack.outcomes:
        yield memory.of("texts", outcome, partial(_outcome, outcome))
    for passage in pack.passages:
        yield memory.of("texts", passage, partial(_passage, passage, pack))
    locale = f"{pack.folder.name}/locale.toml"
    for entry in pack.locale.help:
        for language, text in entry.title.items():
            yield Written(locale, pack.keys.get("locale.toml", {}).get("help", 1), language, text, "title")
    for language, text in pack.interface.items():
        yield Written(f"{pack.folder.name}/ui/{language}.ftl", 1, "", text, "interface")
    for case in pack.cases:
        yield Written(case.file, case.line, "", "\n".join(case.turns), "case")


def _term(term: Term) -> Written:
    return Written(term.file, term.line, term.language, f"{term.term} {term.definition}", "term")


def _outcome(outcome: Outcome) -> Written:
    return Written(outcome.file, outcome.line, outcome.language, outcome.statement, "outcome")


def _passage(passage: Passage, pack: Pack) -> Written:
    file, line = pack.places.get(passage.id, (f"{pack.folder.name}/knowledge", 1))
    return Written(file, line, passage.language, f"{passage.title}\n{passage.text}", "passage")


def _adaptation(adaptation: Adaptation) -> tuple[Written, ...]:
    return tuple(_of_adaptation(adaptation))


def _of_adaptation(adaptation: Adaptation) -> Iterator[Written]:
    lines = adaptation.lines
    yield Written(adaptation.file, lines.get("instruction", adaptation.line), "", f"{adaptation.title}\n{adaptation.instruction}", "instruction")
    yield Written(adaptation.file, lines.get("why", adaptation.line), "", adaptation.why, "why")
    for language, text in adaptation.summary.items():
        yield Written(adaptation.file, lines.get(f"summary.{language}", adaptation.line), language, text, "summary")
    for language, text in adaptation.disclosure.items():
        yield Written(adaptation.file, lines.get(f"disclosure.{language}", adaptation.line), language, text, "disclosure")


def _lesson(lesson: Lesson) -> tuple[Written, ...]:
    parts: list[tuple[str, str]] = [
        ("title", lesson.title), ("matter", lesson.matter), ("explain", lesson.explain),
        *((name, "\n".join((task.question, *(idea.text for idea in task.ideas))))
          for name, task in (("diagnose", lesson.diagnose), ("check", lesson.check), ("transfer", lesson.transfer))),
        *((f"hints.{number}", hint) for number, hint in enumerate(lesson.hints, 1)),
        *((f"misconceptions.{number}", f"{m.belief}\n{m.reply}") for number, m in enumerate(lesson.misconceptions, 1)),
    ]  # fmt: skip
    return tuple(Written(lesson.file, lesson.lines.get(name, 1), lesson.language, text, "lesson") for name, text in parts)
