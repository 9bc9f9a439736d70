"""CO002 section-decided-twice

What it does: Finds two adaptations that override or omit the same section for the same readers.

Why it matters: Nobody can follow two replacements of one text.

Example: The region and the country both override `form_of_address` for students.

Use instead: `specialise` in the layer above, or conditions that do not overlap.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.conflict import meeting
from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    rules = [a for _, a in subject.adaptations() if a.adapts and a.effect in ("override", "omit")]
    for earlier, later in meeting(rules):
        if earlier.adapts == later.adapts and "override" in (earlier.effect, later.effect):
            yield (
                Place.of(later, "effect"),
                f"{later.id} ({later.pack}): expected {later.adapts} to be decided once for the same readers, found {earlier.effect} "
                f"in {earlier.id} ({earlier.pack})",
                f"{earlier.id} stands, being of the {'same layer and read first' if earlier.layer == later.layer else 'layer below'}; "
                "make this one `specialise`, or narrow `audience` or `applies`.",
            )


RULE = Rule("CO002", "section-decided-twice", _judge)
