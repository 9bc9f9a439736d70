"""Any server that speaks OpenAI's chat completions, streamed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import orjson

from endonym.adapters.engines.messages import chat_body
from endonym.core.errors import EngineError, EngineProtocolError, EngineTimeout, EngineUnavailable
from endonym.seams.engine import Declaration, Delta
from endonym.seams.turn import ToolCall, Turn

MOST_BYTES = 1_000_000
_FIRST_TOKEN_S = 30.0


def from_settings(declaration: Declaration, settings: Any) -> OpenAICompatible:
    """The engine of a table `[engines.NAME]` with `kind = "openai"`."""
    return OpenAICompatible(declaration, settings.base_url, settings.model, settings.api_key, settings.timeout_s)


class OpenAICompatible:
    """Args: timeout_s: Longest time for a whole reply, in seconds."""

    def __init__(self, declaration: Declaration, base_url: str, model: str, api_key: str = "", timeout_s: float = 60.0) -> None:
        self.declaration = replace(declaration, structured=True, tools=True)
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        self._headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=5.0, sock_read=min(_FIRST_TOKEN_S, timeout_s))
        self._session: aiohttp.ClientSession | None = None

    async def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, headers=self._headers)
        body = orjson.dumps({**chat_body(turn, self.declaration), "model": self._model})
        try:
            async with self._session.post(self._url, data=body, headers={"content-type": "application/json"}, allow_redirects=False) as response:
                await self._refuse(response)
                async for delta in self._deltas(response):
                    yield delta
        except TimeoutError as error:
            raise EngineTimeout(f"{self.declaration.name}: no reply in time", remedy="Raise `timeout_s`, or use a faster engine.") from error
        except aiohttp.ClientPayloadError as error:
            raise EngineUnavailable(f"{self.declaration.name}: the reply broke off") from error
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
        held, seen, finished, calls = b"", 0, False, _Calls()
        async for chunk in response.content.iter_any():
            seen += len(chunk)
            if seen > MOST_BYTES:
                raise EngineProtocolError(f"{name}: expected at most {MOST_BYTES:,} bytes, found more")
            held += chunk
            *lines, held = held.split(b"\n")
            text, finish, trouble = "", "", None
            for line in lines:
                data = line.strip()
                if not data.startswith(b"data:"):
                    continue
                data = data[5:].strip()
                if data == b"[DONE]":
                    finished = True
                    continue
                try:
                    delta = _delta(data, name, calls)
                except EngineError as error:
                    trouble = error
                    break
                if delta is not None:
                    finished = finished or bool(delta.finish)
                    text, finish = text + delta.text, finish or delta.finish
            if text or finish:
                yield Delta(text, finish)  # what came together goes on together
            if trouble:
                raise trouble
        if not finished:
            raise EngineProtocolError(f"{name}: the reply broke off before its end")
        if whole := calls.whole():
            yield Delta("", calls=whole)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


@dataclass(slots=True)
class _Call:
    index: object
    id: str
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class _Calls:
    """Calls of tools, put together from their pieces.

    Some servers number them and name the id once, some repeat it, some number none: another id begins another call.
    """

    def __init__(self) -> None:
        self._made: list[_Call] = []

    def add(self, pieces: Any) -> None:
        """Raises: TypeError, AttributeError: They are not as OpenAI sends them."""
        for piece in pieces:
            index, own, function = piece.get("index"), piece.get("id") or "", piece.get("function") or {}
            name, arguments = function.get("name") or "", function.get("arguments") or ""
            if not all(isinstance(text, str) for text in (own, name, arguments)):
                raise TypeError("expected texts in a call")
            found = next((one for one in reversed(self._made) if one.index == index and own in ("", one.id)), None)
            if found is None:
                found = _Call(index, own)
                self._made.append(found)
            found.name = found.name or name
            found.arguments.append(arguments)

    def whole(self) -> tuple[ToolCall, ...]:
        return tuple(ToolCall(one.id, one.name, "".join(one.arguments)) for one in self._made)


def _delta(data: bytes, name: str, calls: _Calls) -> Delta | None:
    try:
        chunk = orjson.loads(data)
        if "error" in chunk:
            raise EngineUnavailable(f"{name}: {str(chunk['error'])[:200]}")
        choices = chunk.get("choices") or []
        if not choices:
            return None
        said = choices[0].get("delta", {})
        if said.get("tool_calls"):
            calls.add(said["tool_calls"])
        text = said.get("content") or ""
        if not isinstance(text, str):
            raise EngineProtocolError(f"{name}: expected text in a chunk, found {type(text).__name__}")
        return Delta(text, choices[0].get("finish_reason") or "")
    except (orjson.JSONDecodeError, AttributeError, TypeError, KeyError) as error:
        raise EngineProtocolError(f"{name}: expected a JSON chunk, found {data[:80]!r}") from error
