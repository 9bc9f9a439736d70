"""LS007 guideline-as-law

What it does: Finds sources registered as statute or regulation whose title is that of guidance.

Why it matters: A circular binds nobody like a law does, and cannot take information away from people.

Example: `kind = "statute"`, title "Guidelines for schools".

Use instead: `kind = "guideline"`, and a basis other than law.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.wordings import says
from endonym.pack.sources import LEGAL_KINDS


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for source in pack.sources:
            if source.kind in LEGAL_KINDS and (found := says("guideline", f"{source.title} | {source.title_en}")):
                yield (
                    Place(source.file, source.line),
                    f"{source.id}: expected the title of a statute or regulation, found {found!r}",
                    'Write `kind = "guideline"` if that is what it is. If it is law by another name, say so under [[suppress]] with the reason.',
                )


RULE = Rule("LS007", "guideline-as-law", _judge, standing="judged")
