"""LO003 unknown-region

What it does: Finds phone regions and calendars of holidays that do not exist.

Why it matters: Numbers are recognised by their region; a wrong one lets them through.

Example: `phone_region = "EST"`.

Use instead: The country's ISO 3166 code.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers
from holidays.registry import COUNTRIES

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    calendars = {entry[1] for entry in COUNTRIES.values()}
    for pack in subject.stack.packs:
        for key, value, known in (
            ("phone_region", pack.locale.phone_region, phonenumbers.SUPPORTED_REGIONS), ("holidays", pack.locale.holidays, calendars),
        ):  # fmt: skip
            if value and value not in known:
                yield (
                    Place(f"{pack.folder.name}/locale.toml"),
                    f"{key}: expected the ISO 3166 code of a country, found {value!r}",
                    f"Write {pack.manifest.jurisdiction} if that is the country.",
                )


RULE = Rule("LO003", "unknown-region", _judge)
