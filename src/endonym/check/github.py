"""The report as annotations of GitHub Actions.

Source: GitHub Actions workflow commands (`::error file=…,line=…,title=…::message`).
"""

from __future__ import annotations

from endonym.check.report import CheckReport

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def to_github(report: CheckReport) -> str:
    """One line for each finding."""
    return "\n".join(
        f"::{_COMMANDS[d.severity]} file={_property(d.span.file)},line={d.span.line},col={d.span.column},"
        f"title={_property(f'{d.code} {d.name}')}::{_data(f'{d.message}. {d.remedy}')}"
        for d in report.diagnostics
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
