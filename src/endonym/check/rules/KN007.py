"""KN007 document-audience

What it does: Finds documents meant for an audience that the stack does not have.

Why it matters: Replies to nobody would ever rest on such a document, and nobody would notice.

Example: `audience = ["techer"]`.

Use instead: The name of an audience in pack.toml, or no `audience` for all.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    known = subject.stack.audiences
    for pack in subject.stack.packs:
        for document in pack.documents:
            for audience in document.audience:
                if audience not in known:
                    yield (
                        Place(document.register_file, document.line),
                        f"{document.id}: expected an audience of the stack ({', '.join(sorted(known))}), found {audience!r}",
                        "Correct the name, or take `audience` away to mean all.",
                    )


RULE = Rule("KN007", "document-audience", _judge)
