"""Faults in people's files, as values that are collected, sorted and reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
Standing = Literal["proved", "judged", "unproved"]
"""How a finding is known: proved by machine, to be judged by people, or unproved."""

_ORDER: dict[str, int] = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file. Lines and columns count from 1; `file` is relative to the pack's parent folder."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    Attributes:
        code: Stable, such as `AU001`.
        name: The rule's name, such as `protected-section-override`.
        message: Names the thing, what was expected and what was found.
        remedy: What to do, addressed to somebody who is no programmer.
        standing: Whether a machine proved it, people must judge it, or nothing proves it.
    """

    code: str
    name: str
    severity: Severity
    span: Span
    message: str
    remedy: str
    standing: Standing = "proved"


def sort_diagnostics(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Errors first, then by file, line and code; exact repeats are dropped."""
    return tuple(sorted(set(found), key=lambda d: (_ORDER[d.severity], d.span, d.code, d.message)))
