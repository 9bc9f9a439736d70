"""What a change of the spec means for the packs over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from endonym.pack.adaptations import Adaptation
from endonym.pack.load import Pack
from endonym.pack.stack import PackStack
from endonym.spec import Differences, SectionChange, Spec


@dataclass(frozen=True, slots=True)
class Touched:
    """Adaptations of one pack whose section is another one now.

    Attributes:
        section: The id that they adapt.
        change: None where the section is gone.
        taken: Another section has the id now, so the adaptations would change that one unless they are rewritten.
    """

    section: str
    change: SectionChange | None
    taken: bool
    adaptations: tuple[Adaptation, ...]


def touched(pack: Pack, differences: Differences) -> tuple[Touched, ...]:
    """What the pack's own adaptations must be read against again: vanished sections first, then moves, then the rest."""
    changes: dict[str, SectionChange | None] = {section.id: None for section in differences.removed}
    changes |= {change.old.id: change for change in differences.changed}
    taken = {section.id for section in differences.added} | {c.new.id for c in differences.changed if c.renamed}
    found = (Touched(section, change, section in taken, tuple(_adapting(pack, section))) for section, change in changes.items())
    return tuple(sorted((t for t in found if t.adaptations), key=_weight))


def over(stack: PackStack, spec: Spec) -> PackStack:
    """The same packs over another spec, which takes the place of theirs, name included."""
    return replace(stack, spec=Spec(stack.spec.id, spec.title, spec.sections, spec.digest))


def _adapting(pack: Pack, section: str) -> Iterator[Adaptation]:
    return (adaptation for adaptation in pack.adaptations if adaptation.adapts == section)


def _weight(item: Touched) -> tuple[int, str]:
    if item.change is None:
        return (0, item.section)
    return (1 if item.change.moved or item.change.renamed else 2, item.section)
