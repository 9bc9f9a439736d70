"""GL001 concept-without-preferred-term

What it does: Finds concepts whose language has rows but no preferred term.

Why it matters: Who is told what not to say must be told what to say.

Example: A `forbidden` row alone.

Use instead: A `preferred` row for the same concept and language.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        preferred = {(term.concept, term.language) for term in pack.glossary if term.status == "preferred"}
        for term in pack.glossary:
            if (term.concept, term.language) not in preferred:
                yield (
                    Place(term.file, term.line),
                    f"{term.concept}: expected a preferred term in {term.language}, found only {term.status} ones",
                    "Add a row with status preferred.",
                )


RULE = Rule("GL001", "concept-without-preferred-term", _judge)
