"""LS004 foreign-law

What it does: Finds overriding or omitting law of another jurisdiction.

Why it matters: A country applies its own law and that of its region, not a neighbour's.

Example: A pack of EE omitting by a statute of RU.

Use instead: The own provision.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.sources import LEGAL_KINDS


def _judge(subject: Subject) -> Iterator[Found]:
    for pack, adaptation in subject.adaptations():
        if adaptation.basis != "law" or adaptation.effect not in ("override", "omit"):
            continue
        regions = {p.manifest.jurisdiction for p in subject.stack.packs if p.manifest.layer == "region"}
        allowed = {pack.manifest.jurisdiction, *regions}
        for source_id in adaptation.cites:
            source = subject.stack.sources.get(source_id)
            if source and source.kind in LEGAL_KINDS and source.jurisdiction not in allowed:
                yield (
                    Place.of(adaptation, "cites"),
                    f"{adaptation.id}: expected law of {' or '.join(sorted(allowed))}, found {source.jurisdiction or 'none'} in {source.id}",
                    "Cite the provision of the pack's own jurisdiction.",
                )


RULE = Rule("LS004", "foreign-law", _judge)
