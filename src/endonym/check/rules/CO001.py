"""CO001 contradiction

What it does: Finds two adaptations that cannot both be followed: their checks exclude each other for the same readers.

Why it matters: A reply that must break one of two rules fails whatever it says.

Example: One layer allows replies in Estonian only, another in Russian only.

Use instead: Conditions that do not overlap, or one of the two.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from endonym.check.conflict import exclusive, meeting
from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for earlier, later in meeting([adaptation for _, adaptation in subject.adaptations() if adaptation.verify]):
        for one, other in product(earlier.verify, later.verify):
            if one.use == other.use and (reason := exclusive(one.use, one.options, other.options)):
                yield (
                    Place.of(later, "verify"),
                    f"{later.id} ({later.pack}) and {earlier.id} ({earlier.pack}): expected checks that one reply can pass, found {reason}",
                    f"{earlier.id} stands, being of the {'same layer and read first' if earlier.layer == later.layer else 'layer below'}; "
                    "narrow `audience` or `applies`, or drop the check here.",
                )


RULE = Rule("CO001", "contradiction", _judge)
