"""DI004 safety-information-omitted

What it does: Finds triggers that match the help lines of the stack.

Why it matters: Emergency numbers, child helplines and health warnings can never be left out.

Example: A trigger with the term `Lasteabi`.

Use instead: Terms for the information that the law is about.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.verify.words import WrittenText, triggered


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        trigger = adaptation.trigger
        if trigger is None:
            continue
        for entry in subject.stack.locale.help:
            for language, title in entry.title.items():
                written = WrittenText(f"{title} {entry.number}", language, subject.tools, exact=True)
                if triggered(trigger.all, trigger.patterns, written):
                    yield (
                        Place.of(adaptation, "trigger"),
                        f"{adaptation.id}: expected a trigger that leaves help lines alone, found a match with {title!r}",
                        "Make the trigger narrower: safety-critical information can never be left out.",
                    )


RULE = Rule("DI004", "safety-information-omitted", _judge)
