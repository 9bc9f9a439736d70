"""A hash chain: each entry's digest covers its content and the digest before it, so no entry changes unseen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from endonym.core.canonical import digest_json

GENESIS = "sha256:" + "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One turn as the ledger keeps it: metadata and digests, never a message.

    Attributes:
        number: Counts from 1 without gaps.
        content: JSON object of strings, numbers and lists of strings.
    """

    number: int
    content: dict[str, object]
    previous: str
    digest: str


def link(number: int, content: dict[str, object], previous: str) -> Entry:
    """The next entry of a chain whose last digest is `previous` (`GENESIS` for the first)."""
    return Entry(number, content, previous, _digest(number, content, previous))


def first_break(entries: Iterable[Entry]) -> int | None:
    """Number of the first entry that was changed, removed before or moved; None for a whole chain."""
    previous = GENESIS
    for expected, entry in enumerate(entries, 1):
        if (entry.number != expected or entry.previous != previous
                or entry.digest != _digest(entry.number, entry.content, entry.previous)):  # fmt: skip
            return expected
        previous = entry.digest
    return None


def _digest(number: int, content: dict[str, object], previous: str) -> str:
    return digest_json({"v": 1, "number": number, "content": content, "previous": previous})
