"""LY010 gate-wider

What it does: Finds evaluation gates that ask for less than a layer below.

Why it matters: A gate is a promise of quality; a layer above may only promise more.

Example: `[gates] pass_rate = 0.8` over a country with 0.9.

Use instead: An equal or higher rate.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    highest = 0.0
    for pack in subject.stack.packs:
        rate = pack.manifest.gates.pass_rate
        if 0 < rate < highest:
            yield (
                Place.manifest(pack, "gates"),
                f"gates.pass_rate: expected at least {highest:g} as in the layer below, found {rate:g}",
                "Set the rate of the layer below or a higher one.",
            )
        highest = max(highest, rate)


RULE = Rule("LY010", "gate-wider", _judge)
