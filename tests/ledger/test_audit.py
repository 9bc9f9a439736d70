"""Whoever touches the ledger is found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from endonym.core.errors import LedgerError
from endonym.ledger import GENESIS, Entry, link
from endonym.ledger.audit import GrowingTree, audit
from endonym.ledger.export import exported_checkpoints, exported_entries, write_export
from endonym.ledger.note import Checkpoint, Signer
from endonym.ledger.tree import leaf_hash, node_hash, root

SIGNER = Signer("school.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def chain(count: int, word: str = "reply") -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, count + 1):
        entries.append(link(number, {"turn": f"{word} {number}"}, entries[-1].digest if entries else GENESIS))
    return entries


def signed(entries: list[Entry], signer: Signer = SIGNER) -> Checkpoint:
    tree = GrowingTree()
    for entry in entries:
        tree.add(leaf_hash(entry.digest.encode()))
    return signer.sign(Checkpoint(signer.verifier.name, len(entries), tree.root))


ENTRIES = chain(20)
NOTES = [signed(ENTRIES[:size]) for size in (1, 7, 16, 20)]


@pytest.mark.parametrize("size", range(40))
def test_the_growing_tree_has_the_root_of_the_whole_one(size: int) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]

    def node(height: int, place: int) -> bytes:
        return leaves[place] if height == 0 else node_hash(node(height - 1, 2 * place), node(height - 1, 2 * place + 1))

    tree = GrowingTree()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.root == root(size, node)


def test_a_whole_ledger_has_no_faults() -> None:
    found = audit(ENTRIES, NOTES, SIGNER.verifier)
    assert (found.entries, found.checkpoints, found.faults) == (20, 4, ())


def rewritten(entries: list[Entry]) -> list[Entry]:
    """The whole chain anew after a change, as somebody with the database would write it."""
    out: list[Entry] = []
    for number, entry in enumerate(entries, 1):
        out.append(link(number, entry.content, out[-1].digest if out else GENESIS))
    return out


TAMPERED: list[tuple[str, Callable[[list[Entry]], list[Entry]]]] = [
    ("entry 5: its content was changed", lambda e: [*e[:4], replace(e[4], content={"turn": "another"}), *e[5:]]),
    ("entry 5: missing, the next one is 6", lambda e: [*e[:4], *e[5:]]),
    ("entry 5: missing, the next one is 6", lambda e: [*e[:4], e[5], e[4], *e[6:]]),
    ("entry 1: missing, the next one is 2", lambda e: e[1:]),
    ("checkpoint of size 20: the ledger has only 19 entries", lambda e: e[:-1]),
    ("checkpoint of size 7: the entries before it are others than were signed",
     lambda e: rewritten([*e[:4], replace(e[4], content={"turn": "another"}), *e[5:]])),
    ("checkpoint of size 7: the entries before it are others than were signed", lambda e: rewritten([*e[:4], *e[5:]])),
    ("checkpoint of size 1: the entries before it are others than were signed", lambda e: chain(20, "other")),
    ("checkpoint of size 1: the ledger has only 0 entries", lambda e: []),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "change"), TAMPERED)
def test_what_was_changed_removed_moved_or_written_anew_is_found(fault: str, change: Callable[[list[Entry]], list[Entry]]) -> None:
    assert fault in audit(change(list(ENTRIES)), NOTES, SIGNER.verifier).faults


def test_a_checkpoint_of_another_key_is_found() -> None:
    other = Signer("school.example/ledger", Ed25519PrivateKey.generate())
    assert audit(ENTRIES, [signed(ENTRIES, other)], SIGNER.verifier).faults == ("checkpoint of size 20: not signed by school.example/ledger",)


@given(st.integers(0, 19), st.sampled_from(["content", "previous", "digest", "number"]), st.text(min_size=1, max_size=8))
def test_any_change_of_any_field_is_found(at: int, field: str, value: str) -> None:
    changed: dict[str, object] = {"content": {"turn": value}, "previous": value, "digest": value, "number": at + 2}
    entries = [*ENTRIES[:at], replace(ENTRIES[at], **{field: changed[field]}), *ENTRIES[at + 1 :]]  # type: ignore[arg-type]
    assert audit(entries, NOTES, SIGNER.verifier).faults


def test_an_export_is_verified_as_the_ledger_itself(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    write_export(path, ENTRIES, NOTES)
    assert list(exported_entries(path)) == ENTRIES and exported_checkpoints(path) == tuple(NOTES)
    assert audit(exported_entries(path), exported_checkpoints(path), SIGNER.verifier).faults == ()


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"number": "x"}', "\xff", '{"number": 1, "content": 5, "previous": "", "digest": ""}'])
def test_a_broken_export_names_the_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "ledger.jsonl"
    write_export(path, ENTRIES[:2], ())
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(LedgerError, match=r"ledger\.jsonl:3: expected an entry"):
        audit(exported_entries(path), ())
