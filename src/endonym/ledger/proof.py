"""A proof that a reply was given: its ledger entry, the way from it to a root, and the signed checkpoint with that root."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from endonym.core.canonical import digest_bytes
from endonym.core.errors import LedgerError
from endonym.ledger.chain import Entry, link
from endonym.ledger.note import Checkpoint, VerifierKey
from endonym.ledger.tree import includes, leaf_hash

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person keeps to show that a reply was given.

    Attributes:
        path: The hashes beside the way from the entry to the root, the lowest first.
        salt: What the entry's digest of the reply was made with; "" once the conversation was erased.
    """

    entry: Entry
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    salt: str

    def __str__(self) -> str:
        return json.dumps({
            "format": FORMAT, "number": self.entry.number, "content": self.entry.content, "previous": self.entry.previous, "salt": self.salt,
            "path": [base64.b64encode(step).decode() for step in self.path], "checkpoint": str(self.checkpoint),
        }, ensure_ascii=False, indent=1) + "\n"  # fmt: skip

    @staticmethod
    def parse(text: str) -> Proof:
        """Raises: LedgerError: It is no proof of this format."""
        try:
            data = json.loads(text)
            if data["format"] != FORMAT or type(data["number"]) is not int or not isinstance(data["content"], dict):
                raise ValueError
            entry = link(data["number"], data["content"], str(data["previous"]))
            path = tuple(base64.b64decode(step, validate=True) for step in data["path"])
            return Proof(entry, path, Checkpoint.parse(data["checkpoint"]), str(data["salt"]))
        except LedgerError:
            raise
        except Exception:
            raise LedgerError("expected a proof of a reply (JSON, format 1), found something else",
                              remedy="Give the file as it was downloaded.") from None  # fmt: skip

    def faults(self, key: VerifierKey, reply: str | None = None) -> list[str]:
        """Why it proves nothing; empty where it does.

        Args:
            key: Of whoever runs the ledger, got from elsewhere than the proof.
            reply: The text that is said to have been the reply.
        """
        found = []
        if not self.checkpoint.signed_by(key):
            found.append(f"the checkpoint is not signed by {key.name}")
        leaf = leaf_hash(self.entry.digest.encode())
        if not includes(leaf, self.entry.number - 1, self.checkpoint.size, self.path, self.checkpoint.root):
            found.append("the entry does not stand in the ledger that was signed")
        if reply is not None and digest_bytes(f"{self.salt}{reply}".encode()) != self.entry.content.get("reply"):
            found.append("the text is not the reply of this entry")
        return found
