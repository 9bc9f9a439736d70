"""KN005 document-twice

What it does: Finds two documents with one id in a stack.

Why it matters: Citations name a document by its id; two of one name would open the wrong text.

Example: The country and the school both have `fotosuntees`.

Use instead: An id of its own for each.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    seen: dict[str, tuple[str, int]] = {}
    for pack in subject.stack.packs:
        for document in pack.documents:
            place = (document.register_file, document.line)
            if seen.setdefault(document.id, place) != place:
                yield Place(document.register_file, document.line), f"expected each document id once in a stack, found {document.id!r} again", "Rename the document."


RULE = Rule("KN005", "document-twice", _judge)
