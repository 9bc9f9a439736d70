"""Building the index of a bundle: what the index before it has already is taken over, the rest is added or taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

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
from endonym.text.fold import fold, strip_marks, words

EMBEDDINGS_FILE = "embeddings.sqlite"

_ASIDE = [(text, language) for language, texts in BACKGROUND.items() for text in texts]
_MOST_CHANGED = 0.5
"""Where more of the passages are new, or gone, everything is written anew: taking out costs as much as putting in."""

Rows = tuple[str, Iterable[tuple[Any, ...]]]
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
    next bundle embeds only what is new. An index that stands at `path` already gives what it has in common; what a
    search finds does not depend on it.

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
    old = _before(path, tools)
    kept = {passage.id: row for row, passage in old.items()}
    gone = {row: passage for row, passage in old.items() if passage.id not in seen}
    new = [passage for passage in passages if passage.id not in kept]
    changed = {kept[passage.id]: passage for passage in passages if passage.id in kept and old[kept[passage.id]] != passage}
    patch = bool(old) and len(gone) + len(new) + len(changed) <= _MOST_CHANGED * len(passages)
    if patch:
        first = max(old, default=-1) + 1
        out = gone | {row: old[row] for row in changed}
        added = changed | dict(enumerate(new, first))
    else:
        out, added = {}, dict(enumerate(passages))
    meta = [("format", FORMAT), ("key", key), ("tools", tools.name), ("embedder", embedder.name if embedder else "")]
    write_file(path, [
        *_taken_out(out, tools),
        *_put_in(added, tools),
        ("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta),
        ("INSERT INTO prompt VALUES (?, ?, ?, ?, ?, ?, ?)", [
            (row, p.kind, p.target, p.text, p.language, p.subject, " ".join(search_words(p.text, p.language, tools)))
            for row, p in enumerate(prompts)]),
        ("INSERT INTO prompt_word VALUES (?, ?, ?, ?)", _spelt((p.text, p.language, 1) for p in prompts)),
        ("INSERT INTO background VALUES (?, ?, ?, ?)", [
            (row, text, language, " ".join(search_words(text, language, tools)))
            for row, (text, language) in enumerate(_ASIDE)]),
        ("INSERT INTO vectors VALUES (?, ?, ?, ?)", vectors),
    ], over=patch)  # fmt: skip


def _before(path: Path, tools: LanguageTools) -> dict[int, Passage]:
    """The passages, by row, of the index that stands at `path`; none where it is of another kind."""
    try:
        file = IndexFile(path)
    except RetrievalError:
        return {}
    found = file.passages() if file.meta.get("tools") == tools.name else {}
    file.close()
    return found


def _taken_out(passages: dict[int, Passage], tools: LanguageTools) -> list[Rows]:
    """Source: SQLite FTS5, section 6.3: a row of a contentless table is deleted by giving what was put in."""
    return [
        ("INSERT INTO word (word, rowid, title, body) VALUES ('delete', ?, ?, ?)", _words_of(passages, tools)),
        ("INSERT INTO gram (gram, rowid, body) VALUES ('delete', ?, ?)", _grams_of(passages)),
        ("DELETE FROM passage WHERE row = ?", [(row,) for row in passages]),
        (_COUNT_WORD, _spelt((p.text, p.language, -1) for p in passages.values())),
    ]


def _put_in(passages: dict[int, Passage], tools: LanguageTools) -> list[Rows]:
    return [
        (PASSAGE_INSERT, (passage_row(row, passage) for row, passage in passages.items())),
        ("INSERT INTO word (rowid, title, body) VALUES (?, ?, ?)", _words_of(passages, tools)),
        ("INSERT INTO gram (rowid, body) VALUES (?, ?)", _grams_of(passages)),
        (_COUNT_WORD, _spelt((p.text, p.language, 1) for p in passages.values())),
    ]


_COUNT_WORD = ("INSERT INTO passage_word VALUES (?, ?, ?, ?) "
               "ON CONFLICT (language, bare, written) DO UPDATE SET uses = uses + excluded.uses")  # fmt: skip


def _words_of(passages: dict[int, Passage], tools: LanguageTools) -> Iterator[tuple[int, str, str]]:
    for row, passage in passages.items():
        title = token_text(search_words(f"{passage.title} {passage.document_title}", passage.language, tools))
        yield row, title, token_text(search_words(passage.text, passage.language, tools))


def _grams_of(passages: dict[int, Passage]) -> Iterator[tuple[int, str]]:
    for row, passage in passages.items():
        yield row, gram_text(f"{passage.title} {passage.text}")


def _spelt(texts: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, str, int]]:
    """(language, word without marks, as written, how often) over (text, language, times)."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for text, language, times in texts:
        for word in words(fold(text)):
            counted.setdefault((language, strip_marks(word)), Counter())[word] += times
    return [(language, bare, written, uses) for (language, bare), spelt in counted.items() for written, uses in spelt.items()]


def _vectors(
    path: Path, passages: Sequence[Passage], prompts: Sequence[Prompt], embedder: Embedder, progress: Progress | None
) -> Iterator[tuple[str, str, int, bytes]]:
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
