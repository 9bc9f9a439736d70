"""Request bodies of the Responses API, read as `bodies` reads those of chat completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from endonym.core.errors import RequestError
from endonym.gateway.bodies import (
    MOST_MESSAGES,
    Extension,
    Part,
    Temperature,
    TokenLimit,
    decode,
    ensure_absent,
    ensure_few_images,
    images_of,
    role_of,
    text_of,
    whole,
)
from endonym.gateway.images import PARTS
from endonym.gateway.tools import ensure_answered, read_call
from endonym.seams.turn import Message, Offer, Request

_ABSENT: Mapping[str, tuple[Any, ...]] = {
    "background": (None, False), "conversation": (None,), "prompt": (None,),
    "previous_response_id": (None,),
}  # fmt: skip
_REMEDIES = {
    "previous_response_id": "Send the conversation so far in `input`: which turns were whose is not kept with a response's id",
    "conversation": "Send the conversation so far in `input`",
}
_TEXT_PARTS = ("input_text", "output_text", "text")


class Item(msgspec.Struct):
    """A message, a call of a tool, or what it gave back."""

    type: str = "message"
    role: str = ""
    content: str | list[Part] | None = None
    output: str | list[Part] | None = None
    call_id: str = ""
    name: str = ""
    arguments: str = ""


class TextOptions(msgspec.Struct):
    format: Any = None


Metadata = Annotated[dict[Annotated[str, Meta(max_length=64)], Annotated[str, Meta(max_length=512)]], Meta(max_length=16)]


class ResponseBody(msgspec.Struct):
    """A request for a response; fields that are not listed are passed over."""

    model: str
    input: str | list[Item]
    instructions: str | None = None
    stream: bool | None = False
    max_output_tokens: TokenLimit | None = None
    temperature: Temperature | None = None
    metadata: Metadata | None = None
    text: TextOptions | None = None
    endonym: Extension = msgspec.field(default_factory=Extension)
    tools: Any = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    background: Any = None
    conversation: Any = None
    prompt: Any = None
    previous_response_id: Any = None


_decoder = msgspec.json.Decoder(ResponseBody)


def read_response_body(data: bytes) -> ResponseBody:
    """Raises: RequestError: With the field at fault as `param`."""
    body = decode(data, _decoder)
    ensure_absent(body, _ABSENT, _REMEDIES)
    if isinstance(body.input, list) and not 0 < len(body.input) <= MOST_MESSAGES:
        raise RequestError(f"expected 1 to {MOST_MESSAGES} items, found {len(body.input)}", param="input", remedy="Send what the user wrote last.")
    return body


def response_request(body: ResponseBody, audience: str, wanted: str = "", offer: Offer | None = None, *, images: bool = False) -> Request:
    """The assistant's request; `instructions` and a client's system messages carry the developer's authority.

    Args:
        wanted: As in `Request.format`.
        images: Whether an engine may read this audience's images.

    Raises:
        RequestError: An item is of a kind or role that is not served, or a call and its result do not stand together.
    """
    said = (Message("user", body.input),) if isinstance(body.input, str) else _messages(body.input, images=images)
    first = (Message("developer", body.instructions),) if body.instructions else ()
    return Request(
        messages=(*first, *said), audience=audience, language=body.endonym.language, subject=body.endonym.subject,
        grade=body.endonym.grade, examination=body.endonym.examination, temperature=body.temperature,
        max_tokens=whole(body.max_output_tokens, "max_output_tokens"),
        format=wanted, offer=offer,
    )  # fmt: skip


def _messages(items: Sequence[Item], *, images: bool) -> tuple[Message, ...]:
    """Calls that stand together, and the assistant's words before them, are one message, as engines want them."""
    found: list[Message] = []
    places: list[str] = []
    for at, item in enumerate(items):
        where = f"input[{at}]"
        if item.type == "function_call":
            call = read_call(item.call_id, item.name, item.arguments, where)
            if found and found[-1].role == "assistant":
                found[-1] = replace(found[-1], calls=(*found[-1].calls, call))
                continue
            found.append(Message("assistant", "", (call,)))
        else:
            found.append(_message(item, where, images=images))
        places.append(where)
    ensure_answered(found, places)
    ensure_few_images(found, "input")
    return tuple(found)


def _message(item: Item, where: str, *, images: bool) -> Message:
    if item.type == "function_call_output":
        return Message("tool", text_of(item.output, f"{where}.output", _TEXT_PARTS), answers=item.call_id)
    if item.type != "message":
        raise RequestError(f"expected items of type message, function_call or function_call_output, found {item.type[:80]!r}", param=f"{where}.type",
                           remedy="Leave this item out.")  # fmt: skip
    role = role_of(item.role, where)
    if role == "user" and (pictures := images_of(item.content, f"{where}.content", allowed=images)):
        return Message(role, text_of(item.content, f"{where}.content", (*_TEXT_PARTS, *PARTS)), images=pictures)
    return Message(role, text_of(item.content, f"{where}.content", _TEXT_PARTS))
