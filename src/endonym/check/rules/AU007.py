"""AU007 adaptation-twice

What it does: Finds two adaptations with one id in a stack.

Why it matters: What a higher layer decided is never replaced; a second adaptation under its name would hide it.

Example: The country and the school both have `one_question`.

Use instead: An id of its own for each.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for pack, adaptation in subject.adaptations():
        if adaptation.id in seen:
            yield (
                Place.of(adaptation),
                f"expected each id once in a stack, found {adaptation.id!r} in {seen[adaptation.id]} too",
                "Rename the adaptation.",
            )
        seen.setdefault(adaptation.id, pack.manifest.id)


RULE = Rule("AU007", "adaptation-twice", _judge)
