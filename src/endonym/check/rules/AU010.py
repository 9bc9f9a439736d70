"""AU010 help-line-replaced

What it does: Finds help lines of a lower layer whose number or topics a layer above changes.

Why it matters: Safety-critical information can never be left out or replaced: a false number can cost a life.

Example: A school whose `[[help]]` has the country's id `emergency` and another number.

Use instead: A help line of its own, with an id of its own.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.locale import Help


def _judge(subject: Subject) -> Iterator[Found]:
    first: dict[str, tuple[str, Help]] = {}
    for pack in subject.stack.packs:
        for entry in pack.locale.help:
            owner, known = first.setdefault(entry.id, (pack.manifest.id, entry))
            lost = sorted(set(known.topics) - set(entry.topics))
            if owner != pack.manifest.id and (entry.number != known.number or lost):
                found = f"without {', '.join(lost)}" if lost else entry.number
                yield (
                    Place.locale(pack, "help"),
                    f"help {entry.id}: expected {known.number} with all its topics as in {owner}, found {found}",
                    "Leave the entry as the layer below has it; give a further help line an id of its own.",
                )


RULE = Rule("AU010", "help-line-replaced", _judge)
