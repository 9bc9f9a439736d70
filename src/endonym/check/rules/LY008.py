"""LY008 setting-wider

What it does: Finds typed settings (`sets`) that are wider than those of a layer below.

Why it matters: Layers only narrow: a school cannot keep conversations longer than its country allows, nor lower the age of consent.

Example: `sets: {retention_days: 400}` in a school under a country with 365.

Use instead: A value that is equal or narrower.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.conflict import meeting
from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.adaptations import NARROWER, Settings


def _judge(subject: Subject) -> Iterator[Found]:
    placed = [adaptation for _, adaptation in subject.adaptations() if adaptation.sets != Settings()]
    for lower, upper in meeting(placed):
        if lower.layer != upper.layer:
            for name, narrower in NARROWER.items():
                mine, theirs = getattr(upper.sets, name), getattr(lower.sets, name)
                if mine is not None and theirs is not None and narrower(mine, theirs) != mine:
                    yield (
                        Place.of(upper, "sets"),
                        f"{upper.id}: expected {name} {'at most' if narrower is min else 'at least'} {theirs} as in {lower.id} "
                        f"of {lower.pack}, found {mine}",
                        f"Set {name} to {theirs} or narrower.",
                    )


RULE = Rule("LY008", "setting-wider", _judge)
