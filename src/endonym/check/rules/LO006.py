"""LO006 format-against-cldr

What it does: Finds decimal and group marks that differ from CLDR's without a source.

Why it matters: CLDR is kept by people of each country; who differs from it should be able to say why.

Example: `decimal = \".\"` in Estonia.

Use instead: CLDR's mark, or a `source`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.origin import number_marks
from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        formats = pack.locale.formats
        for name in ("decimal", "group"):
            own = getattr(formats, name)
            usual = {number_marks(language, pack.manifest.jurisdiction).get(name, "") for language in pack.manifest.languages}
            if own and not formats.source and own not in usual:
                yield (
                    Place.locale(pack, f"formats.{name}"),
                    f"{name}: expected {' or '.join(repr(mark) for mark in sorted(usual))} as CLDR has it, found {own!r} without a source",
                    "Use CLDR's mark, or name the source in [formats].",
                )


RULE = Rule("LO006", "format-against-cldr", _judge, severity="warning")
