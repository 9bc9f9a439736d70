"""Building the index of a bundle: what the index before it has already is taken over, the rest is added or taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from endonym.core.canonical import digest_bytes
from endonym.core.errors import RetrievalError
from endonym.retrieval.background import BACKGROUND
from endonym.retrieval.embeddings import Role, embed_cached
from endonym.retrieval.index_file import FORMAT, PASSAGE_INSERT, IndexFile, passage_row, write_file
from endonym.retrieval.prompts import Prompt
from endonym.retrieval.vectors import Matrix, centre, language_means
from endonym.retrieval.wording import gram_text, search_words, token_text
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Entry, PassageStore
from endonym.text.fold import fold, strip_marks, words

EMBEDDINGS_FILE = "embeddings.sqlite"

_ASIDE = [(text, language) for language, texts in BACKGROUND.items() for text in texts]
_MOST_CHANGED = 0.5
"""Where more of the passages are new, or gone, everything is written anew: taking out costs as much as putting in."""

Rows = tuple[str, Iterable[tuple[Any, ...]]]
VectorRow = tuple[str, str, int, bytes]
Progress = Callable[[int, int], None]


def build_index(
    path: Path,
    key: str,
    passages: Sequence[Passage],
    prompts: Sequence[Prompt],
    tools: LanguageTools,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
    store: PassageStore | None = None,
) -> None:
    """Write the index of `passages` and `prompts` to `path`, whole or not at all.

    Embeddings are kept in `embeddings.sqlite` beside it, so that an interrupted build goes on where it stopped and the
    next bundle embeds only what is new. An index that stands at `path` already gives what it has in common; what a
    search finds does not depend on it.

    Args:
        key: What the index is for, such as the bundle's digest; `open_index` must name the same.
        embedder: None builds an index that searches by words alone.
        progress: Called with (texts embedded, texts in all).
        store: Keeps and searches the passages instead of the file. There, vectors of passages that did not change stay as
            they were, although the mean taken away from them moves a little with every passage added.

    Raises:
        RetrievalError: A passage id occurs twice, the folder or the store cannot be written, or the embedder misbehaves.
    """
    seen: set[str] = set()
    for passage in passages:
        if passage.id in seen:
            raise RetrievalError(f"index: expected passage ids that differ, found {passage.id!r} twice",
                                 remedy="Give each heading of the document an anchor of its own.", origin=str(path))  # fmt: skip
        seen.add(passage.id)
    vectors = list(_vectors(path, passages, prompts, embedder, progress)) if embedder else []
    meta = [("format", FORMAT), ("key", key), ("tools", tools.name), ("embedder", embedder.name if embedder else ""),
            ("store", store.name if store else "")]  # fmt: skip
    if store:
        _store(store, path.stem, key, passages, vectors, tools, embedder)
        vectors = [row for row in vectors if row[0] != "passage"]
    others: list[Rows] = [
        ("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta),
        ("INSERT INTO prompt VALUES (?, ?, ?, ?, ?, ?, ?)", [
            (row, p.kind, p.target, p.text, p.language, p.subject, " ".join(search_words(p.text, p.language, tools)))
            for row, p in enumerate(prompts)]),
        ("INSERT INTO prompt_word VALUES (?, ?, ?, ?)", _spelt((p.text, p.language, 1) for p in prompts)),
        ("INSERT INTO background VALUES (?, ?, ?, ?)", [
            (row, text, language, " ".join(search_words(text, language, tools)))
            for row, (text, language) in enumerate(_ASIDE)]),
        ("INSERT INTO vectors VALUES (?, ?, ?, ?)", vectors),
    ]  # fmt: skip

    def plan(before: Path) -> tuple[bool, list[Rows]]:
        patch, written = _patch(_before(before, tools, store), passages, None if store else tools)
        return patch, [*written, *others]

    write_file(path, plan)


def _store(
    store: PassageStore, name: str, key: str, passages: Sequence[Passage], vectors: Sequence[VectorRow], tools: LanguageTools,
    embedder: Embedder | None,
) -> None:  # fmt: skip
    ordered = sorted(passages, key=lambda passage: passage.id)
    places = {passage.id: place for place, passage in enumerate(ordered)}
    matrix = next((np.frombuffer(data, "<f2").reshape(count, -1) for kind, language, count, data in vectors
                   if kind == "passage" and not language), None)  # fmt: skip
    made_by = f"{tools.name}\0{embedder.name if embedder else ''}"

    def entries(ids: Sequence[str]) -> Iterator[Entry]:
        for passage_id in ids:
            place = places[passage_id]
            vector = matrix[place].astype("<f4").tobytes() if matrix is not None else b""
            yield Entry(ordered[place], *_terms_of(ordered[place], tools), _grams_of(ordered[place]), vector)

    store.write(name, key, {p.id: digest_bytes(f"{made_by}\0{p!r}".encode()) for p in ordered}, entries)


def _patch(old: dict[int, Passage], passages: Sequence[Passage], tools: LanguageTools | None) -> tuple[bool, list[Rows]]:
    """(whether the index that stands is written over, what is taken out of it and put in). Args: tools: None leaves out the arms."""
    kept = {passage.id: row for row, passage in old.items()}
    wanted = {passage.id for passage in passages}
    gone = {row: passage for row, passage in old.items() if passage.id not in wanted}
    new = [passage for passage in passages if passage.id not in kept]
    changed = {kept[passage.id]: passage for passage in passages if passage.id in kept and old[kept[passage.id]] != passage}
    if not old or len(gone) + len(new) + len(changed) > _MOST_CHANGED * len(passages):
        return False, _put_in(dict(enumerate(passages)), tools)
    out = gone | {row: old[row] for row in changed}
    return True, [*_taken_out(out, tools), *_put_in(changed | dict(enumerate(new, max(old) + 1)), tools)]


def _before(path: Path, tools: LanguageTools, store: PassageStore | None) -> dict[int, Passage]:
    """The passages, by row, of the index that stands at `path`; none where it is of another kind."""
    try:
        file = IndexFile(path)
    except RetrievalError:
        return {}
    alike = file.meta.get("tools") == tools.name and bool(file.meta.get("store")) == (store is not None)
    try:
        return file.passages() if alike else {}
    finally:
        file.close()


def _taken_out(passages: dict[int, Passage], tools: LanguageTools | None) -> list[Rows]:
    """Source: SQLite FTS5, section 6.3: a row of a contentless table is deleted by giving what was put in."""
    arms = [] if tools is None else [
        ("INSERT INTO word (word, rowid, title, body) VALUES ('delete', ?, ?, ?)", _words_of(passages, tools)),
        ("INSERT INTO gram (gram, rowid, body) VALUES ('delete', ?, ?)", ((row, _grams_of(passage)) for row, passage in passages.items())),
    ]  # fmt: skip
    return [*arms, ("DELETE FROM passage WHERE row = ?", [(row,) for row in passages]),
            (_COUNT_WORD, _spelt((p.text, p.language, -1) for p in passages.values()))]  # fmt: skip


def _put_in(passages: dict[int, Passage], tools: LanguageTools | None) -> list[Rows]:
    arms = [] if tools is None else [
        ("INSERT INTO word (rowid, title, body) VALUES (?, ?, ?)", _words_of(passages, tools)),
        ("INSERT INTO gram (rowid, body) VALUES (?, ?)", ((row, _grams_of(passage)) for row, passage in passages.items())),
    ]  # fmt: skip
    return [(PASSAGE_INSERT, (passage_row(row, passage) for row, passage in passages.items())), *arms,
            (_COUNT_WORD, _spelt((p.text, p.language, 1) for p in passages.values()))]  # fmt: skip


_COUNT_WORD = ("INSERT INTO passage_word VALUES (?, ?, ?, ?) "
               "ON CONFLICT (language, bare, written) DO UPDATE SET uses = uses + excluded.uses")  # fmt: skip


def _words_of(passages: dict[int, Passage], tools: LanguageTools) -> Iterator[tuple[int, str, str]]:
    return ((row, *_terms_of(passage, tools)) for row, passage in passages.items())


def _terms_of(passage: Passage, tools: LanguageTools) -> tuple[str, str]:
    """(terms of the titles, terms of the text)."""
    titles = search_words(f"{passage.title} {passage.document_title}", passage.language, tools)
    return token_text(titles), token_text(search_words(passage.text, passage.language, tools))


def _grams_of(passage: Passage) -> str:
    return gram_text(f"{passage.title} {passage.text}")


def _spelt(texts: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, str, int]]:
    """(language, word without marks, as written, how often) over (text, language, times)."""
    counted: Counter[tuple[str, str]] = Counter()
    for text, language, times in texts:
        for word in words(fold(text)):
            counted[language, word] += times
    return [(language, strip_marks(written), written, uses) for (language, written), uses in counted.items()]


def _vectors(
    path: Path, passages: Sequence[Passage], prompts: Sequence[Prompt], embedder: Embedder, progress: Progress | None
) -> Iterator[VectorRow]:
    aside = _ASIDE if prompts else []
    asked = [(p.text, p.language) for p in prompts if p.kind != "text"] + aside
    told = [(p.text, p.language) for p in prompts if p.kind == "text"]
    ordered = sorted(passages, key=lambda passage: passage.id)
    total = len(passages) + len(asked) + len(told)
    before = 0
    parts: list[tuple[str, Role, list[str], list[str]]] = [
        ("passage", "passage", [f"{p.title}. {p.text}" for p in ordered], [p.language for p in ordered]),
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
