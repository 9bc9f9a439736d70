"""AU011 section-switched-off-in-prose

What it does: Finds adaptations of effect `specialise` or `add` whose words read as if the section should not be followed.

Why it matters: An override dressed as `specialise` would pass every rule about overrides. What words mean, people judge.

Example: `effect: specialise` with "Ignore this section when …".

Use instead: `effect: override` with what it needs, or words that keep the section whole.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.wordings import says


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        if adaptation.effect not in ("specialise", "add"):
            continue
        for line, text in subject.instructions(adaptation):
            if found := says("switches_off", text):
                yield (
                    Place(adaptation.file, line),
                    f"{adaptation.id}: expected words that keep {adaptation.adapts or 'the spec'} whole, found {found!r}",
                    "Say what is to be done within the section. If it shall not be followed, that is an override and needs what one needs.",
                )


RULE = Rule("AU011", "section-switched-off-in-prose", _judge, standing="judged")
