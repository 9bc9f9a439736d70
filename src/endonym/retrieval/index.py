"""The index of one bundle: a cache keyed by the bundle's digest, built once and opened by every process."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from endonym.core.errors import RetrievalError
from endonym.retrieval.evidence import Evidence
from endonym.retrieval.index_file import IndexFile
from endonym.retrieval.prompts import Match, PromptKind, PromptMatcher
from endonym.retrieval.query import restore_marks
from endonym.retrieval.search import Hit, PassageSearch
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage


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
        return next(iter(self._file.passages([found[0][0]]).values())) if found else None

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
