"""LY003 layer-order

What it does: Finds packs that extend a pack of the same or a higher layer.

Why it matters: Layers only narrow, in the order region, country, network, school, class.

Example: A country pack that extends a school pack.

Use instead: A pack of a layer below.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.manifest import LAYERS, extended_id


def _judge(subject: Subject) -> Iterator[Found]:
    for pack, requirement in subject.extended():
        below = subject.pack(extended_id(requirement))
        if below is not None and LAYERS.index(below.manifest.layer) >= LAYERS.index(pack.manifest.layer):
            yield (
                Place.manifest(pack, "extends"),
                f"expected a pack of a layer below {pack.manifest.layer!r}, found {below.manifest.layer!r} in {below.manifest.id}",
                "A pack extends packs of lower layers only: region, country, network, school, class.",
            )


RULE = Rule("LY003", "layer-order", _judge)
