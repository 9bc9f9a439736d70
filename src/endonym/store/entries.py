"""The ledger's rows: appended in one transaction, with the hashes of full subtrees of 256 beside them.

Those never change, so a root or a proof over millions of entries reads some hundreds of rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, insert, select

from endonym.core.canonical import canonical_json, digest_bytes
from endonym.ledger import GENESIS, Entry, link
from endonym.ledger.tree import Node, leaf_hash, node_hash
from endonym.store.tables import ledger, ledger_nodes

_STEP = 8
"""Levels of the tree between two that are kept."""
_PAGE = 2_000
_KIND = "sha256:"


def append(connection: Connection, contents: Sequence[dict[str, object]]) -> None:
    """Add entries at the end; nobody else may be adding (`endonym.store.schema.writing`)."""
    last = connection.execute(select(ledger.c.number, ledger.c.digest).order_by(ledger.c.number.desc()).limit(1)).first()
    number, digest = (last.number, last.digest) if last else (0, GENESIS)
    first = number + 1
    rows = []
    for content in contents:
        entry = link(number + 1, content, digest)
        number, digest = entry.number, entry.digest
        rows.append({"number": number, "turn": str(content.get("turn") or content["id"]).removeprefix(_KIND), "content": canonical_json(content).decode(),
                     "previous": entry.previous, "digest": digest})  # fmt: skip
    connection.execute(insert(ledger), rows)
    for full in range(first, number + 1):
        height = _STEP
        while full % (1 << height) == 0:
            place = (full >> height) - 1
            connection.execute(insert(ledger_nodes).values(height=height, place=place, hash=_folded(_below(connection, height, place))))
            height += _STEP


def turn_name(turn_id: str) -> str:
    """How the ledger names a turn: with its id everybody could open the page "Why this reply?"."""
    return digest_bytes(turn_id.encode())


def of_turn(turn_id: str) -> ColumnElement[bool]:
    """The row of a turn, by its name, or by its id as earlier versions wrote it, or of an entry that is about no turn."""
    return ledger.c.turn.in_((turn_name(turn_id).removeprefix(_KIND), turn_id))


def nodes(connection: Connection) -> Node:
    """The hash of any full subtree, for `endonym.ledger.tree`."""

    def node(height: int, place: int) -> bytes:
        kept = height - height % _STEP
        count = 1 << (height - kept)
        return _folded(_hashes(connection, kept, place * count, count))

    return node


def entries(connection: Connection, first: int = 1) -> Iterator[Entry]:
    """Every entry from number `first` on, in order, some thousands in memory at a time."""
    while True:
        rows = connection.execute(select(ledger).where(ledger.c.number >= first).order_by(ledger.c.number).limit(_PAGE)).all()
        for row in rows:
            yield Entry(row.number, json.loads(row.content), row.previous, row.digest)
        if len(rows) < _PAGE:
            return
        first = rows[-1].number + 1


def _below(connection: Connection, height: int, place: int) -> list[bytes]:
    """The kept hashes one step below a subtree."""
    return _hashes(connection, height - _STEP, place << _STEP, 1 << _STEP)


def _hashes(connection: Connection, height: int, first: int, count: int) -> list[bytes]:
    """`count` neighbouring hashes of a kept level."""
    if height == 0:
        rows = connection.execute(
            select(ledger.c.digest).where(ledger.c.number.between(first + 1, first + count)).order_by(ledger.c.number)
        ).scalars()
        return [leaf_hash(digest.encode()) for digest in rows]
    return list(connection.execute(
        select(ledger_nodes.c.hash).where(ledger_nodes.c.height == height, ledger_nodes.c.place.between(first, first + count - 1))
        .order_by(ledger_nodes.c.place)).scalars())  # fmt: skip


def _folded(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbours, a power of two of them."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(left, right) for left, right in list(pairwise(level))[::2]]
    return level[0]
