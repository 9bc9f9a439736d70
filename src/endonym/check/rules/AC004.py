"""AC004 authority-named-by-illustration

What it does: Finds illustrative packs that name an authority as decider, maintainer or reviewer.

Why it matters: No authority issued them, and nobody may read as if one had.

Example: `status = \"illustrative\"`, `decided_by: Ministry of Education`.

Use instead: The people who wrote it; `official` once the authority issues it.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.wordings import says


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        if pack.manifest.status != "illustrative":
            continue
        named = [(Place.manifest(pack, "maintainers"), name) for name in pack.manifest.maintainers]
        named += [(Place.of(a, "decided_by"), a.decided_by) for a in pack.adaptations]
        named += [(Place(lesson.file), lesson.reviewed_by) for lesson in pack.lessons]
        for place, name in named:
            if found := says("authority_name", name):
                yield place, f"expected the people who wrote the illustration, found {name!r} ({found})", "Name the writers, or set status official once the authority has issued the pack."


RULE = Rule("AC004", "authority-named-by-illustration", _judge)
