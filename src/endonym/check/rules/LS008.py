"""LS008 force-and-dates-disagree

What it does: Finds sources that say `in_force` while their own dates say otherwise.

Why it matters: A provision that has lapsed or not begun binds nobody; whoever reads the register must be able to rely on it.

Example: `force = "in_force"` with `valid_until` in the past.

Use instead: `repealed` or `enacted_not_commenced`, or the right dates.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for source in pack.sources:
            starts = max((day for day in (source.valid_from, source.applies_from) if day), default=None)
            if source.force == "in_force" and source.valid_until and source.valid_until < subject.as_of:
                yield Place(source.file, source.line), f"{source.id}: expected force repealed, found in_force until {source.valid_until}", "Correct the date or the force."
            elif source.force == "in_force" and starts and starts > subject.as_of:
                yield Place(source.file, source.line), f"{source.id}: expected force enacted_not_commenced, found in_force from {starts}", "Correct the date or the force."
            if source.valid_from and source.valid_until and source.valid_until < source.valid_from:
                yield Place(source.file, source.line), f"{source.id}: expected valid_until after {source.valid_from}, found {source.valid_until}", "Correct the dates."


RULE = Rule("LS008", "force-and-dates-disagree", _judge)
