"""The index of one bundle: a cache keyed by the bundle's digest, built once and opened by every process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from endonym.core.errors import RetrievalError
from endonym.retrieval.background import BACKGROUND
from endonym.retrieval.embeddings import Role, embed_cached
from endonym.retrieval.evidence import Evidence
from endonym.retrieval.index_file import FORMAT, PASSAGE_INSERT, IndexFile, passage_row, write_file
from endonym.retrieval.prompts import Match, Prompt, PromptKind, PromptMatcher
from endonym.retrieval.query import restore_marks
from endonym.retrieval.search import Hit, PassageSearch
from endonym.retrieval.vectors import Matrix, centre, language_means
from endonym.retrieval.wording import gram_text, search_words, token_text
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage
from endonym.text.fold import fold, strip_marks, words

EMBEDDINGS_FILE = "embeddings.sqlite"

_ASIDE = [(text, language) for language, texts in BACKGROUND.items() for text in texts]

Rows = tuple[str, list[tuple[Any, ...]]]
Progress = Callable[[int, int], None]


def build_index(
    path: Path,
    key: str,
    passages: Sequence[Passage],
    prompts: Sequence[Prompt],
    tools: LanguageTools,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the index of `passages` and `prompts` to `path`, whole or not at all.

    Embeddings are kept in `embeddings.sqlite` beside it, so that an interrupted build goes on where it stopped and the
    next bundle embeds only what is new.

    Args:
        key: What the index is for, such as the bundle's digest; `open_index` must name the same.
        embedder: None builds an index that searches by words alone.
        progress: Called with (texts embedded, texts in all).

    Raises:
        RetrievalError: A passage id occurs twice, the folder cannot be written, or the embedder misbehaves.
    """
    seen: set[str] = set()
    for passage in passages:
        if passage.id in seen:
            raise RetrievalError(f"index: expected passage ids that differ, found {passage.id!r} twice",
                                 remedy="Give each heading of the document an anchor of its own.", origin=str(path))  # fmt: skip
        seen.add(passage.id)
    vectors = list(_vectors(path, passages, prompts, embedder, progress)) if embedder else []
    meta = [("format", FORMAT), ("key", key), ("tools", tools.name), ("embedder", embedder.name if embedder else "")]
    write_file(path, [
        ("INSERT INTO meta VALUES (?, ?)", meta),
        *_passage_tables(passages, tools),
        ("INSERT INTO prompt VALUES (?, ?, ?, ?, ?, ?, ?)", [
            (row, p.kind, p.target, p.text, p.language, p.subject, " ".join(search_words(p.text, p.language, tools)))
            for row, p in enumerate(prompts)]),
        ("INSERT INTO background VALUES (?, ?, ?, ?)", [
            (row, text, language, " ".join(search_words(text, language, tools)))
            for row, (text, language) in enumerate(_ASIDE)]),
        ("INSERT INTO spelling VALUES (?, ?, ?)", _spellings(passages, prompts)),
        ("INSERT INTO vectors VALUES (?, ?, ?, ?)", vectors),
    ])  # fmt: skip


def _passage_tables(passages: Sequence[Passage], tools: LanguageTools) -> list[Rows]:
    by_words, by_grams = [], []
    for row, passage in enumerate(passages):
        title = token_text(search_words(f"{passage.title} {passage.document_title}", passage.language, tools))
        by_words.append((row, title, token_text(search_words(passage.text, passage.language, tools))))
        by_grams.append((row, gram_text(f"{passage.title} {passage.text}")))
    return [
        (PASSAGE_INSERT, [passage_row(row, passage) for row, passage in enumerate(passages)]),
        ("INSERT INTO word (rowid, title, body) VALUES (?, ?, ?)", by_words),
        ("INSERT INTO gram (rowid, body) VALUES (?, ?)", by_grams),
    ]


