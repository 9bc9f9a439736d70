"""Vectors from the operator's embedder. Source: OpenAI API reference, "Create embeddings"."""

from __future__ import annotations

import base64
import struct
from typing import Annotated, Any, Literal

import anyio
import msgspec
from anyio import to_thread
from msgspec import Meta
from starlette.types import Receive, Scope, Send

from endonym.core.errors import RequestError
from endonym.gateway.admission import Admission
from endonym.gateway.bodies import decode
from endonym.gateway.wire import read_body, send_json, while_connected
from endonym.seams.embedder import Embedder
from endonym.store.access import Caller
from endonym.text.tokens import tokens

MODEL = "embeddings"
"""What callers may name in place of the embedder's exact name, which changes whenever its vectors do."""
MOST_INPUTS = 256
MOST_CHARACTERS = 8_000
_MOST_BYTES = MOST_INPUTS * MOST_CHARACTERS * 6
_AT_ONCE = 4
"""Texts between two of which a student's question may be embedded: embedders do one thing at a time."""

Role = Literal["passage", "query"]


class EmbeddingsExtension(msgspec.Struct, forbid_unknown_fields=True):
    """The request's `endonym` object. Attributes: role: What the texts are; models of the E5 family tell questions apart."""

    role: Role = "passage"


class EmbeddingsBody(msgspec.Struct):
    model: str
    input: str | Annotated[list[str | int | list[Any]], Meta(min_length=1, max_length=MOST_INPUTS)]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = None
    endonym: EmbeddingsExtension = msgspec.field(default_factory=EmbeddingsExtension)


_decoder = msgspec.json.Decoder(EmbeddingsBody)


class Embeddings:
    """Args: embedder: None where the settings name none."""

    def __init__(self, embedder: Embedder | None, admission: Admission) -> None:
        self._embedder = embedder
        self._admission = admission
        self._turns = anyio.CapacityLimiter(1)

    async def __call__(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        embedder = self._embedder
        if embedder is None:
            raise RequestError("this server has no embeddings: its operator has set `embedder` to none", status=404,
                               code="embeddings_not_available", remedy="Ask the operator for an embedder.")  # fmt: skip
        body = decode(await read_body(scope, receive, _MOST_BYTES), _decoder)
        texts = _texts(body, embedder)
        spending = await self._admission.reserve(caller, sum(map(tokens, texts)), 0)

        async def work() -> None:
            rows: list[bytes] = []
            for start in range(0, len(texts), _AT_ONCE):
                batch = texts[start : start + _AT_ONCE]
                embed = embedder.embed_queries if body.endonym.role == "query" else embedder.embed_passages
                rows += _rows(await to_thread.run_sync(embed, batch, limiter=self._turns), embedder.dimensions)
                spending.worked += sum(map(tokens, batch))
            await send_json(send, _reply(rows, embedder, spending.said, as_text=body.encoding_format == "base64"))

        try:
            await while_connected(receive, work)
        finally:
            with anyio.CancelScope(shield=True):
                await self._admission.settle(spending)


def _texts(body: EmbeddingsBody, embedder: Embedder) -> list[str]:
    """Raises: RequestError: What was asked for is not served."""
    if body.model not in (MODEL, embedder.name):
        raise RequestError(f"there is no embedding model {body.model[:200]!r}", param="model", status=404, code="model_not_found",
                           remedy=f"Known: {MODEL}, which is {embedder.name} now.")  # fmt: skip
    if body.dimensions not in (None, embedder.dimensions):
        raise RequestError(f"expected dimensions = {embedder.dimensions}, found {body.dimensions}", param="dimensions",
                           remedy="Leave dimensions out: vectors are not shortened here.")  # fmt: skip
    given = [body.input] if isinstance(body.input, str) else body.input
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) != len(given):
        raise RequestError("expected texts, found numbers of tokens", param="input", remedy="Send texts: tokens are the model's own affair.")
    for at, text in enumerate(texts):
        if not 0 < len(text) <= MOST_CHARACTERS:
            raise RequestError(f"expected 1 to {MOST_CHARACTERS:,} characters, found {len(text):,}", param="input" if text is body.input else f"input[{at}]",
                               remedy="Leave empty texts out and divide long ones.")  # fmt: skip
    return texts


def _rows(vectors: bytes, dimensions: int) -> list[bytes]:
    size = 4 * dimensions
    return [vectors[start : start + size] for start in range(0, len(vectors), size)]


def _reply(rows: list[bytes], embedder: Embedder, said: int, *, as_text: bool) -> dict[str, Any]:
    """Little-endian float32 in base64, as OpenAI sends it, or numbers."""
    def vector(row: bytes) -> Any:
        return base64.b64encode(row).decode() if as_text else struct.unpack(f"<{embedder.dimensions}f", row)

    return {
        "object": "list", "model": embedder.name, "usage": {"prompt_tokens": said, "total_tokens": said},
        "data": [{"object": "embedding", "index": at, "embedding": vector(row)} for at, row in enumerate(rows)],
    }  # fmt: skip
