"""Faults of a roster: where, what was expected and what was found. Surfaces put them into words: `roster-fault-<kind>` of the interface strings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from endonym.core.diagnostics import Diagnostic, Severity, Span

CODES = {
    "unreadable": "RO001", "too-large": "RO002", "missing-file": "RO003", "manifest": "RO004", "encoding": "RO005", "encoding-guessed": "RO006",
    "missing-column": "RO007", "unknown-column": "RO008", "column-order": "RO009", "malformed": "RO010", "cells": "RO011", "empty": "RO012",
    "doubled": "RO013", "reference": "RO014", "value": "RO015", "date": "RO016", "text": "RO017", "nothing": "RO018",
}  # fmt: skip
"""Of each kind of fault."""
_MOST = 500
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """Attributes: column: Or ""; expected, found: Words of the file and of its format, in no language of ours."""

    kind: str
    file: str
    line: int
    column: str = ""
    expected: str = ""
    found: str = ""
    severity: Severity = "error"

    @property
    def code(self) -> str:
        return CODES[self.kind]

    def words(self, text: Callable[..., str]) -> tuple[str, str]:
        """(what is wrong, what to do), in the language of `text`, which finds interface strings."""
        said = text(f"roster-fault-{self.kind}", column=self.column, expected=self.expected, found=self.found)
        message, _, remedy = said.partition(" | ")
        return message, remedy

    def diagnostic(self, text: Callable[..., str]) -> Diagnostic:
        message, remedy = self.words(text)
        return Diagnostic(self.code, self.kind, self.severity, Span(self.file, self.line), message, remedy)


@dataclass(slots=True)
class Faults:
    """Collects faults; of very many the first are kept, and the rest counted.

    Attributes:
        errors: How many of all are errors.
    """

    found: list[Fault] = field(default_factory=list)
    more: int = 0
    errors: int = 0

    def add(self, kind: str, file: str, line: int, column: str = "", expected: str = "", found: str = "", severity: Severity = "error") -> None:
        self.errors += severity == "error"
        if len(self.found) >= _MOST:
            self.more += 1
            return
        self.found.append(Fault(kind, file, line, column, expected, shown(found), severity))

    def sorted(self) -> tuple[Fault, ...]:
        return tuple(sorted(dict.fromkeys(self.found), key=lambda fault: (fault.severity != "error", fault.file, fault.line)))


def shown(text: str) -> str:
    """What stood in a file, on one line and without what could change how the rest is read."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
