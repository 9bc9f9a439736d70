"""LO005 locale-language-unknown

What it does: Finds forms of address and names of grades for languages that the stack does not serve.

Why it matters: What nobody is served in is a slip of a key, and the language that was meant is missing.

Example: `[address] ee = "informal"`.

Use instead: The code of a language of `pack.toml`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for key, languages in (("address", pack.locale.address), ("grades", pack.locale.grades)):
            for language in languages:
                if language not in pack.manifest.languages:
                    yield (
                        Place(f"{pack.folder.name}/locale.toml"),
                        f"{key}: expected one of {', '.join(pack.manifest.languages)}, found {language!r}",
                        "Correct the language code, or add the language to pack.toml.",
                    )


RULE = Rule("LO005", "locale-language-unknown", _judge, severity="warning")
