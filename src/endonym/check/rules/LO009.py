"""LO009 help-line-costs-or-misleads

What it does: Finds help lines with a premium-rate number, and emergency entries whose number libphonenumber does not know as one.

Why it matters: Somebody in danger must reach help, at once and free of charge.

Example: `topics = ["self_harm"]`, `number = "1182"`.

Use instead: The number as the service publishes it.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.origin import misleading
from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        region = pack.locale.phone_region or pack.manifest.jurisdiction
        for entry in pack.locale.help if pack.manifest.layer != "region" else ():
            if reason := misleading(entry.number, region, "emergency" in entry.topics):
                yield Place.locale(pack, "help"), f"help {entry.id}: expected a number that reaches help free of charge, found {entry.number!r}, {reason}", "Correct the number. If it is right, say so under [[suppress]] with the reason."


RULE = Rule("LO009", "help-line-costs-or-misleads", _judge, severity="warning")
