"""A witness as a small HTTP server, for other people's ledgers."""

from __future__ import annotations

import socket
from time import time

import structlog
import uvicorn
from starlette.types import Receive, Scope, Send

from endonym.ledger.witness import Answer, Witness

log = structlog.get_logger()

_MOST = 110_000
"""Bytes of a submission."""


def serve_witness(witness: Witness, about: str, listener: socket.socket) -> None:
    """Until a signal ends it. Args: about: What `GET /` says."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = await _answer(witness, about, scope, receive)
        headers = [(b"content-type", answer.kind.encode()), (b"x-content-type-options", b"nosniff")]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body.encode()})

    uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning", access_log=False, server_header=False,
                                  timeout_graceful_shutdown=5)).run(sockets=[listener])  # fmt: skip


async def _answer(witness: Witness, about: str, scope: Scope, receive: Receive) -> Answer:
    if scope["path"] == "/" and scope["method"] == "GET":
        return Answer(200, about)
    if scope["path"] != "/add-checkpoint":
        return Answer(404, "expected /add-checkpoint\n")
    if scope["method"] != "POST":
        return Answer(405, "expected POST\n")
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False) and len(body) <= _MOST
    if len(body) > _MOST:
        return Answer(413, f"expected at most {_MOST} bytes\n")
    answer = witness.add(body.decode("utf-8", errors="replace"), int(time()))  # in this one thread, so nothing comes between the check and the file
    if answer.status != 200:
        log.warning("ledger.refused", status=answer.status, detail=answer.body.strip()[:200])
    return answer
