"""AU001 protected-section-override

What it does: Finds adaptations that override or omit a `root` section of the base spec, on any basis, law included.

Why it matters: Red lines hold everywhere. No layer may weaken, replace or switch one off, and no law can be cited for it.

Example: `adapts: no_emotion_inference` with `effect: override`.

Use instead: `effect: specialise`, which may only make the section stricter, or no adaptation at all.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        section = subject.section(adaptation)
        if section is not None and section.authority == "root" and adaptation.effect in ("override", "omit"):
            yield (
                Place.of(adaptation, "effect"),
                f"{adaptation.id}: expected specialise or add on the root section {section.id!r}, found {adaptation.effect}",
                "A red line cannot be replaced or left out. Use `effect: specialise` to make it stricter, or remove the adaptation.",
            )


RULE = Rule("AU001", "protected-section-override", _judge)
