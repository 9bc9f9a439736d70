"""LS001 unknown-source

What it does: Finds cited sources that no register of the stack holds.

Why it matters: A claim without a source cannot be checked by anybody.

Example: `cites: [ee-law-99]` without an entry `ee-law-99`.

Use instead: The id of an entry in `sources/`, or a new entry.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    known = subject.stack.sources
    for _, adaptation in subject.adaptations():
        for source in adaptation.cites:
            if source not in known:
                yield (
                    Place.of(adaptation, "cites"),
                    f"{adaptation.id}: expected a source of the register, found {source!r}",
                    "Correct the id, or add the source to a file in sources/.",
                )
        if not adaptation.cites:
            yield Place.of(adaptation), f"{adaptation.id}: expected at least one source, found none", "Add `cites: […]`."


RULE = Rule("LS001", "unknown-source", _judge)
