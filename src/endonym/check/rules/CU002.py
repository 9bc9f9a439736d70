"""CU002 unknown-passage

What it does: Finds lessons that rest on passages which do not exist.

Why it matters: Every citation opens the exact source text.

Example: `passages: [fotosuntees#nothing]`.

Use instead: `document#anchor` of `knowledge/`.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    known = {passage.id for pack in subject.stack.packs for passage in pack.passages}
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            for passage in lesson.passages:
                if passage not in known:
                    yield Place(lesson.file), f"expected a passage `document#anchor`, found {passage!r}", "Correct the anchor, or add the passage."


RULE = Rule("CU002", "unknown-passage", _judge)
