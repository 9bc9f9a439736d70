"""What a roster says of classes, as it goes from whoever read it to the store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Student:
    """Attributes: source: What stays the same from one list to the next; name: As it stands on the sheet; names: Each name by which others may call them."""

    source: str
    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A class of a roster. Attributes: schools: Each word by which its school is named there, none where it is not."""

    source: str
    name: str
    schools: tuple[str, ...]
    students: tuple[Student, ...]
