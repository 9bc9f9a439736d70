"""Which of two rules is narrower, as far as machines can compare, and which version of a pack a change of them asks for.

Narrower means that less is allowed, kept or told. A version number speaks to the people whom a pack serves: a major one takes
something away from them, a minor one protects or gives more, a patch changes no behaviour.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from endonym.pack.adaptations import Trigger
from endonym.pack.manifest import version_parts

Direction = Literal["narrower", "wider", ""]
"""Where a change leads; "" where a machine cannot tell, or where it leads both ways."""
Level = Literal["patch", "minor", "major"]
LEVELS: tuple[Level, ...] = ("patch", "minor", "major")

OPTIONS: Mapping[str, Mapping[str, Callable[[Any, Any], Any]]] = {
    "length": {"max_words": min},
    "questions": {"max": min, "min": max},
    "citation": {"min": max},
    "giveaway": {"attempts": max},
    "reading_level": {"max": min},
}
"""For each option of a verifier that is a number, what tells the narrower of two values."""

_MORE_IS: Mapping[str, Direction] = {
    "forbidden": "narrower", "identifiers": "narrower", "required": "wider", "allowed": "wider", "except_subjects": "wider",
}  # fmt: skip
"""For each option of a verifier that is a list, what a further entry does: of what is required, one entry is enough."""
_OPPOSITE: Mapping[Direction, Direction] = {"narrower": "wider", "wider": "narrower", "": ""}


@dataclass(frozen=True, slots=True)
class Weight:
    """What a change comes to."""

    direction: Direction
    level: Level


PATCH = Weight("", "patch")
MINOR = Weight("", "minor")
MAJOR = Weight("", "major")


def of_rule(direction: Direction) -> Weight:
    """A change of what binds the assistant: people lose a protection where it gets wider."""
    return Weight(direction, "major" if direction == "wider" else "minor")


def of_withholding(direction: Direction) -> Weight:
    """A change of what is left out or overridden: people lose something unless less of it is."""
    return Weight(direction, "minor" if direction == "wider" else "major")


def opposite(direction: Direction) -> Direction:
    return _OPPOSITE[direction]


def together(directions: Iterable[Direction]) -> Direction:
    """The one direction of several changes."""
    found = set(directions)
    return found.pop() if len(found) == 1 else ""


def by_number(narrower: Callable[[Any, Any], Any], before: float | None, after: float | None) -> Direction:
    """`None` is no limit at all."""
    if before is None or after is None:
        return "narrower" if before is None else "wider"
    return "narrower" if narrower(before, after) == after else "wider"


def by_entries(more: Direction, before: Collection[Any], after: Collection[Any]) -> Direction:
    """Args: more: What a further entry does."""
    old, new = set(before), set(after)
    if old == new:
        return ""
    return more if old <= new else _OPPOSITE[more] if new <= old else ""


def by_reach(before: Collection[str], after: Collection[str]) -> Direction:
    """A rule that reaches more is narrower; an empty list reaches all."""
    if not before or not after:
        return "wider" if not before else "narrower"
    return by_entries("narrower", before, after)


def by_options(use: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Direction:
    """How the verifier `use` changed; `None` where there is no such check."""
    if before is None or after is None:
        return "narrower" if before is None else "wider"
    names = [name for name in (*before, *(name for name in after if name not in before)) if before.get(name) != after.get(name)]
    return together(_by_option(use, name, before.get(name), after.get(name)) for name in names)


def _by_option(use: str, name: str, before: Any, after: Any) -> Direction:
    if name in OPTIONS.get(use, {}):
        return by_number(OPTIONS[use][name], before, after)
    if name == "allowed" or name == "required":
        if not before or not after:  # any is allowed, or none is required
            return by_number(min, None if not before else 1, None if not after else 1)
        return by_entries(_MORE_IS[name], before, after) if use != "pattern" else by_entries("narrower", before, after)
    if name in _MORE_IS:
        return by_entries(_MORE_IS[name], before or (), after or ())
    return ""


def by_trigger(before: Trigger | None, after: Trigger | None) -> Direction:
    """A trigger that matches more withholds more, which is narrower."""
    if before is None or after is None:
        return "narrower" if before is None else "wider"
    more, less = _covers(after, before), _covers(before, after)
    return "" if more == less else "narrower" if more else "wider"


def _covers(one: Trigger, other: Trigger) -> bool:
    """Whether `one` surely matches, and withholds, wherever `other` does."""
    groups = [set(group) for group in other.all]
    matches = not groups or (bool(one.all) and all(any(group <= set(mine) for group in groups) for mine in one.all))
    return matches and set(one.patterns) >= set(other.patterns) and set(one.reveals) >= set(other.reveals)


def next_version(version: str, level: Level) -> str:
    """The lowest version that may follow. Below 1.0.0 a major change raises the second number and any other the third."""
    major, minor, patch = version_parts(version)[:3]
    if major == 0:
        return f"0.{minor + 1}.0" if level == "major" else f"0.{minor}.{patch + 1}"
    return {"major": f"{major + 1}.0.0", "minor": f"{major}.{minor + 1}.0", "patch": f"{major}.{minor}.{patch + 1}"}[level]
