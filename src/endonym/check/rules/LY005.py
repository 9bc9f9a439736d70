"""LY005 language-missing-below

What it does: Finds packs with a language that a pack below does not have.

Why it matters: Every rule that holds must be readable in every language that is served.

Example: A school pack in Russian over a country pack without Russian.

Use instead: The texts of the pack below, translated.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.manifest import extended_id


def _judge(subject: Subject) -> Iterator[Found]:
    for pack, requirement in subject.extended():
        below = subject.pack(extended_id(requirement))
        missing = [lang for lang in pack.manifest.languages if below is not None and lang not in below.manifest.languages]
        if below is not None and missing:
            yield (
                Place.manifest(pack, "languages"),
                f"expected {below.manifest.id} to have the languages of this pack, found none for {', '.join(missing)}",
                f"Translate {below.manifest.id} or leave the language out here.",
            )


RULE = Rule("LY005", "language-missing-below", _judge)
