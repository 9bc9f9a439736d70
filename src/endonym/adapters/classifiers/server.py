"""A classifier behind a server that speaks OpenAI's API: its moderation endpoint, or a guard model as a chat.

Source: OpenAI API reference, moderations; Llama Guard 3's model card (a reply `safe`, or `unsafe` and on the next line the
categories that are violated, such as `S1,S9`).
"""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import orjson

from endonym.core.errors import EngineProtocolError, EngineTimeout, EngineUnavailable

_MOST_BYTES = 200_000
_CODES = re.compile(r"S\d{1,2}")


def moderation(settings: Any) -> Moderation:
    """The classifier of `classifier = "moderation"`."""
    return Moderation(settings)


def guard_model(settings: Any) -> GuardModel:
    """The classifier of `classifier = "guard_model"`."""
    return GuardModel(settings)


class _Server:
    """Args: settings: `base_url`, `model`, `api_key` and `timeout_s`."""

    path = ""

    def __init__(self, settings: Any) -> None:
        self.name = f"{type(self).__name__.lower()} {settings.model}".strip()
        self._settings = settings
        self._url = settings.base_url.rstrip("/") + self.path
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _asked(self, body: dict[str, Any]) -> Any:
        """The server's answer as JSON."""
        if self._session is None:
            key = self._settings.api_key
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._settings.timeout_s), headers={"authorization": f"Bearer {key}"} if key else {})  # fmt: skip
        try:
            async with self._session.post(self._url, data=orjson.dumps(body), headers={"content-type": "application/json"}, allow_redirects=False) as reply:
                if reply.status != 200:
                    raise EngineUnavailable(f"{self.name}: answered with status {reply.status}", remedy="See the server's log.")
                return orjson.loads(await reply.content.read(_MOST_BYTES))
        except TimeoutError as error:
            raise EngineTimeout(f"{self.name}: no answer in time", remedy="Raise `timeout_s` of [moderation].") from error
        except aiohttp.ClientError as error:
            raise EngineUnavailable(f"{self.name}: {type(error).__name__} at {self._url}", remedy="Check [moderation].") from error
        except orjson.JSONDecodeError as error:
            raise EngineProtocolError(f"{self.name}: expected JSON, found another text") from error


class Moderation(_Server):
    path = "/moderations"

    async def faults(self, question: str, reply: str) -> tuple[str, ...]:
        """See `Classifier.faults`."""
        found = await self._asked({"input": reply, **({"model": self._settings.model} if self._settings.model else {})})
        try:
            results = found["results"]
            if not results or not all(isinstance(one["flagged"], bool) for one in results):
                raise ValueError
            named = [name for one in results if one["flagged"] for name, flagged in one.get("categories", {}).items() if flagged is True]
            return tuple(dict.fromkeys(named)) or (("flagged",) if any(one["flagged"] for one in results) else ())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise EngineProtocolError(f"{self.name}: expected results of moderation, found another answer") from error


class GuardModel(_Server):
    path = "/chat/completions"

    async def faults(self, question: str, reply: str) -> tuple[str, ...]:
        """See `Classifier.faults`."""
        messages = [{"role": "user", "content": question}, {"role": "assistant", "content": reply}]
        found = await self._asked({"model": self._settings.model, "messages": messages, "temperature": 0, "max_tokens": 24})
        try:
            said = str(found["choices"][0]["message"]["content"]).strip().lower()
        except (KeyError, TypeError, IndexError) as error:
            raise EngineProtocolError(f"{self.name}: expected a chat completion, found another answer") from error
        if said.startswith("unsafe"):
            return tuple(dict.fromkeys(_CODES.findall(said.upper()))) or ("unsafe",)
        if said.startswith("safe"):
            return ()
        raise EngineProtocolError(f"{self.name}: expected `safe` or `unsafe`, found {said[:40]!r}")


