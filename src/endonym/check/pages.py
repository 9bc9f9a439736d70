"""The page of each rule, read from the docstring of the module that defines it."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from importlib import resources

from endonym.check.rules import RULES
from endonym.check.subject import Rule, TextRule
from endonym.check.suppress import PROTECTED
from endonym.core.diagnostics import Severity, Standing

FAMILIES = {
    "AU": "Authority and red lines", "LY": "Layers", "LS": "Law and sources", "DI": "Disclosure", "LA": "Languages", "MI": "Minors",
    "CU": "Curriculum and lessons", "GL": "Glossary", "KN": "Knowledge", "VE": "Verifiers", "EX": "Examples",
    "AC": "Accountability", "LO": "Locale", "UI": "Interface", "TX": "Text", "CO": "Contradictions",
    "PK": "Reading of files", "SP": "Reading of specs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RulePage:
    """What a reader learns of a rule. `suppressible` is False for rules that nobody may silence."""

    code: str
    name: str
    severity: Severity
    standing: Standing
    family: str
    finds: str
    why: str
    example: str
    instead: str
    since: str
    suppressible: bool


def rule_pages() -> tuple[RulePage, ...]:
    """Every rule's page, in the order of the tuple of rules, then those of what reading the files finds."""
    return (*(_page(rule) for rule in RULES), *_reading_pages())


def _reading_pages() -> tuple[RulePage, ...]:
    """The pages of `reading.toml`."""
    listed = tomllib.loads(resources.files("endonym.check").joinpath("reading.toml").read_text("utf-8"))
    why = "What cannot be read cannot be judged, and nothing of it is compiled."
    return tuple(
        RulePage(code, page["name"], page.get("severity", "error"), "proved", FAMILIES[code[:2]], page["finds"], why, "",
                 page["instead"], "0.1.0", not code.startswith(PROTECTED))
        for code, page in listed.items()
    )  # fmt: skip


def _page(rule: Rule | TextRule) -> RulePage:
    text = sys.modules[rule.judge.__module__].__doc__ or ""
    parts = {head: " ".join(body.split()) for head, _, body in (part.partition(": ") for part in text.split("\n\n")[1:])}
    return RulePage(
        rule.code, rule.name, rule.severity, rule.standing, FAMILIES[rule.code[:2]], parts["What it does"],
        parts["Why it matters"], parts["Example"], parts["Use instead"], parts["Since"], not rule.code.startswith(PROTECTED),
    )  # fmt: skip
