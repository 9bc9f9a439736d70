"""One process that serves: the application on an inherited socket, until its supervisor goes or tells it to stop."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from endonym.wiring.app import App
from endonym.wiring.compose import Composition
from endonym.wiring.registry import Progress
from endonym.wiring.settings import Settings

_LAST_REQUESTS_S = 1.0
"""How long open connections may still send a request when the server stops."""


class _Server(uvicorn.Server):
    """Tells the application when it begins to stop, and answers what is on its way then."""

    def __init__(self, config: uvicorn.Config, app: App, grace_s: float) -> None:
        super().__init__(config)
        self._app = app
        self._grace_s = grace_s

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.stopping(self._grace_s)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Uvicorn closes connections without a request at once, also the one whose request is under way: they get a moment."""
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        end = loop.time() + _LAST_REQUESTS_S
        while self.server_state.connections and loop.time() < end:
            for connection in list(self.server_state.connections):
                if isinstance(connection, HttpToolsProtocol) and connection.cycle and not connection.cycle.response_complete:
                    connection.shutdown()  # its answer says "Connection: close"
            await asyncio.sleep(0.02)
        await super().shutdown(sockets)


def serve(paths: Sequence[Path], settings: Settings, progress: Progress, listener: int, reports: int) -> None:
    """Serve packs or bundles; say what is served as a line of JSON to the file `reports` once ready."""
    composition = Composition(settings, progress)
    files = [composition.bundle_file(path) for path in paths]
    assistants = {}
    for file in files:
        bundle = composition.bundle(file)
        assistants[bundle.id] = composition.assistant(bundle)
        assistants[bundle.id].warm()
    app = App(assistants, composition)
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=int(settings.grace_s) + 5,
                            server_header=False, http=HttpToolsProtocol)  # fmt: skip
    server = _Server(config, app, settings.grace_s)
    threading.Thread(target=_watch_lifeline, args=(server,), daemon=True).start()
    with socket.socket(fileno=listener) as inherited, os.fdopen(reports, "w") as report:
        app.ready = lambda: print(json.dumps({"bundles": list(assistants), "files": [str(file.resolve()) for file in files]}), file=report, flush=True)
        server.run(sockets=[inherited])


def _watch_lifeline(server: uvicorn.Server) -> None:
    """Standard input ends when the supervisor does, however it ended."""
    sys.stdin.buffer.read()
    server.should_exit = True
