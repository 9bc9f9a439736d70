"""AU004 section-without-authority

What it does: Finds adaptations of sections that carry no authority.

Why it matters: Explanatory sections instruct nobody, so there is nothing to adapt.

Example: `adapts: overview`.

Use instead: The section that holds the instruction.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        section = subject.section(adaptation)
        if section is not None and section.authority is None:
            yield (
                Place.of(adaptation, "adapts"),
                f"{adaptation.id}: expected a section with an authority, found {section.id!r}, which only explains",
                "Name the section that holds the instruction; `endonym spec show` lists them.",
            )


RULE = Rule("AU004", "section-without-authority", _judge)
