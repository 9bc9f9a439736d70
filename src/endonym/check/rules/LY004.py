"""LY004 base-spec-differs

What it does: Finds packs of one stack that adapt different specs.

Why it matters: An adaptation means what it says only over the spec it was written for.

Example: `base_spec = "endonym-base"` over a country pack with a spec of its own.

Use instead: The spec that the packs below name.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        if pack.manifest.base_spec != subject.stack.spec.id:
            yield (
                Place.manifest(pack, "base_spec"),
                f"expected base_spec {subject.stack.spec.id!r}, found {pack.manifest.base_spec!r}",
                "All packs of a stack adapt the same spec.",
            )


RULE = Rule("LY004", "base-spec-differs", _judge)
