"""A real server over a real socket, for tests: uvicorn in a thread, on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import uvicorn

from endonym.wiring.app import App
from endonym.wiring.compose import Composition
from endonym.wiring.settings import EngineSettings, Settings


@contextmanager
def serving(packs: list[Path], state: Path, **settings: object) -> Iterator[str]:
    """The address of a server over `packs`; it is stopped at the end."""
    with running(packs, state, **settings) as (address, _):
        yield address


@contextmanager
def running(packs: list[Path], state: Path, **settings: object) -> Iterator[tuple[str, Composition]]:
    """As `serving`, with what the server is made of."""
    composition = Composition(Settings(state=state, **{"chain": (), "embedder": "none", **settings}))  # type: ignore[arg-type]
    assistants = {}
    for pack in packs:
        bundle = composition.bundle(pack)
        assistants[bundle.id] = composition.assistant(bundle)
    server = uvicorn.Server(uvicorn.Config(App(assistants, composition), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = monotonic() + 20
    while not server.started and monotonic() < end:
        sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", composition
    finally:
        server.should_exit = True
        thread.join(10)


__all__ = ["EngineSettings", "running", "serving"]
