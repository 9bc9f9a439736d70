"""The witnesses of the settings, asked for their signature under each checkpoint, beside everything else that runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import structlog
from anyio import to_thread

from endonym.core.errors import EndonymError, LedgerError
from endonym.ledger.note import Checkpoint
from endonym.ledger.witness import Submission, cosigned
from endonym.store import Store
from endonym.wiring.settings import WitnessSettings

log = structlog.get_logger()

_MOST = 50_000
"""Bytes of an answer."""


class Witnesses:
    """Args: seconds: For all that is asked of one witness about one checkpoint."""

    def __init__(self, witnesses: Mapping[str, WitnessSettings], store: Store, seconds: float = 10.0) -> None:
        self._seconds = seconds
        self._witnesses = dict(witnesses)
        self._store = store
        self._sizes = dict.fromkeys(witnesses, 0)  # a wrong one is told by the witness

    async def ask(self, note: Checkpoint | None) -> None:
        """Let each that has not cosigned `note` do so, and keep what they sign. What fails is logged; the next checkpoint is asked for anew."""
        if note:
            await asyncio.gather(*(self._ask(name, one, note) for name, one in self._witnesses.items() if not note.signed_by(one.verifier)))

    async def _ask(self, name: str, witness: WitnessSettings, note: Checkpoint) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._cosignature(name, witness, note)
            signed = cosigned(note, answer, witness.verifier)
            await to_thread.run_sync(self._store.add_cosignature, note, signed.signatures[-1])
        except (EndonymError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.error("ledger.not_cosigned", witness=name, size=note.size, error=type(error).__name__, detail=str(error)[:300] or f"no answer in {self._seconds:g} s")
            return
        self._sizes[name] = note.size
        log.info("ledger.cosigned", witness=name, size=note.size)

    async def _cosignature(self, name: str, witness: WitnessSettings, note: Checkpoint) -> str:
        """Raises: LedgerError: It refused, and why."""
        address = f"{witness.url.rstrip('/')}/add-checkpoint"
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            for old in (min(self._sizes[name], note.size), None):
                known = self._sizes[name] if old is None else old
                path = await to_thread.run_sync(self._store.growth, known, note.size)
                async with session.post(address, data=str(Submission(known, tuple(path), note)).encode(), allow_redirects=False) as reply:
                    body = await _read(reply, address)
                    if reply.status == 200:
                        return body
                    if reply.status != 409 or old is None:
                        raise LedgerError(f"expected a signature, found status {reply.status}: {body.strip()[:200]}", origin=address, remedy=_REMEDY.get(reply.status, ""))
                self._sizes[name] = _size(body, note, address)
        raise AssertionError("the second answer is the last")


_REMEDY = {
    403: "Give its operator this ledger's public key: `endonym ledger key`.",
    404: "Give its operator this ledger's public key: `endonym ledger key`.",
    409: "It keeps other entries of this ledger than are here: find out who changed them.",
    422: "It keeps other entries of this ledger than are here: find out who changed them.",
}


def _size(body: str, note: Checkpoint, address: str) -> int:
    text = body.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 19:
        raise LedgerError(f"expected the size that the witness knows, found {text[:80]!r}", origin=address, remedy="Ask its operator.")
    if int(text) > note.size:
        raise LedgerError(f"the witness knows {text} entries of this ledger, this checkpoint has {note.size}", origin=address,
                          remedy="Another server may have been faster; if none runs, entries were lost: restore the newest backup.")  # fmt: skip
    return int(text)


async def _read(reply: aiohttp.ClientResponse, address: str) -> str:
    data = b""
    async for chunk in reply.content.iter_chunked(_MOST):
        data += chunk
        if len(data) > _MOST:
            raise LedgerError(f"expected at most {_MOST} bytes, found more", origin=address, remedy="Check that a witness answers there.")
    return data.decode("utf-8", errors="replace")
