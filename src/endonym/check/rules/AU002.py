"""AU002 override-above-guideline-without-law

What it does: Finds adaptations that override a system, developer or user section on another basis than law.

Why it matters: Above `guideline` only law may replace what the base spec says.

Example: `adapts: do_not_lie`, `effect: override`, `basis: norm`.

Use instead: `effect: specialise`, or `basis: law` with a provision in force and a disclosure.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        section = subject.section(adaptation)
        if (
            section is not None
            and section.authority in ("system", "developer", "user")
            and adaptation.effect == "override"
            and adaptation.basis != "law"
        ):
            yield (
                Place.of(adaptation, "basis"),
                f"{adaptation.id}: expected basis law for overriding the {section.authority} section {section.id!r}, "
                f"found {adaptation.basis}",
                "Use `effect: specialise`, or cite the legal provision that demands this and set `basis: law`.",
            )


RULE = Rule("AU002", "override-above-guideline-without-law", _judge)
