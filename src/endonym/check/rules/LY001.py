"""LY001 extended-pack-missing

What it does: Finds packs that extend a pack which is neither beside them nor in the registry.

Why it matters: Rules of the layers below would be missing from every reply.

Example: `extends = ["estonia >=0.1"]` and no folder `estonia`.

Use instead: The folder beside this one, or `endonym lock`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.manifest import extended_id


def _judge(subject: Subject) -> Iterator[Found]:
    for pack, requirement in subject.extended():
        wanted = extended_id(requirement)
        if subject.pack(wanted) is None:
            yield (
                Place.manifest(pack, "extends"),
                f"expected the pack {wanted!r} beside this one, found none",
                f"Put its folder into {pack.folder.parent.name}/, name a registry with `endonym lock`, or correct `extends`.",
            )


RULE = Rule("LY001", "extended-pack-missing", _judge)
