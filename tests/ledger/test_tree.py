"""The Merkle tree against RFC 6962: known roots, a second way to compute them, and proofs that cannot be forged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endonym.ledger.tree import EMPTY, Node, consistency, grew, includes, inclusion, leaf_hash, node_hash, root

LEAVES = [bytes.fromhex(data) for data in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
# Source: the test data of Certificate Transparency's reference implementation (merkletree tests), the same in every log.
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def over(leaves: list[bytes]) -> Node:
    hashes = [leaf_hash(leaf) for leaf in leaves]

    def node(height: int, index: int) -> bytes:
        if height == 0:
            return hashes[index]
        return node_hash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1))

    return node


def by_definition(leaves: list[bytes]) -> bytes:
    """The tree hash as RFC 6962 writes it down."""
    if len(leaves) <= 1:
        return leaf_hash(leaves[0]) if leaves else EMPTY
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return node_hash(by_definition(leaves[:left]), by_definition(leaves[left:]))


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_other_logs(size: int) -> None:
    assert root(size, over(LEAVES)).hex() == ROOTS[size]


def made(size: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(size)]


@pytest.mark.parametrize("size", [*range(1, 40), 255, 256, 257, 1000])
def test_every_entry_can_be_proved_and_no_other_in_its_place(size: int) -> None:
    leaves = made(size)
    node, whole = over(leaves), by_definition(leaves)
    assert root(size, node) == whole
    for index in range(0, size, max(1, size // 40)):
        path = inclusion(index, size, node)
        assert includes(leaf_hash(leaves[index]), index, size, path, whole)
        assert not includes(leaf_hash(b"another"), index, size, path, whole)
        assert not includes(leaf_hash(leaves[index]), index, size, path, leaf_hash(b"another root"))
        if size > 1:
            assert not includes(leaf_hash(leaves[index]), (index + 1) % size, size, path, whole)
            assert not includes(leaf_hash(leaves[index]), index, size, path[:-1], whole)
        assert not includes(leaf_hash(leaves[index]), index, size, [*path, whole], whole)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 100])
def test_a_tree_that_grew_is_proved_and_one_that_was_rewritten_is_not(size: int) -> None:
    leaves = made(size)
    node, whole = over(leaves), by_definition(leaves)
    for old in range(size + 1):
        path, before = consistency(old, size, node), by_definition(leaves[:old])
        assert grew(old, size, path, before, whole)
        if old:
            rewritten = by_definition([b"rewritten", *leaves[1:old]])
            assert not grew(old, size, path, rewritten, whole)
            assert old == size or not grew(old, size, path, before, by_definition([b"rewritten", *leaves[1:]]))
            assert not grew(old, size, [*path, before], before, whole)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=12), st.integers(-2, 40), st.integers(-2, 40))
def test_made_up_proofs_prove_nothing_and_break_nothing(path: list[bytes], one: int, other: int) -> None:
    whole = by_definition(made(33))
    assert not includes(leaf_hash(b"another"), one, other, path, whole)
    assert not grew(one, 33, path, leaf_hash(b"another"), whole)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 3)])
def test_no_proof_without_its_entry(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="expected a leaf"):
        inclusion(index, size, over(made(8)))
