"""Request bodies: strict where a field means something here, tolerant where it does not."""

from __future__ import annotations

from typing import Any

import msgspec

from endonym.core.errors import RequestError
from endonym.seams.turn import Message, Request, Role

MOST_BYTES = 2_000_000
MOST_MESSAGES = 2000
MOST_DEPTH = 64
_ROLES: dict[str, Role] = {
    "system": "developer",  # a client of the API has a developer's authority at most
    "developer": "developer", "user": "user", "assistant": "assistant", "tool": "tool", "function": "tool",
}  # fmt: skip
_UNSUPPORTED = ("tools", "functions", "tool_choice", "response_format", "audio", "logprobs", "prediction")


class Part(msgspec.Struct):
    type: str
    text: str = ""


class Said(msgspec.Struct):
    role: str
    content: str | list[Part] | None = None


class Extension(msgspec.Struct, forbid_unknown_fields=True):
    """The request's `endonym` object."""

    language: str = ""
    subject: str = ""
    grade: str = ""
    examination: bool | None = None


class StreamOptions(msgspec.Struct):
    include_usage: bool = False


class Completion(msgspec.Struct):
    """A chat-completions request; fields that are not listed are passed over, as OpenAI's own server does."""

    model: str
    messages: list[Said]
    stream: bool = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    n: int | None = 1
    endonym: Extension = msgspec.field(default_factory=Extension)
    tools: Any = None
    functions: Any = None
    tool_choice: Any = None
    response_format: Any = None
    audio: Any = None
    logprobs: Any = None
    prediction: Any = None


_decoder = msgspec.json.Decoder(Completion)


def read_completion(data: bytes) -> Completion:
    """Raises: RequestError: With the field at fault as `param`."""
    if _depth(data) > MOST_DEPTH:
        raise RequestError(f"expected at most {MOST_DEPTH} levels of nesting, found more", remedy="Send a flatter body.")
    try:
        body = _decoder.decode(data)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        raise RequestError(f"{message[:1].lower()}{message[1:]}", param=where.strip("`").removeprefix("$."),
                           remedy="See docs/gateway.md.") from None  # fmt: skip
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(f"expected a JSON object in UTF-8, found a fault: {error}", remedy="Send valid JSON.") from None
    _supported(body)
    return body


def _depth(data: bytes) -> int:
    """An upper bound of the nesting: what is open at once, strings taken as if they were structure."""
    deepest = level = 0
    for byte in data:
        if byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest if data.count(b'"') == 0 or deepest <= MOST_DEPTH else _depth_outside_strings(data)


def _depth_outside_strings(data: bytes) -> int:
    deepest = level = 0
    inside = escaped = False
    for byte in data:
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest


def _supported(body: Completion) -> None:
    if (body.n or 1) != 1:
        raise RequestError(f"expected n = 1, found {body.n}", param="n", remedy="Ask for one reply at a time.")
    for name in _UNSUPPORTED:
        value = getattr(body, name)
        if value not in (None, [], "none", "auto", False) and value != {"type": "text"}:
            raise RequestError(f"{name} is not supported here yet", param=name, remedy=f"Leave {name} out.")
    if not body.messages:
        raise RequestError("expected at least one message, found none", param="messages", remedy="Send what the user wrote.")
    if len(body.messages) > MOST_MESSAGES:
        raise RequestError(f"expected at most {MOST_MESSAGES} messages, found {len(body.messages)}", param="messages",
                           remedy="Leave the oldest out.")  # fmt: skip


def to_request(body: Completion, audience: str) -> Request:
    """The assistant's request; a client's system messages carry the developer's authority."""
    stop = (body.stop,) if isinstance(body.stop, str) else tuple(body.stop or ())
    return Request(
        messages=tuple(_message(said, index) for index, said in enumerate(body.messages)),
        audience=audience, language=body.endonym.language, subject=body.endonym.subject, grade=body.endonym.grade,
        examination=body.endonym.examination, max_tokens=body.max_completion_tokens or body.max_tokens,
        temperature=body.temperature, seed=body.seed, stop=stop[:4],
    )  # fmt: skip


def _message(said: Said, index: int) -> Message:
    where = f"messages[{index}]"
    if said.role not in _ROLES:
        raise RequestError(f"expected one of {', '.join(_ROLES)}, found {said.role!r}", param=f"{where}.role",
                           remedy="Correct the role.")  # fmt: skip
    if isinstance(said.content, list):
        for part in said.content:
            if part.type != "text":
                raise RequestError(f"expected parts of type text, found {part.type!r}", param=f"{where}.content",
                                   remedy="No engine here reads images or sound: send the text of the task.")  # fmt: skip
        return Message(_ROLES[said.role], "\n".join(part.text for part in said.content))
    return Message(_ROLES[said.role], said.content or "")
