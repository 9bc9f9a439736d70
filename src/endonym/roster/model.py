"""What a roster says, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, replace

from endonym.roster.faults import Fault, shown
from endonym.seams.roster import Group


@dataclass(frozen=True, slots=True)
class Roster:
    """Attributes: kind: Of the file; file: Its name, or that of the set's file with students; groups: What can be imported, without rows at fault; rows: How many were read; more: Faults beyond those that are listed."""

    kind: str
    file: str
    groups: tuple[Group, ...]
    faults: tuple[Fault, ...]
    rows: int
    more: int = 0

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools that it names, by the first word for each."""
        return tuple(dict.fromkeys(group.schools[0] for group in self.groups if group.schools))

    def of_school(self, school: str) -> Roster:
        """With the classes of a school alone; where the file names but one school or none, with all of them. A file of other schools is a fault."""
        wanted = _folded(school)
        own = tuple(group for group in self.groups if wanted in map(_folded, group.schools))
        if len(self.schools) <= 1 or not self.groups:
            return self
        faults = self.faults if own else (Fault("value", self.file, 1, "school", school, shown(", ".join(self.schools))), *self.faults)
        return replace(self, groups=own, faults=faults)

    @property
    def students(self) -> int:
        """How many there are, in all classes together."""
        return len({student.source for group in self.groups for student in group.students})


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
