"""Sealing: what people wrote, and what is kept of them, lies encrypted on disk.

Each owner has a data key of its own: a conversation, a turn that stands in none, a class, a person for what they practise. The operator's keys
wrap data keys. So a rotation writes one short row for an owner, and what an owner sealed cannot be read by anybody once its data key is gone,
from no backup of its rows.

Source: AES-256-GCM (NIST SP 800-38D), one random 96-bit nonce a record; the record's id is authenticated with it.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from endonym.core.errors import StoreError

_KEY_LINE = re.compile(r"[0-9a-f]{64}")
_TAG = 4


class DataKey:
    """Seals the records of one owner."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._cipher = AESGCM(key)

    def close(self, data: bytes, record: str) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, data, record.encode())

    def open(self, sealed: bytes, record: str) -> bytes:
        """Raises: StoreError: It was sealed with another key, or changed."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], record.encode())
        except InvalidTag:
            raise _not_ours(record) from None

    def salt(self, record: str) -> str:
        """What makes the public digest of a record's text say nothing to whoever guesses the text."""
        return hmac.new(self.key, b"salt\0" + record.encode(), sha256).hexdigest()[:32]


class Keyring:
    """The operator's keys, the newest first: it wraps, all of them unwrap."""

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = [(sha256(b"id\0" + key).digest()[:_TAG], AESGCM(key)) for key in keys]

    def new_key(self, owner: str) -> tuple[DataKey, bytes]:
        """(a data key, the same wrapped for the database)."""
        key = secrets.token_bytes(32)
        return DataKey(key), self.wrap(key, owner)

    def unwrap(self, wrapped: bytes, owner: str) -> DataKey:
        """Raises: StoreError: No key of this ring wrapped it."""
        return DataKey(self._unwrap(wrapped, owner))

    def rewrap(self, wrapped: bytes, owner: str) -> bytes | None:
        """The same data key under the newest key; None where it is already."""
        if wrapped[:_TAG] == self._keys[0][0]:
            return None
        return self.wrap(self._unwrap(wrapped, owner), owner)

    def wrap(self, key: bytes, owner: str) -> bytes:
        """A key as the database keeps it."""
        tag, cipher = self._keys[0]
        nonce = secrets.token_bytes(12)
        return tag + nonce + cipher.encrypt(nonce, key, owner.encode())

    def _unwrap(self, wrapped: bytes, owner: str) -> bytes:
        tag, nonce, data = wrapped[:_TAG], wrapped[_TAG : _TAG + 12], wrapped[_TAG + 12 :]
        for known, cipher in self._keys:
            if known == tag:
                try:
                    return cipher.decrypt(nonce, data, owner.encode())
                except InvalidTag:
                    break
        raise _not_ours(owner)


def _not_ours(record: str) -> StoreError:
    return StoreError(f"record {record} cannot be opened with this key, or was changed",
                      remedy="Use the key file that the database was written with.")  # fmt: skip


def key_file(path: Path) -> Keyring:
    """The keys in `path`, one a line in hexadecimal, the newest first; a new one is made, readable by its owner alone,
    where there is none.

    Raises:
        StoreError: The file holds something else.
    """
    _make(path)
    return Keyring(_keys(path))


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in `path` that signs, made where there is none.

    Raises:
        StoreError: The file holds something else.
    """
    _make(path)
    return Ed25519PrivateKey.from_private_bytes(_keys(path)[0])


def rsa_key(path: Path) -> str:
    """The RSA key in `path` as PEM, made where there is none.

    Raises:
        StoreError: The file holds something else.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    def made() -> str:
        key = rsa.generate_private_key(65537, 2048)
        return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()

    _make(path, made)
    try:
        pem = path.read_text("ascii")
        found = serialization.load_pem_private_key(pem.encode(), None)
    except (UnicodeDecodeError, OSError, ValueError, TypeError):
        found = None
    if not isinstance(found, rsa.RSAPrivateKey):
        raise StoreError("expected an RSA key as PEM, found something else", origin=str(path),
                         remedy="Restore it from your backup, or move it away and register the new one with your platforms.")  # fmt: skip
    return pem


def _make(path: Path, text: Callable[[], str] = lambda: _lines([secrets.token_bytes(32)])) -> None:
    """A new key in `path`, readable by its owner alone, where there is none. Whoever else makes one at once may win."""
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.new")
    _write_new(partial, text())
    with suppress(FileExistsError):
        try:
            os.link(partial, path)
        except FileExistsError:
            raise
        except OSError:  # not every file system has two names for a file; there, who reads while it is written is told that it holds something else
            _create(path, partial.read_text("ascii"))
    partial.unlink()


def add_key(path: Path) -> Keyring:
    """Put a new key before those in `path`, in one step; the old ones go on unwrapping."""
    keys = [secrets.token_bytes(32), *_keys(path)]
    _write(path, keys)
    return Keyring(keys)


def key_count(path: Path) -> int:
    """How many keys are in `path`; more than one where a rotation was interrupted."""
    return len(_keys(path))


def retire_keys(path: Path) -> None:
    """Leave the newest key alone in `path`; only after everything was wrapped anew."""
    _write(path, _keys(path)[:1])


def _write(path: Path, keys: list[bytes]) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.new")
    _write_new(partial, _lines(keys))
    partial.replace(path)


def _lines(keys: list[bytes]) -> str:
    return "".join(f"{key.hex()}\n" for key in keys)


def _write_new(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    _create(path, text)


def _create(path: Path, text: str) -> None:
    """Raises: FileExistsError: Somebody else did."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _keys(path: Path) -> list[bytes]:
    try:
        lines = path.read_text("ascii").split()
    except (UnicodeDecodeError, OSError):
        lines = []
    if not lines or not all(_KEY_LINE.fullmatch(line) for line in lines):
        raise StoreError("expected keys of 64 hexadecimal digits, one a line, found something else", origin=str(path),
                         remedy="Restore it from your backup; if a trial version wrote it, move the folder away.")  # fmt: skip
    return [bytes.fromhex(line) for line in lines]
