"""LY002 extended-version

What it does: Finds packs that extend another version than the one that is there.

Why it matters: A pack was written and reviewed against certain versions of the packs below it.

Example: `extends = ["estonia >=2"]` beside estonia 0.1.0.

Use instead: A range that holds the version, after reading what changed.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.manifest import extended_id, version_fits


def _judge(subject: Subject) -> Iterator[Found]:
    for pack, requirement in subject.extended():
        below = subject.pack(extended_id(requirement))
        if below is not None and not version_fits(requirement, below.manifest.version):
            yield (
                Place.manifest(pack, "extends"),
                f"expected {requirement!r}, found version {below.manifest.version}",
                "Change the range in `extends`, or use the version that it asks for; `endonym diff` shows what changed.",
            )


RULE = Rule("LY002", "extended-version", _judge)
