"""Everything that people wrote into a pack, each text with its place, language and kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from endonym.check.wordings import plain_folded, says, says_plainly, without_negation
from endonym.pack.adaptations import Adaptation
from endonym.pack.cases import Case
from endonym.pack.lessons import Lesson
from endonym.pack.load import Pack
from endonym.pack.tables import Outcome, Term
from endonym.seams.passage import Passage
from endonym.text.fold import strip_marks
from endonym.web.diagram import diagram_words

Kind = Literal["title", "instruction", "why", "summary", "disclosure", "lesson", "term", "outcome", "passage", "interface", "case"]


@dataclass(eq=False, slots=True)
class Written:
    """A text of a pack.

    Attributes:
        language: "" where its author may choose.
        folded: The text without case and marks.
    """

    file: str
    line: int
    language: str
    text: str
    kind: Kind
    folded: str = field(init=False)
    _plain: str = field(init=False)

    def __post_init__(self) -> None:
        self.folded = strip_marks(self.text)
        self._plain = plain_folded(self.folded)

    @property
    def guides(self) -> bool:
        """Whether the text tells the assistant, or a lesson its students, what to do."""
        return self.kind in ("instruction", "summary", "lesson")

    def says(self, name: str) -> str:
        """The first wording of `name` in the text, or ""."""
        return says_plainly(name, self._plain)

    def asserts(self, name: str) -> str:
        """The first wording of `name` in the sentences of the text that deny and forbid nothing, or ""."""
        return says(name, without_negation(self.text)) if self.says(name) else ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What holds texts: an adaptation, a lesson, a table's row …; as long as `item` is the same object, so are its texts."""

    item: object
    texts: Callable[[], Iterator[Written]]


def written(pack: Pack) -> Iterator[Origin]:
    """What holds the texts of a pack, in the order of its files."""
    yield Origin(pack, partial(_of_pack, pack))
    for item in (*pack.adaptations, *pack.lessons, *pack.glossary, *pack.outcomes):
        yield Origin(item, partial(_READ[type(item)], item))
    for passage in pack.passages:
        yield Origin(passage, partial(_passage, passage, pack))
    for case in pack.cases:
        yield Origin(case, partial(_case, case))


def _of_pack(pack: Pack) -> Iterator[Written]:
    file, keys = f"{pack.folder.name}/pack.toml", pack.keys.get("pack.toml", {})
    for name, texts in (("title", pack.manifest.title), ("description", pack.manifest.description)):
        for language, text in texts.items():
            yield Written(file, keys.get(f"{name}.{language}", 1), language, text, "title")
    line = pack.keys.get("locale.toml", {}).get("help", 1)
    for entry in pack.locale.help:
        for language, text in entry.title.items():
            yield Written(f"{pack.folder.name}/locale.toml", line, language, text, "title")
    for language, text in pack.interface.items():
        yield Written(f"{pack.folder.name}/ui/{language}.ftl", 1, "", text, "interface")


def _case(case: Case) -> Iterator[Written]:
    yield Written(case.file, case.line, "", "\n".join(case.turns), "case")


def _term(term: Term) -> Iterator[Written]:
    yield Written(term.file, term.line, term.language, f"{term.term} {term.definition}", "term")


def _outcome(outcome: Outcome) -> Iterator[Written]:
    yield Written(outcome.file, outcome.line, outcome.language, outcome.statement, "outcome")


def _passage(passage: Passage, pack: Pack) -> Iterator[Written]:
    file, line = pack.places.get(passage.id, (f"{pack.folder.name}/knowledge", 1))
    yield Written(file, line, passage.language, f"{passage.title}\n{passage.text}", "passage")


def _adaptation(adaptation: Adaptation) -> Iterator[Written]:
    lines = adaptation.lines
    yield Written(adaptation.file, lines.get("instruction", adaptation.line), "", f"{adaptation.title}\n{adaptation.instruction}", "instruction")
    yield Written(adaptation.file, lines.get("why", adaptation.line), "", adaptation.why, "why")
    for language, text in adaptation.summary.items():
        yield Written(adaptation.file, lines.get(f"summary.{language}", adaptation.line), language, text, "summary")
    for language, text in adaptation.disclosure.items():
        yield Written(adaptation.file, lines.get(f"disclosure.{language}", adaptation.line), language, text, "disclosure")


def _lesson(lesson: Lesson) -> Iterator[Written]:
    parts: list[tuple[str, str]] = [
        ("title", lesson.title), ("matter", lesson.matter), ("explain", lesson.explain),
        *((name, "\n".join((task.question, *(idea.text for idea in task.ideas))))
          for name, task in (("diagnose", lesson.diagnose), ("check", lesson.check), ("transfer", lesson.transfer))),
        *((f"hints.{number}", hint) for number, hint in enumerate(lesson.hints, 1)),
        *((f"misconceptions.{number}", f"{m.belief}\n{m.reply}") for number, m in enumerate(lesson.misconceptions, 1)),
    ]  # fmt: skip
    if lesson.diagram:
        parts.append(("explain", "\n".join(diagram_words(lesson.diagram))))
    for name, text in parts:
        yield Written(lesson.file, lesson.lines.get(name, 1), lesson.language, text, "lesson")


_READ: Mapping[type, Callable[[Any], Iterator[Written]]] = {Adaptation: _adaptation, Lesson: _lesson, Term: _term, Outcome: _outcome}
