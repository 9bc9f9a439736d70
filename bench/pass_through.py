"""A gateway that does nothing: each request goes to the upstream as it came, and what comes back goes to the client.

    uvicorn pass_through:app, with UPSTREAM=http://127.0.0.1:PORT/v1

The floor of ours: the same server and the same client library, one pooled session, one send a read.
"""

from __future__ import annotations

import os
from typing import Any

import aiohttp

UPSTREAM = os.environ["UPSTREAM"]
_session: list[aiohttp.ClientSession] = []


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        _session.append(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await _session.pop().close()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    async with _session[0].post(UPSTREAM + scope["path"].removeprefix("/v1"), data=body, headers={"content-type": "application/json"}) as reply:
        await send({"type": "http.response.start", "status": reply.status, "headers": [(b"content-type", reply.content_type.encode())]})
        async for piece in reply.content.iter_any():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
