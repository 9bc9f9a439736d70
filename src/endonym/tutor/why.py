"""Why a reply is as it is, and the proof that it was given."""

from __future__ import annotations

from collections.abc import Mapping

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from endonym.assistant import Assistant
from endonym.seams.turn import Turn
from endonym.store import Store
from endonym.tutor import pages
from endonym.tutor.session import expect_owner
from endonym.tutor.visitor import Visitor, visitor


def why_routes(assistants: Mapping[str, Assistant], store: Store, audience: str) -> list[Route]:
    here = _Why(assistants, store, audience)
    return [
        Route("/why/{turn}", here.why),
        Route("/why/{turn}/proof.json", here.proof),
        Route("/why/{turn}/reply.txt", here.reply),
    ]


class _Why:
    def __init__(self, assistants: Mapping[str, Assistant], store: Store, audience: str) -> None:
        self._assistants = assistants
        self._store = store
        self._audience = audience

    async def why(self, request: Request) -> Response:
        who, turn = await self._explained(request)
        return pages.page("why.html", who, turn=turn, proved=await to_thread.run_sync(self._store.proved, turn.id))

    async def proof(self, request: Request) -> Response:
        """What a student keeps to show that the reply was given; 503 while no checkpoint covers it."""
        who, turn = await self._explained(request)
        if not await to_thread.run_sync(self._store.proved, turn.id):
            later = pages.page("notice.html", who, 503, message=who.text("why-proof-later"))
            later.headers["retry-after"] = "60"
            return later
        return pages.download(str(await to_thread.run_sync(self._store.prove, turn.id)), "application/json", "proof.json")

    async def reply(self, request: Request) -> Response:
        """The text of the reply, each character as its digest in the ledger covers it."""
        _, turn = await self._explained(request)
        return pages.download(turn.reply, "text/plain; charset=utf-8", "reply.txt")

    async def _explained(self, request: Request) -> tuple[Visitor, Turn]:
        turn = await to_thread.run_sync(self._store.turn, request.path_params["turn"])
        await expect_owner(request, self._store, await to_thread.run_sync(self._store.reader, request.path_params["turn"]))
        bundle = turn.model.rpartition("/")[0] if turn else ""
        if turn is None or bundle not in self._assistants:
            raise HTTPException(404)
        return visitor(request, self._assistants[bundle], self._audience), turn
