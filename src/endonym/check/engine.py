"""Run every rule over a stack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from endonym.check.report import CheckReport
from endonym.check.rules import RULES
from endonym.check.subject import Circumstances, Rule, Subject, TextRule, diagnostic
from endonym.check.suppress import suppressed
from endonym.check.written import Origin
from endonym.core.diagnostics import Diagnostic, sort_diagnostics
from endonym.core.memory import Memory
from endonym.pack.stack import PackStack
from endonym.seams.language import LanguageTools

_STACK_RULES = tuple(rule for rule in RULES if isinstance(rule, Rule))
_TEXT_RULES = tuple(rule for rule in RULES if isinstance(rule, TextRule))


def check(stack: PackStack, tools: LanguageTools, as_of: date, memory: Memory | None = None) -> CheckReport:
    """What is wrong with the packs of a stack, dates judged as of `as_of`. Deterministic.

    Args:
        memory: What was found before of objects that are still the same.
    """
    subject = Subject(stack, tools, as_of, memory or Memory())
    found = suppressed((*_of_stack(subject), *_of_texts(subject)), stack)
    names = tuple(pack.manifest.id for pack in stack.packs)
    return CheckReport(sort_diagnostics((*stack.diagnostics, *found)), as_of, names)


def _of_stack(subject: Subject) -> Iterator[Diagnostic]:
    for rule in _STACK_RULES:
        yield from (diagnostic(rule, found) for found in rule.judge(subject))


def _of_texts(subject: Subject) -> Iterator[Diagnostic]:
    """What the rules about texts find, all of them text by text, so that no text is prepared twice or kept."""
    circumstances = Circumstances.of(subject)
    name = f"texts {sorted(circumstances.languages)} {sorted(circumstances.capabilities)}"
    for origin in subject.origins():
        yield from subject.memory.of(name, origin.item, partial(_judged, origin, circumstances))


def _judged(origin: Origin, circumstances: Circumstances) -> tuple[Diagnostic, ...]:
    return tuple(
        diagnostic(rule, found) for text in origin.texts() for rule in _TEXT_RULES for found in rule.judge(text, circumstances)
    )
