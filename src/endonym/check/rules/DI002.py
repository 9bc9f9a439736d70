"""DI002 trigger-missing

What it does: Finds omissions and overriding law without a trigger.

Why it matters: Without one nobody could tell which replies are affected and owe a disclosure.

Example: `effect: omit` without `trigger:`.

Use instead: `trigger:` with the terms that question or draft must hold.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        lawful = adaptation.effect == "override" and adaptation.basis == "law"
        if (adaptation.effect == "omit" or lawful) and adaptation.trigger is None:
            yield (
                Place.of(adaptation, "effect"),
                f"{adaptation.id}: expected a trigger, found none",
                "Add `trigger:` with groups of terms; docs/packs.md shows one.",
            )


RULE = Rule("DI002", "trigger-missing", _judge)
