"""The result of a check."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from endonym.core.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Diagnostics in order; `as_of` is the day by which dates were judged."""

    diagnostics: tuple[Diagnostic, ...]
    as_of: date
    packs: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity == "warning")


def to_json(report: CheckReport) -> dict[str, Any]:
    """The report for machines; stable keys."""
    counts = Counter(d.severity for d in report.diagnostics)
    return {
        "diagnostics": [
            {"code": d.code, "name": d.name, "severity": d.severity, "file": d.span.file, "line": d.span.line,
             "column": d.span.column, "message": d.message, "remedy": d.remedy, "standing": d.standing}
            for d in report.diagnostics
        ],
        "packs": list(report.packs),
        "as_of": report.as_of.isoformat(),
        "counts": {severity: counts.get(severity, 0) for severity in ("error", "warning", "info")},
    }  # fmt: skip
