"""A witness signs what only grew, remembers it, and refuses every other history, as c2sp.org/tlog-witness says."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from endonym.core.errors import LedgerError
from endonym.ledger.note import Checkpoint, Signer
from endonym.ledger.tree import consistency, leaf_hash, node_hash, root
from endonym.ledger.witness import Answer, Submission, Witness, cosigned

LOG = Signer("school.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = Signer("other.example/ledger", Ed25519PrivateKey.generate())
WITNESS = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))), cosigns=True)

# Source: the example request of c2sp.org/tlog-witness.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""


class Log:
    """A ledger of leaves, honest or not."""

    def __init__(self, word: str = "entry", signer: Signer = LOG) -> None:
        self._leaves = [leaf_hash(f"{word} {number}".encode()) for number in range(64)]
        self._signer = signer

    def _node(self, height: int, place: int) -> bytes:
        return self._leaves[place] if height == 0 else node_hash(self._node(height - 1, 2 * place), self._node(height - 1, 2 * place + 1))

    def note(self, size: int) -> Checkpoint:
        return self._signer.sign(Checkpoint(self._signer.verifier.name, size, root(size, self._node)))

    def submission(self, old: int, size: int) -> Submission:
        return Submission(old, tuple(consistency(old, size, self._node)), self.note(size))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "witness.json"


@pytest.fixture
def witness(file: Path) -> Iterator[Witness]:
    made = Witness(WITNESS, [LOG.verifier], file)
    yield made
    made.close()


def test_the_example_of_the_protocol_is_read_and_written_alike() -> None:
    assert str(Submission.parse(EXAMPLE)) == EXAMPLE


def test_what_only_grew_is_cosigned_again_and_again(witness: Witness, file: Path) -> None:
    log, old = Log(), 0
    for size in (0, 1, 5, 5, 8, 64):
        answer = witness.add(str(log.submission(old, size)), 1_800_000_000)
        assert answer.status == 200, answer
        note = cosigned(log.note(size), answer.body, WITNESS.verifier)
        assert note.signed_by(LOG.verifier) and note.signed_by(WITNESS.verifier) and witness.known(LOG.verifier.name) == size
        assert answer.body.startswith("— witness.example ") and answer.body.count("\n") == 1
        old = size
    assert json.loads(file.read_text())["logs"]["school.example/ledger"]["size"] == 64


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


GOOD = Log().submission(5, 9)
REFUSED: list[tuple[str, str, Answer]] = [
    ("another history", str(replace(Log("forged").submission(5, 9))), Answer(422, "")),
    ("a proof that is missing", str(replace(GOOD, path=())), Answer(422, "")),
    ("a proof with a hash too many", str(replace(GOOD, path=(*GOOD.path, bytes(32)))), Answer(422, "")),
    ("another history of the same size", str(Log("forged").submission(5, 5)), Answer(409, "5\n", "text/x.tlog.size")),
    ("a proof where nothing grew", str(replace(Log().submission(5, 5), path=(bytes(32),))), Answer(422, "")),
    ("from the beginning, as if nothing had been seen", str(Log("forged").submission(0, 9)), Answer(409, "5\n", "text/x.tlog.size")),
    ("less than was seen", str(Log().submission(3, 4)), Answer(409, "5\n", "text/x.tlog.size")),
    ("an old size above the new one", str(replace(GOOD, old=10)), Answer(400, "")),
    ("a ledger nobody watches", str(Log(signer=OTHER).submission(0, 9)), Answer(404, "")),
    ("a signature of somebody else", str(Log(signer=Signer(LOG.verifier.name, Ed25519PrivateKey.generate())).submission(5, 9)), Answer(403, "")),
    ("a checkpoint changed after it was signed", changed(str(GOOD), "\n9\n", "\n8\n"), Answer(403, "")),
    ("no old size", str(GOOD).partition("\n")[2], Answer(400, "")),
    ("an old size with a zero before it", changed(str(GOOD), "old 5", "old 05"), Answer(400, "")),
    ("more hashes than are allowed", str(replace(GOOD, path=(bytes(32),) * 64)), Answer(400, "")),
    ("a short hash", str(replace(GOOD, path=(bytes(31),))), Answer(400, "")),
    ("nothing", "", Answer(400, "")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [pytest.param(text, answer, id=name) for name, text, answer in REFUSED])
def test_everything_else_is_refused_and_changes_nothing(witness: Witness, file: Path, text: str, expected: Answer) -> None:
    witness.add(str(Log().submission(0, 5)), 1)
    before = file.read_bytes()
    answer = witness.add(text, 2)
    assert answer.status == expected.status and "—" not in answer.body
    if expected.body:
        assert answer == expected
    assert file.read_bytes() == before and witness.add(str(GOOD), 3).status == 200


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(LedgerError):
        assert str(Submission.parse(text))


def test_restarted_it_knows_what_it_vouched_for(file: Path) -> None:
    one = Witness(WITNESS, [LOG.verifier, OTHER.verifier], file)
    one.add(str(Log().submission(0, 5)), 1)
    one.add(str(Log(signer=OTHER).submission(0, 3)), 1)
    one.close()
    again = Witness(WITNESS, [LOG.verifier, OTHER.verifier], file)
    assert (again.known(LOG.verifier.name), again.known(OTHER.verifier.name)) == (5, 3)
    assert again.add(str(Log("forged").submission(0, 5)), 2).status == 409 and again.add(str(GOOD), 2).status == 200
    again.close()


def test_two_witnesses_do_not_share_a_file(witness: Witness, file: Path) -> None:
    with pytest.raises(LedgerError, match="another witness runs with this file"):
        Witness(WITNESS, [LOG.verifier], file)


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2, "logs": {}}', '{"format": 1, "logs": {"a": {"size": -1, "root": ""}}}', "\xff"])
def test_a_damaged_memory_is_not_taken_for_none(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(LedgerError, match="expected the sizes and roots that a witness knows"):
        Witness(WITNESS, [LOG.verifier], file)
    assert file.read_text() == text


def test_only_the_signature_of_the_witness_itself_is_taken() -> None:
    note, stranger = Log().note(5), Signer("witness.example", Ed25519PrivateKey.generate(), cosigns=True)

    def lines(*signers: Signer) -> str:
        return "".join(str(signer.sign(Checkpoint(note.origin, note.size, note.root), time=9)).splitlines()[-1] + "\n" for signer in signers)

    found = cosigned(note, lines(stranger, WITNESS), WITNESS.verifier)
    assert len(found.signatures) == 2 and found.signed_by(WITNESS.verifier) and not found.signed_by(stranger.verifier)
    other = WITNESS.sign(Log("forged").note(5), time=9)
    for answer in ("", "nothing\n", lines(stranger), "\n".join(str(other).splitlines()[-1:]) + "\n", base64.b64encode(b"x" * 72).decode()):
        with pytest.raises(LedgerError):
            cosigned(note, answer, WITNESS.verifier)
