"""Checkpoints: signed, cosigned, read back, and refused when anything in them is another's."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from endonym.core.errors import LedgerError
from endonym.ledger.note import Checkpoint, Signer, VerifierKey

# Source: the example of C2SP signed-note (and of Go's golang.org/x/mod/sumdb/note): key, text and signature.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

SCHOOL = Signer("school.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
WITNESS = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))), cosigns=True)
NOTE = Checkpoint("school.example/ledger", 7, bytes(32))


def test_a_key_of_other_tools_is_read_and_written_alike() -> None:
    assert str(VerifierKey.parse(PETER)) == PETER


def test_a_checkpoint_reads_as_the_format_says() -> None:
    lines = str(SCHOOL.sign(NOTE)).split("\n")
    assert lines[:4] == ["school.example/ledger", "7", base64.b64encode(bytes(32)).decode(), ""]
    assert lines[4].startswith("— school.example/ledger ") and lines[5:] == [""]


def test_signed_and_cosigned_it_comes_back_whole() -> None:
    note = WITNESS.sign(SCHOOL.sign(NOTE), time=1_800_000_000)
    read = Checkpoint.parse(str(note))
    assert read == note and read.signed_by(SCHOOL.verifier) and read.signed_by(WITNESS.verifier)


def test_a_note_signed_by_another_or_changed_afterwards_is_not_signed() -> None:
    other = Signer("school.example/ledger", Ed25519PrivateKey.generate())
    note = WITNESS.sign(SCHOOL.sign(NOTE), time=1)
    assert not note.signed_by(other.verifier)
    for changed in (replace(note, size=8), replace(note, root=bytes(31) + b"\1"), replace(note, origin="another.example")):
        assert not changed.signed_by(SCHOOL.verifier) and not changed.signed_by(WITNESS.verifier)
    name, data = note.signatures[1]
    later = replace(note, signatures=(note.signatures[0], (name, data[:4] + (2).to_bytes(8, "big") + data[12:])))
    assert later.signed_by(SCHOOL.verifier) and not later.signed_by(WITNESS.verifier)


@pytest.mark.parametrize("text", ["", "a\n1\n", "a\n01\nAAAA\n\n— a AAAA\n", "a\n1\nAAAA\n\n— a AAAA\n", str(NOTE), str(SCHOOL.sign(NOTE)).replace("— ", "- ")])
def test_what_is_no_checkpoint_says_so(text: str) -> None:
    with pytest.raises(LedgerError, match="expected a"):
        Checkpoint.parse(text)


@pytest.mark.parametrize("key", ["", "a", "a+b+c", PETER[:-4], PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("Peter", "Pieter")])
def test_what_is_no_key_says_so(key: str) -> None:
    with pytest.raises(LedgerError, match="expected a key"):
        VerifierKey.parse(key)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (Checkpoint.parse, VerifierKey.parse):
        with suppress(LedgerError):
            assert str(read(text))
