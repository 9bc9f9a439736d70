"""LS003 provision-not-in-force

What it does: Finds overriding or omitting law whose provision is not in force on the day of the check.

Why it matters: A draft, a repealed provision or one that has not commenced binds nobody.

Example: `effect: omit` citing a source with `force = "enacted_not_commenced"`.

Use instead: Wait until it is in force, or cite one that is.

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
        cited = [subject.stack.sources[s] for s in adaptation.cites if s in subject.stack.sources]
        legal = [source for source in cited if source.kind in LEGAL_KINDS]
        if legal and not any(source.in_force_on(subject.as_of) for source in legal):
            yield (
                Place.of(adaptation, "cites"),
                f"{adaptation.id}: expected a provision in force on {subject.as_of}, found "
                + "; ".join(f"{source.id} ({source.force})" for source in legal),
                "Cite a provision in force, or remove the adaptation until this one is.",
            )


RULE = Rule("LS003", "provision-not-in-force", _judge)
