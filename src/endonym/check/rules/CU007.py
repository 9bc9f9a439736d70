"""CU007 outcome-language-missing

What it does: Finds outcomes without a statement in a language of their pack.

Why it matters: Students see the outcome that a reply serves, in their own language.

Example: An outcome with a row for `et` alone in a pack of et and ru.

Use instead: A row per language.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        rows: dict[str, set[str]] = {}
        places: dict[str, Place] = {}
        for outcome in pack.outcomes:
            rows.setdefault(outcome.code, set()).add(outcome.language)
            places.setdefault(outcome.code, Place(outcome.file, outcome.line))
        for code, languages in rows.items():
            if missing := [language for language in pack.manifest.languages if language not in languages]:
                yield places[code], f"{code}: expected a statement in every language of the pack, found none in {', '.join(missing)}", "Add a row for each."


RULE = Rule("CU007", "outcome-language-missing", _judge, severity="warning")
