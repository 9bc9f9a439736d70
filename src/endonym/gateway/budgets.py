"""What a key may use and has used, and a teacher's right to let a class begin anew."""

from __future__ import annotations

from typing import Annotated

import msgspec
from anyio import to_thread
from msgspec import Meta
from starlette.types import Receive, Scope, Send

from endonym.core.errors import RequestError
from endonym.gateway.bodies import decode
from endonym.gateway.wire import read_body, send_json
from endonym.store.access import Access, Caller


class ResetBody(msgspec.Struct, forbid_unknown_fields=True):
    """Attributes: scope: As `/v1/budgets` names it."""

    scope: Annotated[str, Meta(min_length=1, max_length=192)]


_decoder = msgspec.json.Decoder(ResetBody)


class Budgets:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def listed(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        """The budgets that pay for this key, and those of the classes that it teaches."""
        scopes = (*caller.scopes, *await to_thread.run_sync(self._access.reach, caller)) if caller.key else ()
        rows = await to_thread.run_sync(self._access.budgets, tuple(dict.fromkeys(scopes))) if scopes else []
        await send_json(send, {"object": "list", "data": [{"object": "budget", "scope": row.scope, "kind": row.kind, "per": row.per, "most": row.most, "used": row.used} for row in rows]})

    async def reset(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one begin its present periods anew."""
        wanted = decode(await read_body(scope, receive), _decoder).scope
        reach = await to_thread.run_sync(self._access.reach, caller) if caller.key else ()
        if wanted not in reach:
            raise RequestError(f"expected one of {', '.join(reach[:8]) or 'no scope: this key teaches no class'}, found {wanted!r}", status=403, param="scope",
                               code="scope_not_allowed", remedy="A key of the audience teacher, with a school, resets budgets of its own classes.")  # fmt: skip
        await to_thread.run_sync(self._access.reset, wanted)
        await send_json(send, {"object": "budget.reset", "scope": wanted})
