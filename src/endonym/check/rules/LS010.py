"""LS010 quotation-changed

What it does: Finds sources whose quotation does not have the digest that is registered.

Why it matters: A digest says that the words stand as they were read; changed words need a new reading.

Example: A word changed inside `quote`.

Use instead: The words as published, with `sha256` computed anew after reading them.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.core.canonical import digest_bytes


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for source in pack.sources:
            expected = digest_bytes(source.quote.encode()).removeprefix("sha256:")
            if source.sha256 and source.sha256.removeprefix("sha256:").lower() != expected:
                yield (
                    Place(source.file, source.line),
                    f"{source.id}: expected sha256 {expected[:12]}… of the quotation, found {source.sha256[:12]}…",
                    f"Read the source again; if the words are right, write sha256 = \"{expected}\".",
                )


RULE = Rule("LS010", "quotation-changed", _judge)
