"""Words and 4-grams in tantivy.

Source: MEASURED.md, "Search stores": integer ids do not delete, so passages are known by their ids, one token each.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy

from endonym.retrieval.bm25 import TITLE, rarity
from endonym.seams.passage_index import Arm, Entry

_FOLDER = "words"
_HEAP_BYTES = 128_000_000
_TIES = 50
"""Hits asked for beyond those wanted, so that which of equal ones is left out is decided by id."""
_REMEMBERED = 65_536
"""Terms whose frequency is known."""


class TermWriter:
    """Fills a generation's folder.

    Args:
        before: The generation to begin with. tantivy never changes a file of its own but the two that list the others.
    """

    def __init__(self, folder: Path, before: Path | None) -> None:
        path = folder / _FOLDER
        path.mkdir()
        if before:
            for file in (before / _FOLDER).iterdir():
                if not file.name.endswith(".lock"):
                    _take_over(file, path / file.name)
        self._index = _opened(path, new=before is None)
        self._writer = self._index.writer(_HEAP_BYTES, 1)

    def remove(self, ids: Sequence[str]) -> None:
        """Take passages out that the generation before held."""
        for passage_id in ids:
            self._writer.delete_documents_by_term("id", passage_id)

    def add(self, number: int, shelf: int, entry: Entry) -> None:
        """Put a passage in."""
        document = tantivy.Document()
        document.add_text("id", entry.passage.id)
        document.add_unsigned("number", number)
        document.add_unsigned("shelf", shelf)
        document.add_text("word", " ".join([entry.titles] * TITLE + [entry.words]))
        document.add_text("gram", entry.grams)
        self._writer.add_document(document)

    def finish(self) -> None:
        """Bring everything to the disk."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class TermIndex:
    """Searches a generation's folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._index = _opened(folder / _FOLDER, new=False)
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        segments = json.loads((folder / _FOLDER / "meta.json").read_text("utf-8"))["segments"]
        self._written = sum(segment["max_doc"] for segment in segments)
        self._count = lru_cache(_REMEMBERED)(self._find_count)

    def frequencies(self, arm: Arm, terms: Sequence[str]) -> Mapping[str, int]:
        """In how many passages each of `terms` stands that any holds."""
        counted = {term: self._count(arm, term) for term in terms}
        return {term: count for term, count in counted.items() if count}

    def weigh(self, arm: Arm, terms: Sequence[str], shelves: Sequence[int] | None, limit: int) -> list[tuple[int, float]]:
        """(number, BM25) of passages that hold any of `terms`, at least `limit` of them where there are."""
        held = self.frequencies(arm, terms)
        if not held or shelves == ():
            return []
        wanted = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term(arm, term, count)) for term, count in held.items()])
        if shelves is not None:
            on_shelves = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, "shelf", list(shelves)), 0.0)
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, on_shelves)])
        hits = self._searcher.search(wanted, limit + _TIES, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(number or 0), float(weight)) for number, (weight, _) in zip(numbers, hits, strict=True)]

    def _term(self, arm: Arm, term: str, count: int) -> tantivy.Query:
        """tantivy's inverse document frequency, which differs for common terms and counts what was taken out, is made FTS5's.

        Source: tantivy, `src/query/bm25.rs`: ln(1 + (N - n + 0.5) / (n + 0.5)).
        """
        written = self._searcher.doc_freq(arm, term)
        own = math.log1p((self._written - written + 0.5) / (written + 0.5))
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, arm, term, "freq"), rarity(count, self._searcher.num_docs) / own)

    def _find_count(self, arm: Arm, term: str) -> int:
        if self._searcher.num_docs == self._written:
            return int(self._searcher.doc_freq(arm, term))
        found: Any = self._searcher.search(tantivy.Query.term_query(self._schema, arm, term, "freq"), 1, count=True)
        return int(found.count)


def _opened(path: Path, *, new: bool) -> tantivy.Index:
    index = tantivy.Index(_schema(), path=str(path)) if new else tantivy.Index.open(str(path))
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", fast=True)
    builder.add_unsigned_field("shelf", indexed=True)
    for arm in ("word", "gram"):
        builder.add_text_field(arm, tokenizer_name="spaces", index_option="freq")
    return builder.build()


def _take_over(file: Path, path: Path) -> None:
    if file.suffix != ".json":
        try:
            os.link(file, path)
            return
        except OSError:  # a file system without links
            pass
    shutil.copyfile(file, path)
