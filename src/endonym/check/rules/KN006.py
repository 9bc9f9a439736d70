"""KN006 same-text-twice

What it does: Finds documents with the same text under two ids.

Why it matters: The same passage comes up twice among the few that fit into an answer, and a correction reaches only one of them.

Example: A regulation registered by the country and again by the school.

Use instead: One document; packs above see those of the packs below.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    seen: dict[tuple[str, ...], str] = {}
    for pack in subject.stack.packs:
        digests = {name: tuple(passage.digest for passage in own) for name, own in groupby(pack.passages, lambda p: p.document)}
        for document in pack.documents:
            first = seen.setdefault(digests.get(document.id, ()), document.id)
            if first != document.id:
                yield Place(document.register_file, document.line), f"{document.id}: expected a text of its own, found that of {first}", "Remove one of the two from the register."


RULE = Rule("KN006", "same-text-twice", _judge, severity="warning")
