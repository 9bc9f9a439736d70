"""The served application: the API under /v1, the tutor everywhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from endonym.assistant import Assistant
from endonym.gateway import Gateway
from endonym.seams.turn import Turn
from endonym.store import Store
from endonym.tutor import tutor_app
from endonym.wiring.compose import Composition

log = structlog.get_logger()


class App:
    """Dispatches by path. Closes the composition when the server stops."""

    def __init__(self, assistants: Mapping[str, Assistant], composition: Composition) -> None:
        self._composition = composition
        self._kept = {name: days for name, a in assistants.items() if (days := a.bundle.retention_days) is not None}
        store = composition.store
        anonymous = {
            name: tuple(a for a in assistant.bundle.contents.head.audiences if a in composition.settings.anonymous)
            for name, assistant in assistants.items()
        }
        self._gateway: ASGIApp = Gateway(assistants, recorder(store), anonymous)
        self._tutor: ASGIApp = tutor_app(assistants, store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        path = scope.get("path", "")
        inner = self._gateway if path == "/healthz" or path == "/v1" or path.startswith("/v1/") else self._tutor
        await inner(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                cleaning = asyncio.create_task(self._expire())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                cleaning.cancel()
                await self._composition.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _expire(self) -> None:
        """Delete what is older than the packs allow, at the start and then every hour."""
        while True:
            for name, days in self._kept.items():
                gone = await to_thread.run_sync(self._composition.store.expire, name, days)
                if gone:
                    log.info("conversations.expired", bundle=name, count=gone, older_than_days=days)
            await asyncio.sleep(3600)


def recorder(store: Store) -> Callable[[Turn], Awaitable[None]]:
    """The stage record: a finished turn of the API goes to the store and the ledger."""

    async def record(turn: Turn) -> None:
        await to_thread.run_sync(store.save_turn, turn)

    return record
