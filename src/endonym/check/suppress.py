"""Suppressions: findings that a pack's makers let stand, for a reason that the public reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from endonym.core.diagnostics import Diagnostic
from endonym.pack.stack import PackStack

PROTECTED = ("AU", "LY", "DI", "PK", "SP", "MI001", "MI002", "LS001", "LS002", "LS003", "LS004", "LO001", "AC")
"""Codes that nobody may silence: authority, layers, disclosure, reading of files, minors, law, emergency numbers, accounts."""
REMEDY = "The pack lets it stand: "


def suppressed(found: Iterable[Diagnostic], stack: PackStack) -> Iterator[Diagnostic]:
    """The findings, those that a pack suppresses turned into information with the pack's reason as remedy."""
    entries = [(f"{pack.folder.name}/", entry) for pack in stack.packs for entry in pack.manifest.suppress
               if not entry.code.startswith(PROTECTED)]  # fmt: skip
    for diagnostic in found:
        reason = next((entry.reason for folder, entry in entries if entry.code == diagnostic.code
                       and diagnostic.span.file.startswith(folder + entry.file)), "")  # fmt: skip
        yield replace(diagnostic, severity="info", remedy=REMEDY + reason) if reason else diagnostic
