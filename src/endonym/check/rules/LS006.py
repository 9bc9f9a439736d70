"""LS006 foreign-looking-source

What it does: Finds sources whose title, identifier or address points to another country than `jurisdiction` says.

Why it matters: Only law of the pack's own country may change what its people are told; a wrong field hides a foreign one.

Example: `jurisdiction = "KZ"` and the title "Federal Law of the Russian Federation".

Use instead: The true jurisdiction; foreign law is no basis here.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.origin import foreign
from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.sources import LEGAL_KINDS


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for source in pack.sources:
            if source.kind in LEGAL_KINDS and (found := foreign(source)):
                yield (
                    Place(source.file, source.line),
                    f"{source.id}: expected a source of {source.jurisdiction or 'a named country'}, found {found}",
                    "Correct `jurisdiction`, or cite the country's own provision.",
                )


RULE = Rule("LS006", "foreign-looking-source", _judge, standing="judged")
