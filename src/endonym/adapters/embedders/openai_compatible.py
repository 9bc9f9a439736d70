"""Any server that speaks OpenAI's embeddings, on the operator's own machines.

Source: OpenAI API reference, "Create embeddings" (`POST /v1/embeddings`: `model`, `input`; `data[].index`, `data[].embedding`).
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

import numpy as np

from endonym.core.errors import PluginLoadError, RetrievalError

_BATCH = 64
_MOST_BYTES = 64_000_000


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Students' questions and the key go to the configured address, and nowhere that a server sends them."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def from_settings(settings: Any) -> OpenAIEmbeddings:
    """The embedder of the table `[embedding]`.

    Raises:
        PluginLoadError: `base_url` or `model` is missing, or the server does not answer.
    """
    if not settings.base_url or not settings.model:
        raise PluginLoadError("embedder openai: expected base_url and model, found one of them empty",
                              remedy="Write both under [embedding] in endonym.toml.")  # fmt: skip
    try:
        return OpenAIEmbeddings(settings.base_url, settings.model, settings.api_key, settings.timeout_s,
                                settings.query_prefix, settings.passage_prefix)  # fmt: skip
    except RetrievalError as error:
        raise PluginLoadError(error.message, remedy=error.remedy, origin=error.origin) from error


class OpenAIEmbeddings:
    """Unit vectors; the first call asks the server how long they are.

    Args:
        query_prefix, passage_prefix: What the model wants before each text, such as `query: ` for the E5 family.
        timeout_s: Longest time for one batch of 64 texts, in seconds.

    Raises:
        RetrievalError: The server does not answer, or with something else than a vector for each text.
    """

    def __init__(self, base_url: str, model: str, api_key: str = "", timeout_s: float = 60.0,
                 query_prefix: str = "", passage_prefix: str = "") -> None:  # fmt: skip
        self._url = base_url.rstrip("/") + "/embeddings"
        self._model = model
        self._headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {api_key}"} if api_key else {})
        self._timeout_s = timeout_s
        self._prefixes = {"query": query_prefix, "passage": passage_prefix}
        self.name = f"openai/{model}/{query_prefix}/{passage_prefix}"
        self.dimensions = 0
        self.dimensions = len(self._post(["."])[0])

    def embed_passages(self, texts: Sequence[str]) -> bytes:
        """See `Embedder.embed_passages`."""
        return self._embed(texts, self._prefixes["passage"])

    def embed_queries(self, texts: Sequence[str]) -> bytes:
        """See `Embedder.embed_queries`."""
        return self._embed(texts, self._prefixes["query"])

    def _embed(self, texts: Sequence[str], prefix: str) -> bytes:
        rows = [row for start in range(0, len(texts), _BATCH) for row in self._post([prefix + text or "." for text in texts[start : start + _BATCH]])]
        if not rows:
            return b""
        vectors = np.array(rows, np.float32)
        unit: bytes = (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype("<f4").tobytes()
        return unit

    def _post(self, texts: list[str]) -> list[list[float]]:
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"}).encode()
        request = urllib.request.Request(self._url, body, self._headers)
        try:
            with _OPENER.open(request, timeout=self._timeout_s) as response:
                found = json.loads(response.read(_MOST_BYTES))
        except (OSError, http.client.HTTPException, ValueError) as error:
            status = f"status {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
            raise RetrievalError(f"embedder openai: expected vectors, found {status}",
                                 remedy="Check that the server runs and that base_url, model and key are right.", origin=self._url) from error  # fmt: skip
        return self._rows(found, len(texts))

    def _rows(self, found: Any, count: int) -> list[list[float]]:
        """The vectors in the order of the texts, whatever order the server gives them in."""
        try:
            rows = {int(item["index"]): [float(value) for value in item["embedding"]] for item in found["data"]}
            ordered = [rows[at] for at in range(count)]
        except (KeyError, TypeError, ValueError):
            ordered = []
        lengths = {len(row) for row in ordered} | ({self.dimensions} if self.dimensions else set())
        if len(ordered) != count or len(lengths) != 1 or 0 in lengths or not np.isfinite(ordered).all():
            raise RetrievalError(f"embedder openai: expected {count} vectors of {self.dimensions or 'one length'}, found something else",
                                 remedy="Check that `model` names an embedding model.", origin=self._url)  # fmt: skip
        return ordered
