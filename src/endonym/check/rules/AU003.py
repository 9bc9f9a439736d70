"""AU003 omit-without-law

What it does: Finds omissions on another basis than law.

Why it matters: Nothing but law may take substance away, and then only in the open.

Example: `effect: omit` with `basis: norm`.

Use instead: `effect: specialise` for tone and manner; leave the facts in.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        if adaptation.effect == "omit" and adaptation.basis != "law":
            yield (
                Place.of(adaptation, "basis"),
                f"{adaptation.id}: expected basis law for an omission, found {adaptation.basis}",
                "Only law may leave information out. Use `effect: specialise` to change tone, or remove the adaptation.",
            )


RULE = Rule("AU003", "omit-without-law", _judge)
