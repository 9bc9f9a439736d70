"""LS005 provision-incomplete

What it does: Finds overriding or omitting law whose source lacks a pinpoint or the date from which it holds.

Why it matters: Readers must be able to open the very provision and see since when it binds.

Example: A statute without `pinpoint`.

Use instead: `pinpoint = "§ 4(1)"` and `valid_from`.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.sources import LEGAL_KINDS


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        if adaptation.basis != "law" or adaptation.effect not in ("override", "omit"):
            continue
        for source_id in adaptation.cites:
            source = subject.stack.sources.get(source_id)
            if source and source.kind in LEGAL_KINDS and not (source.pinpoint and source.valid_from):
                yield (
                    Place(source.file, source.line),
                    f"{source.id}: expected pinpoint and valid_from of a provision that {adaptation.id} rests on, found one missing",
                    "Add both to the source.",
                )


RULE = Rule("LS005", "provision-incomplete", _judge)
