"""LA002 title-language-missing

What it does: Finds packs without title or description in one of their languages.

Why it matters: Readers of every language meet the pack by its title.

Example: `[title]` with `et` alone.

Use instead: A title and a description per language.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for name in ("title", "description"):
            missing = [language for language in pack.manifest.languages if not getattr(pack.manifest, name).get(language)]
            if missing:
                yield (
                    Place.manifest(pack),
                    f"{name}: expected a text in every language of the pack, found none in {', '.join(missing)}",
                    f"Add it to [{name}].",
                )


RULE = Rule("LA002", "title-language-missing", _judge)
