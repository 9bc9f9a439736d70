"""LS011 source-twice

What it does: Finds one source id in two packs of a stack.

Why it matters: What a lower layer registered stands; a second entry of that name would hide another source behind it.

Example: The school registers `ee-language-act-4` anew.

Use instead: An id of its own, or the entry of the layer below.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for pack in subject.stack.packs:
        for source in pack.sources:
            owner = seen.setdefault(source.id, pack.manifest.id)
            if owner != pack.manifest.id or [s.id for s in pack.sources].count(source.id) > 1:
                yield Place(source.file, source.line), f"expected each source id once in a stack, found {source.id!r} in {owner} too", "Rename this entry, or remove it and use the other."


RULE = Rule("LS011", "source-twice", _judge)
