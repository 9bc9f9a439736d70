"""GL002 term-preferred-and-forbidden

What it does: Finds terms that one row prefers and another forbids in the same language.

Why it matters: Nobody can follow both.

Example: `klorofüll` as preferred and as forbidden.

Use instead: One of the two.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.text.fold import fold


def _judge(subject: Subject) -> Iterator[Found]:
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for pack in subject.stack.packs:
        for term in pack.glossary:
            key = (term.language, fold(term.term))
            status, line = seen.setdefault(key, (term.status, term.line))
            if "forbidden" in (status, term.status) and status != term.status:
                yield Place(term.file, term.line), f"{term.term}: expected one status in {term.language}, found {term.status} and, on line {line}, {status}", "Remove one of the rows."


RULE = Rule("GL002", "term-preferred-and-forbidden", _judge)
