"""Any server that speaks OpenAI's chat completions, streamed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import orjson

from endonym.adapters.engines.messages import chat_body
from endonym.core.errors import EngineError, EngineProtocolError, EngineTimeout, EngineUnavailable
from endonym.seams.engine import Declaration, Delta
from endonym.seams.turn import Turn

MOST_BYTES = 1_000_000
_FIRST_TOKEN_S = 30.0


def from_settings(declaration: Declaration, settings: Any) -> OpenAICompatible:
    """The engine of a table `[engines.NAME]` with `kind = "openai"`."""
    return OpenAICompatible(declaration, settings.base_url, settings.model, settings.api_key, settings.timeout_s)


class OpenAICompatible:
    """Args: timeout_s: Longest time for a whole reply, in seconds."""

    def __init__(self, declaration: Declaration, base_url: str, model: str, api_key: str = "", timeout_s: float = 60.0) -> None:
        self.declaration = declaration
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        self._headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=5.0, sock_read=min(_FIRST_TOKEN_S, timeout_s))
        self._session: aiohttp.ClientSession | None = None

    async def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, headers=self._headers)
        body = orjson.dumps({**chat_body(turn), "model": self._model})
        try:
            async with self._session.post(self._url, data=body, headers={"content-type": "application/json"}) as response:
                await self._refuse(response)
                async for delta in self._deltas(response):
                    yield delta
        except TimeoutError as error:
            raise EngineTimeout(f"{self.declaration.name}: no reply in time", remedy="Raise `timeout_s`, or use a faster engine.") from error
        except aiohttp.ClientPayloadError as error:
            raise EngineProtocolError(f"{self.declaration.name}: the reply broke off") from error
        except aiohttp.ClientError as error:
            raise EngineUnavailable(f"{self.declaration.name}: {type(error).__name__} at {self._url}",
                                    remedy="Check that the server runs and `base_url` is right.") from error  # fmt: skip

    async def _refuse(self, response: aiohttp.ClientResponse) -> None:
        name = self.declaration.name
        if response.status != 200:
            kind: type[EngineError] = EngineUnavailable if response.status in (408, 429) or response.status >= 500 else EngineProtocolError
            raise kind(f"{name}: answered with status {response.status}", remedy="See the server's log.")
        if "text/event-stream" not in response.content_type:
            raise EngineProtocolError(f"{name}: expected text/event-stream, found {response.content_type}")

    async def _deltas(self, response: aiohttp.ClientResponse) -> AsyncGenerator[Delta, None]:
        """Source: server-sent events of the HTML standard; chunks may break anywhere, also inside a letter."""
        name = self.declaration.name
        held, seen, finished = b"", 0, False
        async for chunk in response.content.iter_any():
            seen += len(chunk)
            if seen > MOST_BYTES:
                raise EngineProtocolError(f"{name}: expected at most {MOST_BYTES:,} bytes, found more")
            held += chunk
            *lines, held = held.split(b"\n")
            for line in lines:
                data = line.strip()
                if not data.startswith(b"data:"):
                    continue
                data = data[5:].strip()
                if data == b"[DONE]":
                    finished = True
                    continue
                delta = _delta(data, name)
                if delta is not None:
                    finished = finished or bool(delta.finish)
                    yield delta
        if not finished:
            raise EngineProtocolError(f"{name}: the reply broke off before its end")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _delta(data: bytes, name: str) -> Delta | None:
    try:
        chunk = orjson.loads(data)
        if "error" in chunk:
            raise EngineUnavailable(f"{name}: {str(chunk['error'])[:200]}")
        choices = chunk.get("choices") or []
        if not choices:
            return None
        text = choices[0].get("delta", {}).get("content") or ""
        if not isinstance(text, str):
            raise EngineProtocolError(f"{name}: expected text in a chunk, found {type(text).__name__}")
        return Delta(text, choices[0].get("finish_reason") or "")
    except (orjson.JSONDecodeError, AttributeError, TypeError, KeyError) as error:
        raise EngineProtocolError(f"{name}: expected a JSON chunk, found {data[:80]!r}") from error
