"""AC005 version-not-in-changelog

What it does: Finds packs whose changelog has no entry for their version.

Why it matters: The public sees what changed in each version, and why.

Example: `version = \"0.2.0\"` and no heading 0.2.0.

Use instead: A heading for the version with a line per change.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        if pack.manifest.version not in pack.changelog:
            yield Place.manifest(pack, "version"), f"expected an entry for {pack.manifest.version} in CHANGELOG.md, found none", "Add `## " + pack.manifest.version + "` and what changed."


RULE = Rule("AC005", "version-not-in-changelog", _judge, severity="warning")
