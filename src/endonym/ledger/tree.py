"""The Merkle tree over a ledger's entries: roots, proofs that an entry is in it, proofs that it only grew.

Source: RFC 6962, section 2.1 (tree hash, audit paths, consistency proofs); RFC 9162, sections 2.1.3.2 and 2.1.4.2
(how proofs are verified). Everything is built from hashes of complete subtrees, which never change once they are full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
"""(height, index) → hash of the complete subtree over leaves `index * 2**height` to `(index + 1) * 2**height - 1`."""

EMPTY = sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root(size: int, node: Node) -> bytes:
    """The root of the tree over the first `size` leaves."""
    return _hash(0, size, node) if size else EMPTY


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The audit path of leaf `index` (counted from 0) in the tree of `size` leaves, the lowest first.

    Raises:
        ValueError: There is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"expected a leaf below {size}, found {index}")
    start, path = 0, list[bytes]()
    while size > 1:
        left = _left(size)
        if index < left:
            path.append(_hash(start + left, size - left, node))
            size = left
        else:
            path.append(_hash(start, left, node))
            start, index, size = start + left, index - left, size - left
    return path[::-1]


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """The proof that the tree of `old` leaves is the beginning of the tree of `size` leaves.

    Raises:
        ValueError: `old` is larger than `size`.
    """
    if not 0 <= old <= size:
        raise ValueError(f"expected a size of at most {size}, found {old}")
    if old in (0, size):
        return []
    start, path, whole = 0, list[bytes](), True
    while old != size:
        left = _left(size)
        if old <= left:
            path.append(_hash(start + left, size - left, node))
            size = left
        else:
            path.append(_hash(start, left, node))
            start, old, size, whole = start + left, old - left, size - left, False
    if not whole:
        path.append(_hash(start, size, node))
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` proves that the leaf with hash `leaf` is number `index` of the tree whose root is `expected`."""
    if not 0 <= index < size:
        return False
    found, last = leaf, size - 1
    for step in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = node_hash(step, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, step)
        index, last = index >> 1, last >> 1
    return last == 0 and found == expected


def grew(old: int, size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `path` proves that the tree with `old_root` is the beginning of the tree with `new_root`."""
    if old in (0, size):
        return not path and (old_root == new_root if old == size else old_root == EMPTY)
    if not 0 < old < size or not path:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    index, last = old - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            after = node_hash(after, step)
        index, last = index >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _hash(start: int, count: int, node: Node) -> bytes:
    """Hash over `count` leaves from `start`; `start` is a multiple of the largest power of two in `count`."""
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return node(height, start >> height)
    left = _left(count)
    return node_hash(_hash(start, left, node), _hash(start + left, count - left, node))


def _left(size: int) -> int:
    """Leaves on the left side of a tree of `size` > 1: the largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1
