"""Sealing: what students wrote lies encrypted on disk.

Source: AES-256-GCM (NIST SP 800-38D), one random 96-bit nonce a record; the record's id is authenticated with it.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from endonym.core.errors import StoreError


class Seal:
    """Encrypts and decrypts records with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, data: bytes, record: str) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, data, record.encode())

    def open(self, sealed: bytes, record: str) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], record.encode())
        except InvalidTag:
            raise StoreError(f"record {record} cannot be opened with this key, or was changed",
                             remedy="Use the key file that the database was written with.") from None  # fmt: skip


def key_file(path: Path) -> Seal:
    """The key in `path`; a new one is made, readable by its owner alone, where there is none."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return key_file(path)
        with os.fdopen(handle, "wb") as file:
            file.write(AESGCM.generate_key(256))
    key = path.read_bytes()
    if len(key) != 32:
        raise StoreError(f"expected a key of 32 bytes, found {len(key)}", origin=str(path),
                         remedy="Restore the key file from your backup.")  # fmt: skip
    return Seal(key)
