"""LY007 check-wider

What it does: Finds checks that let pass what the same check of a layer below forbids.

Why it matters: Layers only narrow. The narrower check would hold all the same, so the wider one misleads whoever reads it.

Example: `length: {max_words: 400}` in a school under a country with 200.

Use instead: A value that is equal or narrower, or no check.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from endonym.check.conflict import meeting, wider
from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    placed = [adaptation for _, adaptation in subject.adaptations() if adaptation.verify]
    for lower, upper in meeting(placed):
        if lower.layer != upper.layer:
            for one, other in product(lower.verify, upper.verify):
                if one.use == other.use and (reason := wider(one.use, one.options, other.options)):
                    yield (
                        Place.of(upper, "verify"),
                        f"{upper.id}: expected `{other.use}` as narrow as in {lower.id} of {lower.pack}, found {reason}",
                        "Use an equal or narrower value; the one below holds in any case.",
                    )


RULE = Rule("LY007", "check-wider", _judge)