def _spellings(passages: Sequence[Passage], prompts: Sequence[Prompt]) -> list[tuple[str, str, str]]:
    """(language, word without marks, commonest spelling) of words that are never written without marks."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for text, language in [*((p.text, p.language) for p in passages), *((p.text, p.language) for p in prompts)]:
        for word in words(fold(text)):
            counted.setdefault((language, strip_marks(word)), Counter())[word] += 1
    return [(language, bare, min(spelt, key=lambda word: (-spelt[word], word)))
            for (language, bare), spelt in sorted(counted.items()) if bare not in spelt]  # fmt: skip


def _vectors(
    path: Path, passages: Sequence[Passage], prompts: Sequence[Prompt], embedder: Embedder, progress: Progress | None
) -> Iterator[tuple[str, str, int, bytes]]:
    aside = _ASIDE if prompts else []
    asked = [(p.text, p.language) for p in prompts if p.kind != "text"] + aside
    told = [(p.text, p.language) for p in prompts if p.kind == "text"]
    total = len(passages) + len(asked) + len(told)
    before = 0
    parts: list[tuple[str, Role, list[str], list[str]]] = [
        ("passage", "passage", [f"{p.title}. {p.text}" for p in passages], [p.language for p in passages]),
        ("query", "query", [text for text, _ in asked], [language for _, language in asked]),
        ("text", "passage", [text for text, _ in told], [language for _, language in told]),
    ]
    for name, role, texts, languages in parts:
        report = (lambda done, start=before: progress(start + done, total)) if progress else None
        vectors = embed_cached(path.parent / EMBEDDINGS_FILE, embedder, texts, role, report)
        before += len(texts)
        if progress:
            progress(before, total)
        if not len(texts):
            continue
        means = language_means(vectors, languages)
        centred = centre(vectors, languages, means)
        if name == "query":
            own = len(centred) - len(aside)
            yield "background", "", len(aside), _half(centred[own:])
            centred = centred[:own]
        yield name, "", len(centred), _half(centred)
        for language, mean in means.items():
            yield f"{name}_mean", language, 1, mean.astype("<f4").tobytes()


def _half(vectors: Matrix) -> bytes:
    return vectors.astype(np.dtype("<f2")).tobytes()


class Index:
    """An open index. Safe to use from several threads; close it when a newer bundle has taken its place."""

    def __init__(self, file: IndexFile, tools: LanguageTools, embedder: Embedder | None) -> None:
        self._file = file
        self._tools = tools
        self._search = PassageSearch(file, tools, embedder)
        self._matcher = PromptMatcher(file, tools, embedder)

    def search(
        self, query: str, query_language: str, *, languages: Sequence[str] = (), subject: str = "", limit: int = 5
    ) -> tuple[Hit, ...]:
        """The passages that answer `query` best; `languages` and `subject` restrict, empty ones do not."""
        return self._search.search(query, query_language, languages=languages, subject=subject, limit=limit)

    def match(
        self, text: str, language: str, *, kinds: Sequence[PromptKind] = (), subject: str = "", limit: int = 5
    ) -> tuple[Match, ...]:
        """What `text` is about, the likeliest first; see `PromptMatcher.match`."""
        return self._matcher.match(text, language, kinds=kinds, subject=subject, limit=limit)

    def restored(self, text: str, language: str) -> str:
        """`text` with the diacritics that its writer left out, as far as the bundle knows the words."""
        return restore_marks(text, language, self._file)

    def evidence(self, text: str, language: str) -> list[Evidence]:
        """What speaks for each target; for measuring and for explaining a match."""
        return self._matcher.evidence(text, language)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        found = self._file.rows("SELECT row FROM passage WHERE id = ?", (passage_id,))
        return self._file.passages([found[0][0]])[found[0][0]] if found else None

    def close(self) -> None:
        """Let go of the file."""
        with suppress(Exception):
            self._file.close()


def open_index(path: Path, key: str, tools: LanguageTools, embedder: Embedder | None = None) -> Index:
    """Open the index at `path`; nothing but its head is read yet.

    Args:
        embedder: None searches by words alone, whatever the index holds.

    Raises:
        RetrievalError: The file is missing or broken, or was built for another key, format, embedder or other tools.
    """
    file = IndexFile(path)
    expected = {"key": key, "tools": tools.name}
    if embedder is not None:
        expected["embedder"] = embedder.name
    for name, value in expected.items():
        if file.meta.get(name) != value:
            found = file.meta.get(name) or "none"
            file.close()
            raise RetrievalError(f"index: expected {name} {value!r}, found {found!r}",
                                 remedy="Build the index again for this bundle.", origin=str(path))  # fmt: skip
    return Index(file, tools, embedder)
