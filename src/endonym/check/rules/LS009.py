"""LS009 force-and-text-disagree

What it does: Finds sources that say `in_force` while their own words speak of a draft, a repealed or a future provision.

Why it matters: The words were copied from where the provision was read; the field was filled in by hand.

Example: `force = "in_force"`, title "Draft Act on …".

Use instead: The force that the words say.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.wordings import says
from endonym.pack.sources import LEGAL_KINDS


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for source in pack.sources:
            told = f"{source.title} | {source.title_en} | {source.version} | {source.pinpoint} | {source.paraphrase}"
            if source.kind in LEGAL_KINDS and source.force == "in_force" and (found := says("not_binding", told)):
                yield (
                    Place(source.file, source.line),
                    f"{source.id}: expected the words of a provision in force, found {found!r}",
                    "Correct `force`. If the words are about something else, say so under [[suppress]] with the reason.",
                )


RULE = Rule("LS009", "force-and-text-disagree", _judge, standing="judged")
