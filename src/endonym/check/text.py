"""The report as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.report import CheckReport

_COLOURS = {"error": "31", "warning": "33", "info": "36"}
_STANDING = {"judged": "people must judge this", "unproved": "nothing proves this"}


def to_text(report: CheckReport, *, colour: bool = False) -> str:
    """Findings with place, code, message and remedy, then a summary."""
    return "\n".join(_lines(report, colour))


def _lines(report: CheckReport, colour: bool) -> Iterator[str]:
    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    for found in report.diagnostics:
        place = f"{found.span.file}:{found.span.line}"
        yield f"{paint(place, '1')}: {paint(found.severity, _COLOURS[found.severity])} {found.code} {found.name}"
        yield f"    {found.message}"
        yield f"    {paint('→', '2')} {found.remedy}" + (f" ({_STANDING[found.standing]})" if found.standing in _STANDING else "")
    if report.diagnostics:
        yield ""
    errors, warnings = len(report.errors), len(report.warnings)
    rest = len(report.diagnostics) - errors - warnings
    names = ", ".join(report.packs)
    yield f"{names}: {_count(errors, 'error')}, {_count(warnings, 'warning')}, {rest} for information (as of {report.as_of})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
