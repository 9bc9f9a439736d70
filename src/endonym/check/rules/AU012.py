"""AU012 exception-from-red-line

What it does: Finds adaptations of `root` sections whose words allow an exception, such as at an authority's request.

Why it matters: A red line with a door in it is none. What words mean, people judge.

Example: `adapts: no_persecution_or_surveillance` with "except when the ministry asks".

Use instead: No adaptation, or one that only makes the section stricter.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.wordings import says


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        section = subject.section(adaptation)
        if section is None or section.authority != "root":
            continue
        for line, text in subject.instructions(adaptation):
            if found := says("exception", text):
                yield (
                    Place(adaptation.file, line),
                    f"{adaptation.id}: expected the root section {section.id!r} without exceptions, found {found!r}",
                    "Take the exception out: no authority, law or person can lift a red line.",
                )


RULE = Rule("AU012", "exception-from-red-line", _judge, standing="judged")
