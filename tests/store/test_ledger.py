"""The ledger in the database: one chain, one tree, checkpoints, proofs; and what kill -9 leaves."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from endonym.core.errors import LedgerError
from endonym.ledger import first_break
from endonym.ledger.note import Signer
from endonym.ledger.proof import Proof
from endonym.ledger.tree import Node, leaf_hash, node_hash, root
from endonym.store import Store
from endonym.store.entries import turn_name
from endonym.store.seal import key_file
from tests.store.test_store import talk, turn

SIGNER = Signer("school.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def computed(store: Store, size: int) -> bytes:
    """The root over the first entries, from the entries alone."""
    leaves = [leaf_hash(entry.digest.encode()) for entry in store.ledger()][:size]

    def node(height: int, place: int) -> bytes:
        return leaves[place] if height == 0 else node_hash(node(height - 1, 2 * place), node(height - 1, 2 * place + 1))

    whole: Node = node
    return root(size, whole)


def test_a_checkpoint_holds_every_entry_and_is_made_once(store: Store) -> None:
    assert store.add_checkpoint(SIGNER) is None
    for number in range(3):
        store.save_turn(turn(number))
    note = store.add_checkpoint(SIGNER)
    assert note is not None and note.size == 3 and note.root == computed(store, 3) and note.signed_by(SIGNER.verifier)
    assert store.add_checkpoint(SIGNER) is None and store.checkpoints() == (note,)


def test_roots_over_kept_subtrees_are_those_over_all_entries(store: Store) -> None:
    for one in [store.record(turn(number)) for number in range(1_100)]:
        one.result()
    for size in (1, 255, 256, 257, 511, 512, 513, 1_024, 1_100):
        assert store.root_at(size) == computed(store, size), size


def test_a_student_can_show_that_a_reply_was_given_and_nobody_another(store: Store) -> None:
    for one in [store.record(turn(number)) for number in range(300)]:
        one.result()
    with pytest.raises(LedgerError, match="no checkpoint holds turn_7 yet"):
        store.prove("turn_7")
    store.add_checkpoint(SIGNER)
    with pytest.raises(LedgerError, match="there is no entry"):
        store.prove("turn_999")
    proof = Proof.parse(str(store.prove("turn_7")))
    reply = turn(7).reply
    assert proof.entry.content["turn"] == turn_name("turn_7") and proof.faults(SIGNER.verifier, reply) == []
    stranger = Signer("school.example/ledger", Ed25519PrivateKey.generate())
    assert proof.faults(stranger.verifier, reply) == ["the checkpoint is not signed by school.example/ledger"]
    assert proof.faults(SIGNER.verifier, "another reply") == ["the text is not the reply of this entry"]
    forged = replace(proof, entry=store.prove("turn_8").entry)
    assert "the entry does not stand in the ledger that was signed" in forged.faults(SIGNER.verifier, reply)
    changed = str(proof).replace('"language": "et"', '"language": "en"')
    assert Proof.parse(changed).faults(SIGNER.verifier) == ["the entry does not stand in the ledger that was signed"]


def test_the_ledger_does_not_tell_the_id_that_opens_a_reply(store: Store) -> None:
    store.save_turn(replace(turn(1), id="turn_0f3a"), "conversation_1", "mari")
    assert not [name for entry in store.ledger() for name in ("turn_0f3a", "conversation_1", "mari") if name in str(entry)]


def test_once_erased_the_public_digest_says_nothing_even_to_who_knows_the_reply(store: Store) -> None:
    talk(store, "c1", 1)
    talk(store, "c2", 2)
    assert len({entry.content["reply"] for entry in store.ledger()}) == 2  # the same reply, twice
    store.add_checkpoint(SIGNER)
    assert store.prove("turn_1").faults(SIGNER.verifier, turn(1).reply) == []
    store.delete_conversation("c1")
    assert store.prove("turn_1").faults(SIGNER.verifier, turn(1).reply) == ["the text is not the reply of this entry"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "number": "1", "content": {}}', "\x00"])
def test_what_is_no_proof_says_so(text: str) -> None:
    with pytest.raises(LedgerError, match="expected a proof"):
        Proof.parse(text)


WRITER = """
import sys
from endonym.store import Store
from endonym.store.seal import key_file
from tests.store.test_store import turn
store = Store(sys.argv[1], key_file(__import__("pathlib").Path(sys.argv[2])))
for start in range(0, 100_000, 40):
    waiting = [store.record(turn(number)) for number in range(start, start + 40)]
    for one in waiting:
        one.result()
    print(start + 39, flush=True)
"""


@pytest.mark.parametrize("after", [0.3, 0.75])
def test_killed_at_any_moment_no_acknowledged_turn_is_lost_and_the_chain_is_whole(url: str, tmp_path: Path, after: float) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, url, str(tmp_path / "store.key")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    acknowledged = [int(line) for line in (first, *process.stdout) if line.endswith("\n")]
    process.wait()
    store = Store(url, key_file(tmp_path / "store.key"))
    entries = list(store.ledger())
    assert first_break(entries) is None
    assert len(entries) > acknowledged[-1] >= 39
    assert store.turn(f"turn_{acknowledged[-1]}") is not None
    store.save_turn(turn(200_000))
    assert first_break(store.ledger()) is None and store.root_at(len(entries) + 1) == computed(store, len(entries) + 1)
    store.close()
