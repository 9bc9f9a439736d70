"""The report in SARIF, for code scanning.

Source: SARIF 2.1.0 (OASIS).
"""

from __future__ import annotations

from typing import Any

from endonym.check.pages import rule_pages
from endonym.check.report import CheckReport
from endonym.check.suppress import REMEDY
from endonym.core.diagnostics import Diagnostic

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def to_sarif(report: CheckReport, version: str) -> dict[str, Any]:
    """One run; `version` is the product's. A suppressed finding carries its reason as a suppression."""
    found = {d.code: d.name for d in report.diagnostics}
    pages = {page.code: page for page in rule_pages()}
    rules = [
        {"id": code, "name": name}
        | ({"shortDescription": {"text": page.finds}, "fullDescription": {"text": page.why},
            "help": {"text": page.instead}, "defaultConfiguration": {"level": _LEVELS[page.severity]}}
           if (page := pages.get(code)) else {})
        for code, name in sorted(found.items())
    ]  # fmt: skip
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "endonym", "version": version, "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": [_result(d, places[d.code]) for d in report.diagnostics],
        }],
    }  # fmt: skip


def _result(found: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code, "ruleIndex": rule, "level": _LEVELS[found.severity],
        "message": {"text": f"{found.message}. {found.remedy}"},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": found.span.file},
            "region": {"startLine": found.span.line, "startColumn": found.span.column},
        }}],
        "properties": {"standing": found.standing},
    }  # fmt: skip
    if found.remedy.startswith(REMEDY):
        result["suppressions"] = [{"kind": "external", "justification": found.remedy.removeprefix(REMEDY)}]
    return result
