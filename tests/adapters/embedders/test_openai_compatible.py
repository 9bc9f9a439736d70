"""Against a server that speaks the protocol over a socket: vectors in any order, faults, and search while it is down."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from endonym.adapters.embedders.openai_compatible import OpenAIEmbeddings, from_settings
from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.core.errors import PluginLoadError, RetrievalError
from endonym.retrieval import build_index, open_index
from endonym.seams.passage import Passage
from endonym.wiring.settings import EmbeddingSettings


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[list[str]] = []
        self.keys: list[str] = []
        self.spoil: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Answer(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(body["input"])
        self.server.keys.append(self.headers.get("authorization", ""))
        data = [{"index": at, "embedding": [float(len(text)), 1.0, 2.0]} for at, text in enumerate(body["input"])]
        reply = self.server.spoil or json.dumps({"data": data[::-1]}).encode()
        self.send_response(503 if self.server.spoil == b"503" else 200)
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        served.shutdown()
        thread.join()


def test_vectors_come_in_the_order_of_the_texts_and_have_length_one(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBED_KEY", "secret")
    made = from_settings(EmbeddingSettings(base_url=server.url, model="e5", key_variable="EMBED_KEY", query_prefix="query: "))
    vectors = np.frombuffer(made.embed_queries(["a", "aaaa"]), "<f4").reshape(2, 3)
    assert made.dimensions == 3 and server.asked[-1] == ["query: a", "query: aaaa"] and set(server.keys) == {"Bearer secret"}
    assert vectors[1, 0] > vectors[0, 0] and np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert len(np.frombuffer(made.embed_passages(["x"] * 130), "<f4")) == 130 * 3 and len(server.asked[-1]) == 2


@pytest.mark.parametrize("spoilt", [b"503", b"no JSON", b'{"data": []}', b'{"data": [{"index": 0, "embedding": ["x"]}]}', b"[]",
                                    b'{"data": [{"index": 0, "embedding": [1e999, 0, 0]}]}', b'{"data": [{"index": 0, "embedding": [1.0]}]}'])  # fmt: skip
def test_anything_else_than_vectors_is_told(server: Server, spoilt: bytes) -> None:
    made = OpenAIEmbeddings(server.url, "e5")
    server.spoil = spoilt
    with pytest.raises(RetrievalError, match="embedder openai: expected"):
        made.embed_queries(["a"])


def test_a_server_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(PluginLoadError, match="found URLError"):
        from_settings(EmbeddingSettings(base_url="http://127.0.0.1:9/v1", model="e5"))
    with pytest.raises(PluginLoadError, match="base_url and model"):
        from_settings(EmbeddingSettings())


def test_search_goes_on_by_words_while_the_server_is_down(server: Server, tmp_path: Path) -> None:
    made, tools = OpenAIEmbeddings(server.url, "e5"), SimplemmaTools()
    passages = [Passage(f"d#{n}", "d", "D", str(n), "", text, "en", "", "CC0-1.0", "", "", "unreviewed", 0, "")
                for n, text in enumerate(["Leaves are green.", "Rivers run to the sea.", "Stones are heavy."])]  # fmt: skip
    build_index(tmp_path / "index.sqlite", "k", passages, [], tools, made)
    index = open_index(tmp_path / "index.sqlite", "k", tools, made)
    server.spoil = b"503"
    found = index.search("where does the river run", "en")
    assert found[0].passage.id == "d#1" and "meaning" not in found[0].arms and found[0].similarity == 0.0
