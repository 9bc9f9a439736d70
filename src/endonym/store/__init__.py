"""What outlives a request: conversations and traces, sealed, and the ledger's entries."""

from endonym.store.store import Kept, Store

__all__ = ["Kept", "Store"]
