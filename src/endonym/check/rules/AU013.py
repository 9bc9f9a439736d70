"""AU013 narrowing-unproved

What it does: Names each adaptation of a section above `guideline` that only people judge: no verifier proves that its words narrow the section.

Why it matters: A type system is no mind reader and says so: these are the adaptations that somebody must read beside the section they adapt.

Example: `adapts: keep_conversations_private`, `effect: specialise`, `judged_by: people`.

Use instead: A verifier, where one can prove it; else a second pair of eyes and `endonym explain`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        section = subject.section(adaptation)
        if section is not None and section.authority not in (None, "guideline") and not adaptation.verify:
            yield (
                Place.of(adaptation, "judged_by"),
                f"{adaptation.id}: nothing proves that it keeps the {section.authority} section {section.id!r}; people must read both",
                f"Read it beside `endonym spec show --section {section.id}`, or add a verifier that proves it.",
            )


RULE = Rule("AU013", "narrowing-unproved", _judge, severity="info", standing="unproved")
