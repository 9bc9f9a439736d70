"""KN002 unknown-document-source

What it does: Finds documents and terms whose source is not in the register.

Why it matters: Readers must be able to see what a text was checked against.

Example: `sources = [\"nowhere\"]`.

Use instead: The id of an entry in `sources/`, or an empty list.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for passage in pack.passages:
            if passage.source and passage.source not in subject.stack.sources:
                yield Place(f"{pack.folder.name}/knowledge/knowledge.toml"), f"{passage.document}: expected a source of the register, found {passage.source!r}", "Correct the id or add the source."
        for term in pack.glossary:
            if term.source and term.source not in subject.stack.sources:
                yield Place(term.file, term.line), f"{term.concept}: expected a source of the register, found {term.source!r}", "Correct the id or add the source."
        for entry in pack.locale.help:
            if entry.source not in subject.stack.sources:
                yield Place(f"{pack.folder.name}/locale.toml"), f"help {entry.id}: expected a source of the register, found {entry.source!r}", "Correct the id or add the source."


RULE = Rule("KN002", "unknown-document-source", _judge)
