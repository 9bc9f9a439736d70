"""A section of the base spec as it stands for an audience: what each layer changed, and on what basis."""

from __future__ import annotations

from dataclasses import dataclass

from endonym.pack.adaptations import Adaptation
from endonym.pack.sources import Source
from endonym.pack.stack import PackStack
from endonym.spec import Section


@dataclass(frozen=True, slots=True)
class Change:
    """One adaptation of a section, with the register entries that it cites."""

    adaptation: Adaptation
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A section and its changes, the lowest layer first: an earlier change stands over a later one.

    Attributes:
        section: None where an adaptation adds something of its own.
    """

    section: Section | None
    changes: tuple[Change, ...]


def explain(stack: PackStack, wanted: str, audience: str = "") -> Explanation | None:
    """What stands under `wanted`, the id of a section or of an adaptation; None where nothing has that id.

    Args:
        audience: Leave out adaptations for other audiences; "" keeps all.
    """
    named = next((a for a in stack.adaptations if a.id == wanted), None)
    section = stack.spec.section(named.adapts if named and named.adapts else wanted)
    if section is None and named is None:
        return None
    found = [a for a in stack.adaptations if (a.adapts == section.id if section else a is named)]
    kept = [a for a in found if not audience or not a.audience or audience in a.audience]
    sources = stack.sources
    return Explanation(section, tuple(Change(a, tuple(sources[s] for s in a.cites if s in sources)) for a in kept))
