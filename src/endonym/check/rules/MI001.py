"""MI001 minors-relaxed

What it does: Finds packs that declare an audience of minors as adults.

Why it matters: Who is a minor in a lower layer stays one; undeclared audiences are minors.

Example: `[audiences.student] minors = false` over a pack where it is true.

Use instead: `minors = true`, or another audience.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    minors: set[str] = set()
    for pack in subject.stack.packs:
        for name, audience in pack.manifest.audiences.items():
            if name in minors and not audience.minors:
                yield (
                    Place.manifest(pack),
                    f"audiences.{name}: expected minors = true as in the pack below, found false",
                    "Set minors = true, or name a new audience for adults.",
                )
            if audience.minors:
                minors.add(name)


RULE = Rule("MI001", "minors-relaxed", _judge)
