"""A running Endonym server as any client sees it, asked from outside."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from endonym.core.errors import EngineProtocolError, EngineUnavailable, SettingsError
from endonym.seams.turn import Request

TIMEOUT_S = 120.0
"""For each step of an answer: connecting, and each piece that arrives."""
_MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Attributes: body: The JSON object that was sent, or {}."""

    status: int
    body: dict[str, Any]

    @property
    def reason(self) -> str:
        """What the server says is wrong, in its words."""
        error = self.body.get("error")
        said = str(error.get("message", "")) if isinstance(error, dict) else ""
        return f"status {self.status}" + (f": {said[:200]}" if said else "")


@dataclass(frozen=True, slots=True)
class Said:
    """A reply. Attributes: extension: Its object `endonym`; refusal: Why there is none, or ""."""

    text: str = ""
    extension: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""
    status: int = 200


class Server:
    """An Endonym server as any client sees it. Redirects are not followed: a key is for the address it was given for.

    Args:
        address: With or without `/v1` at its end.

    Raises:
        SettingsError: It is no http(s) address.
    """

    def __init__(self, address: str, key: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self.address = address.rstrip("/").removesuffix("/v1").rstrip("/")
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"expected an address such as https://tutor.example.edu, found {address!r}", remedy="Give the whole address.")
        self._headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
        self._timeout_s = timeout_s
        self._opener = urllib.request.OpenerDirector()
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        for handler in (urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(), *([] if here else [urllib.request.ProxyHandler()])):
            self._opener.add_handler(handler)

    def get(self, path: str) -> Answer:
        """Raises: EngineUnavailable: Nobody answers."""
        with self._open(path, None) as response:
            return _answer(response)

    def ask(self, request: Request, model: str, *, stream: bool) -> Said:
        """The reply to a conversation.

        Raises:
            EngineUnavailable: Nobody answers, or the answer breaks off.
            EngineProtocolError: It is no reply.
        """
        body = {
            "model": model, "messages": [{"role": message.role, "content": message.text} for message in request.messages], "stream": stream,
            "endonym": {name: value for name in ("language", "subject") if (value := getattr(request, name))},
        }  # fmt: skip
        with self._open("/v1/chat/completions", json.dumps(body).encode()) as response:
            if response.status != 200:
                answer = _answer(response)
                return Said(refusal=answer.reason, status=answer.status)
            return _streamed(response) if stream else _whole(_answer(response).body)

    def _open(self, path: str, body: bytes | None) -> Any:
        request = urllib.request.Request(f"{self.address}{path}", body, self._headers)
        try:
            return _Guarded(self._opener.open(request, timeout=self._timeout_s), self.address)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _silent(self.address, error) from None


class _Guarded:
    """A response whose failures say which server it was."""

    def __init__(self, response: Any, address: str) -> None:
        if response is None:
            raise EngineUnavailable("expected an http answer, found none", origin=address, remedy="Check the address.")
        self._response = response
        self._address = address
        self.status: int = response.status

    def __enter__(self) -> _Guarded:
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()

    def read(self) -> bytes:
        return bytes(self._try(lambda: self._response.read(_MOST_BYTES)))

    def lines(self) -> Iterator[bytes]:
        seen = 0
        while line := self._try(lambda: self._response.readline(_MOST_BYTES)):
            seen += len(line)
            if seen > _MOST_BYTES:
                raise EngineProtocolError(f"expected at most {_MOST_BYTES:,} bytes, found more", origin=self._address)
            yield line.strip()

    def _try(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _silent(self._address, error) from None


def _silent(address: str, error: Exception) -> EngineUnavailable:
    reason = getattr(error, "reason", None) or error
    return EngineUnavailable(f"expected an answer, found {type(reason).__name__}: {reason}", origin=address,
                             remedy="Check the address, and that the server runs and can be reached from here.")  # fmt: skip


def _answer(response: Any) -> Answer:
    try:
        body = json.loads(response.read())
    except ValueError:
        body = None
    return Answer(response.status, body if isinstance(body, dict) else {})


def _whole(body: dict[str, Any]) -> Said:
    try:
        text = body["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        raise EngineProtocolError("expected a chat completion, found another object", remedy="Check that this is an Endonym server.") from None
    return Said(str(text or ""), object_of(body.get("endonym")))


def _streamed(response: Any) -> Said:
    text, extension = "", dict[str, Any]()
    for line in response.lines():
        if not line.startswith(b"data:") or line == b"data: [DONE]":
            continue
        try:
            chunk = json.loads(line[5:])
            if "error" in chunk:
                return Said(text, refusal=f"broke off: {str(object_of(chunk['error']).get('message', ''))[:200]}", status=502)
            for choice in chunk.get("choices") or []:
                text += choice.get("delta", {}).get("content") or ""
        except (ValueError, AttributeError, TypeError):
            raise EngineProtocolError(f"expected a chunk as JSON, found {line[:80]!r}", remedy="Check that this is an Endonym server.") from None
        extension = object_of(chunk.get("endonym")) or extension
    return Said(text, extension)


def object_of(value: Any) -> dict[str, Any]:
    """`value` where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects_of(value: Any) -> list[dict[str, Any]]:
    """The JSON objects of a list, none where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
