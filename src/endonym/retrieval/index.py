"""The index of one bundle: a cache keyed by the bundle's digest, built once and opened by every process."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from endonym.core.errors import RetrievalError
from endonym.retrieval.evidence import Evidence
from endonym.retrieval.file_passages import FilePassages
from endonym.retrieval.forgiving import Forgiving
from endonym.retrieval.index_file import IndexFile
from endonym.retrieval.prompts import Match, PromptKind, PromptMatcher
from endonym.retrieval.query import restore_marks
from endonym.retrieval.search import Hit, PassageSearch
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage
from endonym.seams.passage_index import PassageIndex, PassageStore, Where

_ANYWHERE = Where()


class Index:
    """An open index. Safe to use from several threads; close it when a newer bundle has taken its place."""

    def __init__(self, file: IndexFile, passages: PassageIndex, tools: LanguageTools, embedder: Embedder | None) -> None:
        self._file = file
        self._passages = passages
        self._search = PassageSearch(file, Forgiving(passages), tools, embedder)
        self._matcher = PromptMatcher(file, tools, embedder)

    def search(self, query: str, query_language: str, where: Where = _ANYWHERE, *, limit: int = 5) -> tuple[Hit, ...]:
        """The passages that answer `query` best."""
        return self._search.search(query, query_language, where, limit)

    def match(
        self, text: str, language: str, *, kinds: Sequence[PromptKind] = (), subject: str = "", limit: int = 5
    ) -> tuple[Match, ...]:
        """What `text` is about, the likeliest first; see `PromptMatcher.match`."""
        return self._matcher.match(text, language, kinds=kinds, subject=subject, limit=limit)

    def check(self) -> None:
        """Raises: RetrievalError: Its passages cannot be reached; a search says nothing of that."""
        self._passages.weigh("word", ["a"], _ANYWHERE, 1)

    def restored(self, text: str, language: str) -> str:
        """`text` with the diacritics that its writer left out, as far as the bundle knows the words."""
        return restore_marks(text, language, self._file)

    def evidence(self, text: str, language: str) -> list[Evidence]:
        """What speaks for each target; for measuring and for explaining a match."""
        return self._matcher.evidence(text, language)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        return self._file.named([passage_id]).get(passage_id)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(Exception):
            self._passages.close()
        with suppress(Exception):
            self._file.close()


def open_index(
    path: Path, key: str, tools: LanguageTools, embedder: Embedder | None = None, store: PassageStore | None = None
) -> Index:
    """Open the index at `path`; nothing but its head is read yet.

    Args:
        embedder: None searches by words alone, whatever the index holds.
        store: What it was built with.

    Raises:
        RetrievalError: The file is missing or broken, or was built for another key, format, embedder, store or other tools,
            or the store cannot be reached.
    """
    file = IndexFile(path)
    expected = {"key": key, "tools": tools.name, "store": store.name if store else ""}
    if embedder is not None:
        expected["embedder"] = embedder.name
    try:
        for name, value in expected.items():
            if file.meta.get(name) != value:
                raise RetrievalError(f"index: expected {name} {value!r}, found {file.meta.get(name) or 'none'!r}",
                                     remedy="Build the index again for this bundle.", origin=str(path))  # fmt: skip
        passages: PassageIndex = store.open(path.stem, key) if store else FilePassages(file)
    except RetrievalError:
        file.close()
        raise
    return Index(file, passages, tools, embedder)
