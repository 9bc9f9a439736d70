"""Several packs side by side: in each matter the first one, and how the others stand to it.

Everybody asks from where they stand, so the first pack is what the others are measured by; where machines can tell, the
strictest is marked, because that is what a rule for all of them would have to reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from endonym.pack.stack import PackStack
from endonym.pack.topics import Ground, Stance, Topic, Verdict, text_for, topics

State = Verdict | Literal["first", "silent"]


@dataclass(frozen=True, slots=True)
class Column:
    """A pack that is compared, with everything that it extends.

    Attributes:
        title: In the reader's language where the pack has it, with the language it is in.
        packs: (id, version) of each pack of the stack, the lowest layer first.
        spec: (id, digest) of the base spec.
    """

    id: str
    title: tuple[str, str]
    packs: tuple[tuple[str, str], ...]
    spec: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one pack decides in one matter.

    Attributes:
        state: How it stands to the first pack; `first` for that one where it says something.
        proved: Whether a machine compared them; else people have to read both.
        strictest: No other pack of the row is stricter, and some are less strict.
        value: In a few words; "" where only the grounds tell.
    """

    state: State
    proved: bool
    strictest: bool
    value: str
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A topic, or a section of the base spec; one cell for each column."""

    kind: Literal["topic", "section"]
    id: str
    title: str
    cells: tuple[Cell, ...]

    @property
    def common(self) -> bool:
        """Whether all decide the same, so that one pack below them could say it once."""
        return all(cell.state in ("first", "same") for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows in which at least one pack says something.

    Attributes:
        language: Of the reader.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    language: str


def compare_packs(stacks: Sequence[PackStack], language: str) -> Comparison:
    """Each stack against the first, topic by topic and section by section.

    Args:
        language: BCP 47 tag of the reader's language; texts that do not exist in it come in English or in their own.
    """
    rows = []
    for topic in topics(stacks):
        stances = [topic.stance(stack, language) for stack in stacks]
        if any(stance is not None for stance in stances):
            rows.append(Row(topic.kind, topic.id, topic.title, tuple(_cells(topic, stances))))
    return Comparison(tuple(_column(stack, language) for stack in stacks), tuple(rows), language)


def _column(stack: PackStack, language: str) -> Column:
    manifest = stack.top.manifest
    packs = tuple((pack.manifest.id, pack.manifest.version) for pack in stack.packs)
    return Column(manifest.id, text_for(manifest.title, language), packs, (stack.spec.id, stack.spec.digest))


def _cells(topic: Topic, stances: Sequence[Stance | None]) -> list[Cell]:
    first = stances[0]
    best = _strictest(topic, stances)
    cells = []
    for number, stance in enumerate(stances):
        if stance is None:
            cells.append(Cell("silent", True, False, "", ()))
            continue
        state: State
        state, proved = ("first", True) if number == 0 else topic.judge(first and first.value, stance.value)
        cells.append(Cell(state, proved, best is not None and stance.value == best, stance.shown, stance.grounds))
    return cells


def _strictest(topic: Topic, stances: Sequence[Stance | None]) -> Any:
    """The strictest value, or `None` where it cannot be told or all have the same."""
    values = [stance.value if stance else None for stance in stances]
    known = [value for value in values if value is not None]
    return topic.strictest(known) if topic.strictest and len(set(values)) > 1 and known else None
