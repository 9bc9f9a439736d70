"""LS002 law-without-provision

What it does: Finds `basis: law` that cites no statute or regulation.

Why it matters: A guideline, a curriculum or a custom is not law, however official it looks.

Example: `basis: law` citing a ministry's guideline.

Use instead: The provision itself, or another basis.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.sources import LEGAL_KINDS


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        kinds = {subject.stack.sources[s].kind for s in adaptation.cites if s in subject.stack.sources}
        if adaptation.basis == "law" and not kinds & set(LEGAL_KINDS):
            yield (
                Place.of(adaptation, "basis"),
                f"{adaptation.id}: expected a statute or regulation for basis law, found {', '.join(sorted(kinds)) or 'nothing'}",
                "Cite the provision, or change the basis to what it rests on.",
            )


RULE = Rule("LS002", "law-without-provision", _judge)
