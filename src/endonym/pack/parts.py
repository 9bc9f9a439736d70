"""What can differ between two versions of a pack: entries with an id, and their parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from endonym.pack.narrowing import MAJOR, MINOR, PATCH, Weight

Group = Literal["behaviour", "presentation", "accountability"]
GROUPS: tuple[Group, ...] = ("behaviour", "presentation", "accountability")
Kind = Literal["pack", "audience", "section", "adaptation", "source", "outcome", "lesson", "document", "passage", "term", "locale",
               "help line", "case", "interface", "changelog"]  # fmt: skip
Weigh = Callable[[Any, Any], Weight]
"""(value before, value after) to what the change comes to; `None` stands for no value."""

_PLACE = frozenset({"id", "pack", "file", "line", "lines", "layer"})


def minor(before: Any, after: Any) -> Weight:
    return MINOR


def major(before: Any, after: Any) -> Weight:
    return MAJOR


def patch(before: Any, after: Any) -> Weight:
    return PATCH


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is compared.

    Attributes:
        value: What is compared.
        shown: The value for readers.
        items: What a long value differs by, if it is made of several.
        prose: Whether it is running text, which differs by words.
        language: BCP 47 tag of running text, "" where it is not known.
        line: 0 where it is not known.
    """

    group: Group
    value: Any
    shown: str
    weigh: Weigh = minor
    prose: bool = False
    language: str = ""
    line: int = 0
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What has an id in a pack, with its parts by name.

    Attributes:
        label: What it is, in a few words for readers.
        file: "" where it is not known.
        added: What it comes to when the whole entry comes.
        removed: What it comes to when the whole entry goes.
        language: BCP 47 tag of the label, "" where it is not known.
    """

    kind: Kind
    id: str
    label: str
    file: str
    line: int
    parts: Mapping[str, Part]
    group: Group = "behaviour"
    added: Weight = MINOR
    removed: Weight = MAJOR
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sorting:
    """How the fields of a model are compared; a field that nobody sorted is behaviour, so that nothing new goes unseen.

    Attributes:
        weigh: What a change of a field of behaviour comes to; `minor` where nothing is said.
        prose: Fields of running text.
        skip: Fields that are compared otherwise, or not at all.
        default: The group of a field that is in neither `presentation` nor `accountability`.
    """

    presentation: frozenset[str] = frozenset()
    accountability: frozenset[str] = frozenset()
    weigh: Mapping[str, Weigh] | None = None
    prose: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    default: Group = "behaviour"

    def group(self, name: str) -> Group:
        return "presentation" if name in self.presentation else "accountability" if name in self.accountability else self.default


def parts_of(model: BaseModel, sorting: Sorting, lines: Mapping[str, int], at: str = "", language: str = "") -> dict[str, Part]:
    """A part for each field of `model`, and for each entry of a field that maps names to values.

    Args:
        lines: Line of each field, by its name behind `at`.
        language: Of running text that does not name its own.
    """
    found: dict[str, Part] = {}
    for name in type(model).model_fields:
        if name in _PLACE or name in sorting.skip:
            continue
        group, prose, value = sorting.group(name), name in sorting.prose, getattr(model, name)
        weigh = (sorting.weigh or {}).get(name, minor) if group == "behaviour" else patch
        for key, item in value.items() if isinstance(value, dict) else [("", value)]:
            full = f"{name}.{key}" if key else name
            line = lines.get(at + full) or lines.get(at + name, 0)
            tag = (key or language) if prose else ""
            plain = " ".join(item.split()) if prose and item else item
            found[full] = Part(group, plain, shown(item), weigh, prose, tag, line, listed(item))
    return found


def prose_part(text: str, weigh: Weigh = minor, *, group: Group = "behaviour", language: str = "", line: int = 0) -> Part:
    """Running text, compared without regard to white space."""
    return Part(group, " ".join(text.split()), text.strip(), weigh, True, language, line)


def shown(value: Any) -> str:
    """A value as a reader sees it: lists with commas, names before their values."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {shown(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    return {None: "", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else str(value)


def listed(value: Any) -> tuple[str, ...]:
    """The entries of a list as a reader sees them, and those of named lists with the name before each; else nothing."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, dict):
        return tuple(f"{name}: {item}" for name, part in value.items() for item in listed(part) or (shown(part),))
    return tuple(shown(item) for item in value) if isinstance(value, list | tuple) else ()
