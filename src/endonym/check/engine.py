"""Run every rule over a stack."""

from __future__ import annotations

from datetime import date

from endonym.check.report import CheckReport
from endonym.check.rules import RULES
from endonym.check.subject import Subject
from endonym.check.suppress import suppressed
from endonym.core.diagnostics import sort_diagnostics
from endonym.core.memory import Memory
from endonym.pack.stack import PackStack
from endonym.seams.language import LanguageTools


def check(stack: PackStack, tools: LanguageTools, as_of: date, memory: Memory | None = None) -> CheckReport:
    """What is wrong with the packs of a stack, dates judged as of `as_of`. Deterministic.

    Args:
        memory: What was found before of objects that are still the same.
    """
    subject = Subject(stack, tools, as_of, memory or Memory())
    found = suppressed((diagnostic for rule in RULES for diagnostic in rule.find(subject)), stack)
    names = tuple(pack.manifest.id for pack in stack.packs)
    return CheckReport(sort_diagnostics((*stack.diagnostics, *found)), as_of, names)
