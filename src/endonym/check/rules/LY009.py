"""LY009 capability-wider

What it does: Finds capabilities that a layer turns on which no country or region pack below it has.

Why it matters: What assesses, grades, steers or profiles a learner needs the country's recorded legal basis; a school has none of its own.

Example: `capabilities = ["grading"]` in a school under a country without it.

Use instead: The capability in the country's pack, with its law, first.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        lawgivers = [p for p in subject.stack.packs if p.manifest.layer in ("region", "country")]
        if pack in lawgivers or not lawgivers:
            continue
        allowed = {name for below in lawgivers for name in below.manifest.capabilities}
        if wrong := [name for name in pack.manifest.capabilities if name not in allowed]:
            yield (
                Place.manifest(pack, "capabilities"),
                f"capabilities: expected those of the country's pack ({', '.join(sorted(allowed)) or 'none'}), found {', '.join(wrong)}",
                "Take the capability out, or have the country's pack record its legal basis first.",
            )


RULE = Rule("LY009", "capability-wider", _judge)
