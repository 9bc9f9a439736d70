"""The break-glass key: split among three people of whom two must act, and kept nowhere.

Its public half stays in the database. With that each data key is locked a second time, beside its wrapping with the operator's keys. So two
holders of shares can read a conversation from the database alone while `store.key` stays with the server, and one of them cannot.

Source: SLIP-39 (shares of 20 words); X25519 (RFC 7748), HKDF with SHA-256 (RFC 5869), AES-256-GCM (NIST SP 800-38D).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from endonym.core.errors import StoreError
from endonym.store.seal import DataKey

HOLDERS, NEEDED = 3, 2
_SECRET = 16
"""Bytes of the secret that is split: 128 bits, which make shares of 20 words."""
_TAG, _PUBLIC, _NONCE = 4, 32, 12


class Lock:
    """The public half: it locks data keys and opens none.

    One ephemeral key serves as long as this object lives, so a lock costs no more than a wrapping.
    """

    def __init__(self, public: bytes) -> None:
        self.public = public
        ephemeral = X25519PrivateKey.generate()
        own = _raw(ephemeral.public_key())
        self._head = tag(public) + own
        self._cipher = AESGCM(_shared(ephemeral, public, own, public))

    def close(self, key: DataKey, owner: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return self._head + nonce + self._cipher.encrypt(nonce, key.key, owner.encode())


class SplitKey:
    """The private half, as two shares give it, in memory alone.

    Attributes:
        shares: Which of the three, counted from 1.
    """

    def __init__(self, secret: bytes, shares: tuple[int, ...]) -> None:
        self._private = X25519PrivateKey.from_private_bytes(HKDF(SHA256(), 32, None, b"endonym break-glass key v1").derive(secret))
        self.public = _raw(self._private.public_key())
        self.shares = shares

    def open(self, locked: bytes | None, owner: str) -> DataKey:
        """Raises: StoreError: It was locked with another key, changed, or never locked."""
        if not locked:
            raise StoreError(f"record {owner} is not locked with the break-glass key yet", remedy="Run `endonym break-glass setup` to finish it.")
        own, nonce = locked[_TAG : _TAG + _PUBLIC], locked[_TAG + _PUBLIC : _TAG + _PUBLIC + _NONCE]
        try:
            cipher = AESGCM(_shared(self._private, own, own, self.public))
            return DataKey(cipher.decrypt(nonce, locked[_TAG + _PUBLIC + _NONCE :], owner.encode()))
        except (InvalidTag, ValueError):
            raise StoreError(f"record {owner} cannot be opened with these shares, or was changed",
                             remedy="Run `endonym break-glass setup` to finish an interrupted one; else restore the backup.") from None  # fmt: skip


def split() -> tuple[SplitKey, tuple[str, ...]]:
    """(a new key, its three shares as words)."""
    secret = secrets.token_bytes(_SECRET)
    shares = generate_mnemonics(1, [(NEEDED, HOLDERS)], secret)[0]
    return SplitKey(secret, ()), tuple(shares)


def joined(shares: Sequence[str]) -> SplitKey:
    """The key of two shares.

    Raises:
        StoreError: One has a wrong word, both are of one holder, or they are not of one key.
    """
    words = [" ".join(share.lower().split()) for share in shares]
    if len(words) != NEEDED:
        raise StoreError(f"expected {NEEDED} shares, found {len(words)}", remedy="Two of the three holders must act.")
    numbers = tuple(_number(text, at) for at, text in enumerate(words, 1))
    if len(set(numbers)) != NEEDED:
        raise StoreError(f"expected the shares of two holders, found share {numbers[0]} twice", remedy="Ask a second holder.")
    try:
        return SplitKey(combine_mnemonics(words), numbers)
    except MnemonicError:
        raise StoreError("expected two shares of one key, found shares that do not belong together",
                         remedy="Use shares of the same `endonym break-glass setup`.") from None  # fmt: skip


def tag(public: bytes) -> bytes:
    """What a locked data key begins with: which key locked it."""
    return sha256(b"break-glass\0" + public).digest()[:_TAG]


def _number(words: str, at: int) -> int:
    try:
        share = Share.from_mnemonic(words)
    except MnemonicError:
        raise StoreError(f"share {at} of those given: expected 20 words of a share, found {len(words.split())} with a wrong one or a wrong order",
                         remedy="Compare each word with what was written down.") from None  # fmt: skip
    if share.member_threshold != NEEDED:
        raise StoreError(f"share {at} of those given: expected a share of a key split 2 of 3, found another", remedy="Use the words that `endonym break-glass setup` showed.")
    return int(share.index) + 1


def _shared(private: X25519PrivateKey, other: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
    found = private.exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(SHA256(), 32, None, b"endonym break-glass lock v1" + ephemeral + recipient).derive(found)


def _raw(key: X25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
