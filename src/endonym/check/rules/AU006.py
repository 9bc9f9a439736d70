"""AU006 law-by-wrong-layer

What it does: Finds overriding or omitting law in network, school and class packs.

Why it matters: Only the layer whose parliament passed the provision may apply it: a region or a country.

Example: A school pack with `basis: law`, `effect: omit`.

Use instead: The country's pack; propose the adaptation there.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack, adaptation in subject.adaptations():
        layer = pack.manifest.layer
        if adaptation.basis == "law" and adaptation.effect in ("override", "omit") and layer not in ("region", "country"):
            yield (
                Place.of(adaptation, "basis"),
                f"{adaptation.id}: expected a region or country pack for overriding law, found a {layer} pack",
                "Move the adaptation to the pack of the country whose law it is.",
            )


RULE = Rule("AU006", "law-by-wrong-layer", _judge)
