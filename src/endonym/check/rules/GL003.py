"""GL003 concept-language-missing

What it does: Finds concepts without a term in a language of the pack.

Why it matters: A student who learns in that language gets no term and no definition.

Example: `chlorophyll` with rows for et alone.

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
        for term in pack.glossary:
            rows.setdefault(term.concept, set()).add(term.language)
            places.setdefault(term.concept, Place(term.file, term.line))
        for concept, languages in rows.items():
            if missing := [language for language in pack.manifest.languages if language not in languages]:
                yield places[concept], f"{concept}: expected a term in every language of the pack, found none in {', '.join(missing)}", "Add a row for each."


RULE = Rule("GL003", "concept-language-missing", _judge, severity="warning")
