"""MI003 minors-named-adults

What it does: Finds audiences named after school students that are declared adults.

Why it matters: An audience that includes minors keeps the under-18 sections, whatever it is called.

Example: `[audiences.student] minors = false`.

Use instead: `minors = true`, or a name that says that they are adults.

Since: 0.2.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.wordings import plain

_YOUNG = re.compile(
    r"\b(?:student|pupil|learner|child|kid|teen|minor|youth|opila|oppija|laps|noor|ученик|учащ|школьник|дет|подрост|طالب|طلب|تلميذ|طفل|оқушы|бала|学生|pelajar|murid|மாணவ)"
)


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for name, audience in pack.manifest.audiences.items():
            shown = " ".join((name, *audience.title.values()))
            if not audience.minors and (match := _YOUNG.search(plain(shown))):
                yield (
                    Place.manifest(pack, f"audiences.{name}.minors", f"audiences.{name}"),
                    f"audiences.{name}: expected minors = true, found false for {match.group()!r}",
                    "Set minors = true. If all of them are 18 or older, say so under [[suppress]] with the reason.",
                )


RULE = Rule("MI003", "minors-named-adults", _judge, standing="judged")
