"""AU005 unknown-section

What it does: Finds adaptations of sections that the base spec does not have, another pack's adaptations included.

Why it matters: An adaptation aims at the base spec. What a higher layer decided is never replaced by a lower one.

Example: `adapts: language_of_replies`.

Use instead: The id as `endonym spec show` prints it; for something new, leave `adapts` out and use `add`.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    own = {adaptation.id for _, adaptation in subject.adaptations()}
    for _, adaptation in subject.adaptations():
        if adaptation.adapts and subject.section(adaptation) is None:
            other = " (that is an adaptation of a pack; those are never replaced)" if adaptation.adapts in own else ""
            yield (
                Place.of(adaptation, "adapts"),
                f"{adaptation.id}: expected the id of a section of the base spec, found {adaptation.adapts!r}{other}",
                "`endonym spec show` lists the ids. For something new, leave `adapts` out and write `effect: add`.",
            )
        if not adaptation.adapts and adaptation.effect != "add":
            yield (
                Place.of(adaptation, "effect"),
                f"{adaptation.id}: expected `adapts` for effect {adaptation.effect}, found none",
                "Name the section that is adapted, or write `effect: add`.",
            )


RULE = Rule("AU005", "unknown-section", _judge)
