"""LO007 help-number-implausible

What it does: Finds help lines whose number cannot be dialled in the country.

Why it matters: A number with a digit too few helps nobody.

Example: `number = \"116 11\"` in Estonia.

Use instead: The number as the service publishes it.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.origin import diallable
from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for entry in pack.locale.help:
            if pack.manifest.layer != "region" and not diallable(entry.number, pack.locale.phone_region or pack.manifest.jurisdiction):
                yield (
                    Place.locale(pack, "help"),
                    f"help {entry.id}: expected a number that can be dialled in {pack.manifest.jurisdiction}, found {entry.number!r}",
                    "Write it as the service publishes it. If libphonenumber does not know it yet, say so under [[suppress]] with the reason.",
                )


RULE = Rule("LO007", "help-number-implausible", _judge, severity="warning")
