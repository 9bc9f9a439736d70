"""Turns as they are kept: each sealed with the key of its conversation, or a key of its own, with its entry in the ledger."""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, func, insert, select

from endonym.core.canonical import canonical_json, digest_bytes
from endonym.seams.turn import Message, Turn
from endonym.store.database import Database
from endonym.store.entries import append, turn_name
from endonym.store.seal import DataKey
from endonym.store.split import SplitKey
from endonym.store.tables import conversations, turns, works

_turn_json: TypeAdapter[Turn] = TypeAdapter(Turn)


@dataclass(frozen=True, slots=True)
class Record:
    """A finished turn. Attributes: conversation: In which it stands, or ""; person: Whose it is, or ""."""

    turn: Turn
    conversation: str
    person: str


class Turns:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys

    def save(self, batch: Sequence[Record]) -> list[bool]:
        """Write turns and their entries in one transaction; whether each is kept.

        One whose conversation was deleted while it was written is not. Its entry is, for the reply was given; the salt of its digest is known
        to nobody, as that of the turns that went with the conversation.
        """
        def work(connection: Connection) -> list[bool]:
            held = _held(connection, batch)
            kept = [not record.conversation or record.conversation in held for record in batch]
            keys = self._batch_keys(connection, [record for record, keep in zip(batch, kept, strict=True) if keep])
            rows, entries = [], []
            for record, keep in zip(batch, kept, strict=True):
                turn, key = record.turn, keys[record.conversation or record.turn.id] if keep else DataKey(secrets.token_bytes(32))
                if keep:
                    number = held.get(record.conversation, 0)
                    held[record.conversation] = number + 1
                    rows.append({"id": turn.id, "conversation": record.conversation, "person": record.person, "bundle": _bundle(turn),
                                 "number": number if record.conversation else 0, "started": turn.started,
                                 "sealed": key.close(packed(turn, alone=not record.conversation), turn.id)})  # fmt: skip
                entries.append(_metadata(turn, key.salt(turn.id)))
            if rows:
                connection.execute(insert(turns), rows)
            append(connection, entries)
            return kept

        return self._database.write(work)

    def _batch_keys(self, connection: Connection, batch: Sequence[Record]) -> dict[str, DataKey]:
        """The key of each conversation, and a new one for each turn outside one."""
        owners = dict.fromkeys(record.conversation or record.turn.id for record in batch)
        keys = self._keys.find(connection, owners)
        if new := [owner for owner in owners if owner not in keys]:
            keys |= self._keys.new(connection, new)
        return keys

    # ---- read

    def opened(self, which: Any, split: SplitKey | None = None) -> tuple[Turn, ...]:
        """Turns in order. Args: which: A condition over the table; split: The break-glass key, where it shall open them."""
        return tuple(turn for _, turn in self.by_conversation(which, split))

    def by_conversation(self, which: Any, split: SplitKey | None = None) -> tuple[tuple[str, Turn], ...]:
        """(conversation or "", turn) in order."""
        keys = self.keys_of(which, split)
        statement = select(turns.c.id, turns.c.conversation, turns.c.sealed).where(which).order_by(turns.c.number, turns.c.started, turns.c.id)
        rows = self._database.read(lambda connection: connection.execute(statement).all())
        return tuple((row.conversation, unpacked(key.open(row.sealed, row.id))) for row in rows if (key := keys.get(row.conversation or row.id)))

    def keys_of(self, which: Any, split: SplitKey | None = None) -> dict[str, DataKey]:
        """By conversation, or turn that stands in none."""
        return self._database.read(lambda connection: self._keys.find(connection, owners(which), split))

    # ---- a person's rights

    def kept_of(self, person: str, split: SplitKey | None = None) -> dict[str, Any]:
        """Conversations with their turns, then turns of the API."""
        return {"conversations": list(self._kept_of(person, split))}

    def _kept_of(self, person: str, split: SplitKey | None) -> Iterator[dict[str, Any]]:
        statement = select(conversations).where(conversations.c.person == person).order_by(conversations.c.started, conversations.c.id)
        for row in self._database.read(lambda connection: connection.execute(statement).all()):
            yield {"conversation": row.id, "started": row.started, "settings": json.loads(row.settings),
                   "turns": [_turn_json.dump_python(turn, mode="json") for turn in self.opened(turns.c.conversation == row.id, split)]}  # fmt: skip
        for turn in self.opened((turns.c.person == person) & (turns.c.conversation == ""), split):
            yield {"conversation": "", "started": turn.started, "turns": [_turn_json.dump_python(turn, mode="json")]}

    def forget(self, person: str) -> tuple[int, int]:
        """Remove what a person wrote; (conversations, turns) that went."""
        return self.erase(of_person(person), conversations.c.person == person)

    def erase(self, of_turns: Any, of_conversations: Any) -> tuple[int, int]:
        """(conversations, turns) that went, with their keys. The ledger keeps their digests."""
        def work(connection: Connection) -> tuple[int, int]:
            going = select(conversations.c.id).where(of_conversations).union(select(turns.c.id).where(of_turns))
            self._keys.drop(connection, going)
            connection.execute(delete(works).where(works.c.conversation.in_(going)))
            gone = connection.execute(delete(turns).where(of_turns)).rowcount
            return connection.execute(delete(conversations).where(of_conversations)).rowcount, gone

        return self._database.write(work)


