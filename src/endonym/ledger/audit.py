"""A whole ledger gone through: the chain, and every checkpoint that was ever published of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from endonym.ledger.chain import GENESIS, Entry, link
from endonym.ledger.note import Checkpoint, VerifierKey
from endonym.ledger.tree import EMPTY, leaf_hash, node_hash


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found. Attributes: faults: Sentences; empty where the ledger is whole."""

    entries: int
    checkpoints: int
    faults: tuple[str, ...]


class GrowingTree:
    """The root of a tree that entries are added to, from the full subtrees on its right edge alone."""

    def __init__(self) -> None:
        self._edge: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        height, found = 0, leaf
        while self._edge and self._edge[-1][0] == height:
            found = node_hash(self._edge.pop()[1], found)
            height += 1
        self._edge.append((height, found))

    @property
    def root(self) -> bytes:
        if not self._edge:
            return EMPTY
        found = self._edge[-1][1]
        for _, left in reversed(self._edge[:-1]):
            found = node_hash(left, found)
        return found


def audit(
    entries: Iterable[Entry], checkpoints: Sequence[Checkpoint], key: VerifierKey | None = None,
    progress: Callable[[int], None] = lambda number: None,
) -> Audit:  # fmt: skip
    """Go through `entries` once.

    Args:
        checkpoints: Those that the ledger keeps and those that others kept of it.
        key: By which they must be signed; None does not ask.
    """
    faults = [f"checkpoint of size {note.size}: not signed by {key.name}" for note in checkpoints if key and not note.signed_by(key)]
    due: dict[int, list[Checkpoint]] = {}
    for note in checkpoints:
        due.setdefault(note.size, []).append(note)
    tree, previous, number = GrowingTree(), GENESIS, 0
    for entry in entries:
        number += 1
        if entry.number != number:
            faults.append(f"entry {number}: missing, the next one is {entry.number}")
            number = entry.number
        elif entry.previous != previous:
            faults.append(f"entry {number}: does not follow the one before it")
        if link(entry.number, entry.content, entry.previous).digest != entry.digest:
            faults.append(f"entry {number}: its content was changed")
        previous = entry.digest
        tree.add(leaf_hash(entry.digest.encode()))
        faults += [f"checkpoint of size {number}: the entries before it are others than were signed" for note in due.pop(number, ())
                   if note.root != tree.root]  # fmt: skip
        progress(number)
    faults += [f"checkpoint of size {size}: the ledger has only {number} entries" for size in sorted(due) if size]
    return Audit(number, len(checkpoints), tuple(faults))
