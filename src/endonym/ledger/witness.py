"""A witness: somebody else who keeps the newest checkpoint of a ledger, and cosigns the next only where the ledger did nothing but grow.

Source: C2SP tlog-witness (add-checkpoint) and tlog-cosignature (c2sp.org), so either end works with other people's programs.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from endonym.core.errors import LedgerError
from endonym.ledger.note import Checkpoint, Signer, VerifierKey, signature_lines
from endonym.ledger.tree import EMPTY, grew

MOST_STEPS = 63
"""Lines of a consistency proof."""
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Submission:
    """What a ledger sends to a witness.

    Attributes:
        old: The size that the witness knows.
        path: The proof that the checkpoint's tree grew from that one, the lowest hash first.
    """

    old: int
    path: tuple[bytes, ...]
    note: Checkpoint

    def __str__(self) -> str:
        return f"old {self.old}\n" + "".join(f"{base64.b64encode(step).decode()}\n" for step in self.path) + f"\n{self.note}"

    @staticmethod
    def parse(text: str) -> Submission:
        """Raises: LedgerError: It is none."""
        head, _, note = text.partition("\n\n")
        first, *steps = head.split("\n")
        try:
            old = _OLD.fullmatch(first)
            path = tuple(base64.b64decode(step, validate=True) for step in steps)
            if old is None or len(path) > MOST_STEPS or any(len(step) != 32 for step in path):
                raise ValueError
        except ValueError:
            raise LedgerError(f"expected `old N`, at most {MOST_STEPS} hashes, an empty line and a checkpoint, found another text",
                              remedy="Send it as c2sp.org/tlog-witness says.") from None  # fmt: skip
        return Submission(int(old[1]), path, Checkpoint.parse(note))


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a witness, for HTTP."""

    status: int
    body: str
    kind: str = "text/plain; charset=utf-8"


class Witness:
    """Keeps the newest size and root of each ledger in a file, and alone writes it.

    Args:
        logs: Keys of the ledgers that it watches; a ledger may have several.

    Raises:
        LedgerError: The file is damaged, or another witness has it.
    """

    def __init__(self, signer: Signer, logs: Sequence[VerifierKey], file: Path) -> None:
        self._signer = signer
        self._logs: dict[str, list[VerifierKey]] = {}
        for key in logs:
            self._logs.setdefault(key.name, []).append(key)
        self._file = file
        self._alone = _held(file)
        self._known = _read(file)

    def close(self) -> None:
        os.close(self._alone)

    def known(self, origin: str) -> int:
        """The newest size of a ledger, 0 where there was none."""
        return self._known.get(origin, (0, EMPTY))[0]

    def add(self, text: str, time: int) -> Answer:
        """Cosign what is submitted, or say why not. Args: time: Seconds since 1970."""
        try:
            given = Submission.parse(text)
        except LedgerError as error:
            return Answer(400, f"{error}\n")
        note = given.note
        if note.origin not in self._logs:
            return Answer(404, f"expected one of the ledgers that are watched here, found {note.origin}\n")
        if not any(note.signed_by(key) for key in self._logs[note.origin]):
            return Answer(403, f"expected a signature of the known key of {note.origin}, found none\n")
        if given.old > note.size:
            return Answer(400, f"expected an old size of at most {note.size}, found {given.old}\n")
        size, root = self._known.get(note.origin, (0, EMPTY))
        if given.old != size or (note.size == size and note.root != root):
            return Answer(409, f"{size}\n", "text/x.tlog.size")
        if not grew(size, note.size, given.path, root, note.root):
            return Answer(422, f"the proof does not show that the ledger of {note.size} entries grew from that of {size}\n")
        if (note.size, note.root) != (size, root):
            known = {**self._known, note.origin: (note.size, note.root)}
            _write(self._file, known)
            self._known = known
        return Answer(200, signature_lines(self._signer.sign(note, time).signatures[-1:]))


def cosigned(note: Checkpoint, answer: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint with the witness's signature out of its answer; signatures of others are left out.

    Raises:
        LedgerError: There is none that is right.
    """
    with suppress(LedgerError):
        for signature in Checkpoint.parse(f"{note.body}\n{answer}").signatures:
            if replace(note, signatures=(signature,)).signed_by(key):
                return replace(note, signatures=(*note.signatures, signature))
    raise LedgerError(f"expected a signature of {key.name} over the checkpoint of size {note.size}, found {answer[:80]!r}",
                      remedy="Check the address, and ask its operator for the public key again.")  # fmt: skip


def _held(file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(file.with_name(f"{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise LedgerError("another witness runs with this file", origin=str(file), remedy="Stop it, or give this one a file of its own.") from None
    return lock


def _read(file: Path) -> dict[str, tuple[int, bytes]]:
    if not file.exists():
        return {}
    try:
        data = json.loads(file.read_text("utf-8"))
        known = {str(origin): (int(row["size"]), base64.b64decode(row["root"], validate=True)) for origin, row in data["logs"].items()}
        if data["format"] != 1 or any(size < 0 or len(root) != 32 for size, root in known.values()):
            raise ValueError
    except Exception:
        raise LedgerError("expected the sizes and roots that a witness knows (JSON, format 1), found something else", origin=str(file),
                          remedy="Restore it from your backup. Without it the witness forgets what it vouched for.") from None  # fmt: skip
    return known


def _write(file: Path, known: dict[str, tuple[int, bytes]]) -> None:
    """On disk when this returns, whole or not at all."""
    data = {"format": 1, "logs": {origin: {"size": size, "root": base64.b64encode(root).decode()} for origin, (size, root) in sorted(known.items())}}
    partial = file.with_name(f"{file.name}.new")
    with partial.open("w", encoding="utf-8") as out:
        out.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
