"""AU014 trigger-without-omission

What it does: Finds triggers on adaptations that are neither an `omit` nor a lawful `override`.

Why it matters: A trigger marks replies that leave something out. On a `specialise` or `add` it is an omission by another name, without what one needs.

Example: `effect: specialise` with `trigger:` and `reveals:`.

Use instead: `effect: omit` with its law, or no trigger.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        if adaptation.trigger is not None and not (adaptation.effect == "omit" or (adaptation.effect == "override" and adaptation.basis == "law")):
            yield (
                Place.of(adaptation, "trigger"),
                f"{adaptation.id}: expected a trigger with omit or a lawful override only, found one with {adaptation.effect} on the basis of {adaptation.basis}",
                "If something is to be left out, write `effect: omit` with the law that demands it. Otherwise remove the trigger.",
            )


RULE = Rule("AU014", "trigger-without-omission", _judge)
