"""Request bodies: strict where a field means something here, tolerant where it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from endonym.core.errors import RequestError
from endonym.gateway.images import MOST_IMAGES, PARTS, read_image
from endonym.gateway.tools import Called, ensure_answered, read_call
from endonym.seams.turn import Image, Message, Offer, Request, Role, ToolCall

T = TypeVar("T")

MOST_MESSAGES = 2000
MOST_DEPTH = 64
_ROLES: dict[str, Role] = {
    "system": "developer",  # a client of the API has a developer's authority at most
    "developer": "developer", "user": "user", "assistant": "assistant", "tool": "tool",
}  # fmt: skip
_ABSENT: Mapping[str, tuple[Any, ...]] = {
    "functions": (None, []), "function_call": (None, "none", "auto"), "audio": (None,), "logprobs": (None, False), "prediction": (None,),
}  # fmt: skip
"""Fields that are not served, with the values that ask for nothing."""
_REMEDIES = dict.fromkeys(("functions", "function_call"), "Use tools and tool_choice")
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # possessive: no way back is kept, which took 1.5 GB for 12 MB
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")

MOST_TOKENS = 1_000_000
_Tokens = Meta(ge=1, le=MOST_TOKENS)
TokenLimit = Annotated[int, _Tokens] | Annotated[float, _Tokens]
"""JSON knows one kind of number: 5.0 is a whole one, and `whole` reads it."""
Temperature = Annotated[float, Meta(ge=0, le=2)]
_Bits = Meta(ge=-(2**53), le=2**53)
Seed = Annotated[int, _Bits] | Annotated[float, _Bits]
Stop = Annotated[list[str], Meta(max_length=4)]


class Part(msgspec.Struct):
    type: str
    text: str = ""
    image_url: Any = None


class Said(msgspec.Struct):
    role: str
    content: str | list[Part] | None = None
    tool_calls: list[Called] | None = None
    tool_call_id: str | None = None


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
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: TokenLimit | None = None
    max_completion_tokens: TokenLimit | None = None
    temperature: Temperature | None = None
    seed: Seed | None = None
    stop: str | Stop | None = None
    n: int | None = 1
    endonym: Extension = msgspec.field(default_factory=Extension)
    tools: Any = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    functions: Any = None
    function_call: Any = None
    response_format: Any = None
    audio: Any = None
    logprobs: Any = None
    prediction: Any = None


_decoder = msgspec.json.Decoder(Completion)


def decode(data: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """A request's body.

    Raises:
        RequestError: With the field at fault as `param`.
    """
    if _deep(data):
        raise RequestError(f"expected at most {MOST_DEPTH} levels of nesting, found more", remedy="Send a flatter body.")
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        raise RequestError(f"{message[:1].lower()}{message[1:]}", param=where.strip("`").removeprefix("$."),
                           remedy="See docs/gateway.md.") from None  # fmt: skip
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(f"expected a JSON object in UTF-8, found a fault: {error}", remedy="Send valid JSON.") from None


def read_completion(data: bytes) -> Completion:
    """Raises: RequestError: With the field at fault as `param`."""
    body = decode(data, _decoder)
    if body.n not in (None, 1):
        raise RequestError(f"expected n = 1, found {body.n}", param="n", remedy="Ask for one reply at a time.")
    ensure_absent(body, _ABSENT, _REMEDIES)
    if not body.messages:
        raise RequestError("expected at least one message, found none", param="messages", remedy="Send what the user wrote.")
    if len(body.messages) > MOST_MESSAGES:
        raise RequestError(f"expected at most {MOST_MESSAGES} messages, found {len(body.messages)}", param="messages",
                           remedy="Leave the oldest out.")  # fmt: skip
    return body


def ensure_absent(body: msgspec.Struct, names: Mapping[str, tuple[Any, ...]], remedies: Mapping[str, str] | None = None) -> None:
    """Raises: RequestError: A field that is not served asks for something: it has none of the values listed with its name."""
    for name, nothing in names.items():
        value = getattr(body, name)
        if not any(type(value) is type(one) and value == one for one in nothing):
            raise RequestError(f"{name} is not supported here", param=name, remedy=f"{(remedies or {}).get(name, f'Leave {name} out')}.")


def to_request(body: Completion, audience: str, wanted: str = "", offer: Offer | None = None, *, images: bool = False) -> Request:
    """The assistant's request; a client's system messages carry the developer's authority.

    Args:
        wanted: As in `Request.format`.
        images: Whether an engine may read this audience's images.

    Raises:
        RequestError: A message has a role or a part that is not served, or a call and its result do not stand together.
    """
    messages = tuple(_message(said, f"messages[{at}]", images=images) for at, said in enumerate(body.messages))
    ensure_answered(messages, [f"messages[{at}]" for at in range(len(messages))])
    ensure_few_images(messages, "messages")
    return Request(
        messages=messages,
        audience=audience, language=body.endonym.language, subject=body.endonym.subject, grade=body.endonym.grade,
        examination=body.endonym.examination, temperature=body.temperature,
        max_tokens=whole(body.max_completion_tokens, "max_completion_tokens") or whole(body.max_tokens, "max_tokens"),
        seed=whole(body.seed, "seed"), stop=(body.stop,) if isinstance(body.stop, str) else tuple(body.stop or ()),
        format=wanted, offer=offer,
    )  # fmt: skip


def _message(said: Said, where: str, *, images: bool) -> Message:
    role = role_of(said.role, where)
    if role == "user" and (pictures := images_of(said.content, f"{where}.content", allowed=images)):
        return Message(role, text_of(said.content, f"{where}.content", ("text", *PARTS)), images=pictures)
    text = text_of(said.content, f"{where}.content", ("text",))
    if role == "tool":
        return Message(role, text, answers=said.tool_call_id or "")
    if not said.tool_calls:
        return Message(role, text)
    if role != "assistant":
        raise RequestError(f"expected calls of tools in messages of the assistant, found some in one of role {said.role}", param=f"{where}.tool_calls",
                           remedy="Leave them out.")  # fmt: skip
    return Message(role, text, tuple(_call(call, f"{where}.tool_calls[{at}]") for at, call in enumerate(said.tool_calls)))


def _call(called: Called, where: str) -> ToolCall:
    if called.type != "function":
        raise RequestError(f"expected a call of type function, found {called.type[:80]!r}", param=f"{where}.type", remedy="Leave this call out.")
    return read_call(called.id, called.function.name, called.function.arguments, f"{where}.function")


def whole(number: float | None, where: str) -> int | None:
    """Raises: RequestError: It is not a whole number."""
    if isinstance(number, float) and not number.is_integer():
        raise RequestError(f"expected a whole number, found {number}", param=where, remedy="Leave the fraction out.")
    return None if number is None else int(number)


def role_of(role: str, where: str) -> Role:
    """Raises: RequestError: There is no such role."""
    if role not in _ROLES:
        raise RequestError(f"expected one of {', '.join(_ROLES)}, found {role[:80]!r}", param=f"{where}.role", remedy="Correct the role.")
    return _ROLES[role]


def text_of(content: str | Sequence[Part] | None, where: str, kinds: tuple[str, ...]) -> str:
    """The text of a message.

    Raises:
        RequestError: A part is an image, a sound, a file or something else that no engine here reads.
    """
    if content is None or isinstance(content, str):
        return content or ""
    for part in content:
        if part.type not in kinds:
            raise RequestError(f"expected parts of type {' or '.join(kinds)}, found {part.type[:80]!r}", param=where,
                               remedy="No engine here reads sound or files, and images only from the user: send the text of the task.")  # fmt: skip
    return "\n".join(part.text for part in content if part.type not in PARTS)


def images_of(content: str | Sequence[Part] | None, where: str, *, allowed: bool) -> tuple[Image, ...]:
    """The pictures in a message of the user.

    Raises:
        RequestError: They are not let through, or cannot be read.
    """
    if content is None or isinstance(content, str):
        return ()
    parts = [(at, part) for at, part in enumerate(content) if part.type in PARTS]
    if parts and not allowed:
        raise RequestError(f"expected text, found {parts[0][1].type!r}: images are not passed on, since masks and verifiers read text alone", param=where,
                           remedy="Send the text of the task, or ask the operator (docs/gateway.md, Images).")  # fmt: skip
    return tuple(read_image(part.image_url, f"{where}[{at}].image_url") for at, part in parts)


def ensure_few_images(messages: Sequence[Message], where: str) -> None:
    """Raises: RequestError: There are more pictures than an engine is given at once."""
    if (found := sum(len(message.images) for message in messages)) > MOST_IMAGES:
        raise RequestError(f"expected at most {MOST_IMAGES} images, found {found}", param=where, remedy="Leave the oldest out.")


def _deep(data: bytes) -> bool:
    """Whether more than `MOST_DEPTH` brackets are open at once outside strings."""
    if data.count(b"[") + data.count(b"{") <= MOST_DEPTH:
        return False
    level = 0
    for byte in _STRINGS.sub(b"", data).translate(None, _NOT_BRACKETS):
        level += 1 if byte in b"[{" else -1
        if level > MOST_DEPTH:
            return True
    return False
