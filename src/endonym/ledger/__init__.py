"""The ledger: an append-only hash chain over metadata and digests of turns."""

from endonym.ledger.chain import GENESIS, Entry, first_break, link

__all__ = ["GENESIS", "Entry", "first_break", "link"]