def owners(which: Any) -> Any:
    """Of the data keys of turns: their conversations, or they themselves."""
    return select(turns.c.conversation).where(which).union(select(turns.c.id).where(which))


def of_person(person: str) -> Any:
    """Every turn of a person."""
    return (turns.c.person == person) | turns.c.conversation.in_(select(conversations.c.id).where(conversations.c.person == person))


def packed(turn: Turn, *, alone: bool) -> bytes:
    """A turn as it is sealed, without what stands elsewhere: what engines were told follows from the bundle and the rules, and of a
    conversation the earlier messages are in its earlier turns. Args: alone: It stands in no conversation.
    """
    kept = replace(turn, instructions=(), protected_messages=(), protected_task="", offered=None)
    if not alone:
        kept = replace(kept, request=replace(kept.request, messages=kept.request.messages[-1:]))
    request = replace(kept.request, names=(), payer="", task="", messages=tuple(_without_pictures(message) for message in kept.request.messages))
    return zlib.compress(_turn_json.dump_json(replace(kept, request=request)), 1)


def _without_pictures(message: Message) -> Message:
    """Which images there were stays, by their digests."""
    return replace(message, images=tuple(replace(image, data="") for image in message.images)) if message.images else message


def unpacked(data: bytes) -> Turn:
    return _turn_json.validate_json(zlib.decompress(data))


def _held(connection: Connection, batch: Sequence[Record]) -> dict[str, int]:
    """How many turns each conversation has that there is."""
    named = {record.conversation for record in batch} - {""}
    if not named:
        return {}
    statement = (select(conversations.c.id, func.count(turns.c.id)).join(turns, turns.c.conversation == conversations.c.id, isouter=True)
                 .where(conversations.c.id.in_(named)).group_by(conversations.c.id))  # fmt: skip
    return {row[0]: row[1] for row in connection.execute(statement)}


def _bundle(turn: Turn) -> str:
    return turn.model.rpartition("/")[0]


def _metadata(turn: Turn, salt: str) -> dict[str, object]:
    called = {"calls": digest_bytes(salt.encode() + canonical_json([asdict(call) for call in turn.calls]))} if turn.calls else {}
    return {
        "turn": turn_name(turn.id), "started": turn.started, "bundle": turn.bundle, "model": turn.model, "engine": turn.engine,
        "language": turn.language, "rules": [rule.id for rule in turn.rules],
        "disclosures": [f"{d.kind}:{d.rule}" for d in turn.disclosures],
        "failed": [v.verifier for v in turn.verdicts if not v.passed],
        "reply": digest_bytes(f"{salt}{turn.reply}".encode()), **called,
    }  # fmt: skip
