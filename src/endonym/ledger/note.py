"""Checkpoints: the size and root of the ledger's tree, signed by the operator and cosigned by witnesses.

Source: C2SP signed-note, tlog-checkpoint and tlog-cosignature (c2sp.org); Ed25519 is RFC 8032. Other tools that read these
formats can verify a checkpoint.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from endonym.core.errors import LedgerError

_SIGNATURE, _COSIGNATURE = b"\x01", b"\x04"
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_MOST = 100_000
"""Characters of a checkpoint."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under its name, written `name+hash+key` as in the signed-note format.

    Attributes:
        kind: `\\x01` signs notes, `\\x04` cosigns checkpoints with a time.
    """

    name: str
    kind: bytes
    key: bytes

    @property
    def cosigns(self) -> bool:
        return self.kind == _COSIGNATURE

    @property
    def hash(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.kind + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(self.kind + self.key).decode()}"

    @staticmethod
    def parse(text: str) -> VerifierKey:
        """Raises: LedgerError: It is no such key, or its hash is another's."""
        name, _, rest = text.strip().partition("+")
        said, _, data = rest.partition("+")
        try:
            raw = base64.b64decode(data, validate=True)
        except ValueError:
            raw = b""
        key = VerifierKey(name, raw[:1], raw[1:])
        if not _NAME.fullmatch(name) or key.kind not in (_SIGNATURE, _COSIGNATURE) or len(key.key) != 32 or key.hash.hex() != said:
            raise LedgerError(f"expected a key as name+hash+key, found {text[:80]!r}", remedy="Copy the whole line that its owner published.")
        return key


class Signer:
    """A private key with the name under which it signs, such as `tutor.example.edu/ledger`."""

    def __init__(self, name: str, key: Ed25519PrivateKey, *, cosigns: bool = False) -> None:
        if not _NAME.fullmatch(name):
            raise LedgerError(f"expected a name without spaces and +, found {name!r}", remedy="Choose a name such as school.example/ledger.")
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._key = key
        self.verifier = VerifierKey(name, _COSIGNATURE if cosigns else _SIGNATURE, public)

    def sign(self, note: Checkpoint, time: int = 0) -> Checkpoint:
        """The checkpoint with this signer's signature added. Args: time: Of a cosignature, in seconds since 1970."""
        cosigns = self.verifier.kind == _COSIGNATURE
        stamped = time.to_bytes(8, "big") if cosigns else b""
        signature = self._key.sign(_message(note, time if cosigns else None))
        return replace(note, signatures=(*note.signatures, (self.verifier.name, self.verifier.hash + stamped + signature)))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the ledger was at one moment.

    Attributes:
        origin: The ledger's name, unique in the world.
        size: How many entries it had.
        root: The root of the tree over them.
        signatures: (name, bytes) in the order they were added.
    """

    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes], ...] = ()

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def __str__(self) -> str:
        return f"{self.body}\n{signature_lines(self.signatures)}"

    @staticmethod
    def parse(text: str) -> Checkpoint:
        """Raises: LedgerError: It is no checkpoint."""
        body, parted, signed = text.partition("\n\n")
        lines = body.split("\n")
        matches = [_LINE.fullmatch(line) for line in signed.splitlines()]
        try:
            if not parted or len(text) > _MOST or len(lines) < 3 or not matches or not lines[0]:
                raise ValueError
            if len(lines) > 3 or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
                raise ValueError
            root = base64.b64decode(lines[2], validate=True)
            signatures = tuple((match[1], base64.b64decode(match[2], validate=True)) for match in matches if match)
        except ValueError:
            raise LedgerError("expected a checkpoint: origin, size, root, an empty line, signatures; found another text",
                              remedy="Give the file as it was published.") from None  # fmt: skip
        if len(root) != 32 or len(signatures) != len(matches):
            raise LedgerError("expected a root of 32 bytes and one signature a line, found otherwise", remedy="Give the file as it was published.")
        return Checkpoint(lines[0], int(lines[1]), root, signatures)

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether a signature of `key` stands under it and is right."""
        for name, data in self.signatures:
            if name != key.name or data[:4] != key.hash:
                continue
            cosigned = key.kind == _COSIGNATURE
            time = int.from_bytes(data[4:12], "big") if cosigned else None
            try:
                Ed25519PublicKey.from_public_bytes(key.key).verify(data[12:] if cosigned else data[4:], _message(self, time))
            except InvalidSignature:
                continue
            return True
        return False


def signature_lines(signatures: Iterable[tuple[str, bytes]]) -> str:
    return "".join(f"— {name} {base64.b64encode(data).decode()}\n" for name, data in signatures)


def _message(note: Checkpoint, time: int | None) -> bytes:
    return (note.body if time is None else f"cosignature/v1\ntime {time}\n{note.body}").encode()
