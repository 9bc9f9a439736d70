"""What outlives the process, opened as the settings say: the database, its keys, and who signs the ledger."""

from __future__ import annotations

from pathlib import Path

from endonym.ledger.note import Signer
from endonym.store import Store
from endonym.store.seal import Keyring, key_file, rsa_key, signing_key
from endonym.wiring.settings import Settings


def open_store(settings: Settings, *, keyless: bool = False) -> Store:
    """Args: keyless: Without the operator's key, which then need not be readable: nothing that is sealed is opened with it.

    Raises:
        StoreError: It cannot be opened, or its key is damaged.
    """
    keyring = Keyring([]) if keyless else open_keys(settings)
    return Store(settings.store, keyring) if settings.store else Store.sqlite(settings.state / "store.sqlite", keyring)


def open_keys(settings: Settings) -> Keyring:
    """The operator's keys. Raises: StoreError: The file holds something else."""
    return key_file(store_key(settings))


def store_key(settings: Settings) -> Path:
    return settings.state / "store.key"


def lti_key(settings: Settings) -> str:
    """The private key, as PEM, by which learning platforms know the tutor; made where there is none. Raises: StoreError: The file holds something else."""
    return rsa_key(settings.state / "lti.key")


def open_signer(settings: Settings) -> Signer:
    """Raises: StoreError: The key file holds something else."""
    return Signer(settings.ledger_name, signing_key(settings.state / "ledger.key"))
