"""Embedders: text to vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """`name` changes whenever the vectors would; it is part of every cache key."""

    name: str
    dimensions: int

    def embed_passages(self, texts: Sequence[str]) -> bytes:
        """Unit vectors as little-endian float32, row-major, `len(texts) × dimensions`."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> bytes:
        """As `embed_passages`, for questions."""
        ...
