"""LO004 currency-not-in-use

What it does: Finds currencies that CLDR does not know as the country's own today.

Why it matters: Prices in examples should be ones that a reader pays.

Example: `currency = "EEK"` in Estonia.

Use instead: The currency in use.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from babel.numbers import get_territory_currencies

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        used = get_territory_currencies(pack.manifest.jurisdiction, start_date=subject.as_of, end_date=subject.as_of, non_tender=False)
        currency = pack.locale.formats.currency
        if currency and used and currency not in used:
            yield (
                Place(f"{pack.folder.name}/locale.toml"),
                f"currency: expected {' or '.join(used)}, found {currency!r}",
                "Correct the code.",
            )


RULE = Rule("LO004", "currency-not-in-use", _judge, severity="warning")
