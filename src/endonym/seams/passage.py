"""Documents as readers give them, and passages as everything above cites them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document under one heading, page or article.

    Attributes:
        anchor: Stable within the document; what a citation points at.
        start: Offset of `text` in the document's full text, in characters.
        line: Where in the file the block begins, counted from 1: its line, or what the format has instead: the page of
            a PDF, the paragraph of a DOCX, the chapter of an EPUB.
        valid_from, valid_until: First and last day of validity, ISO dates, where the document says so of this block.
    """

    anchor: str
    title: str
    text: str
    start: int
    line: int
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What a reader made of a file: the full text and its blocks in order."""

    text: str
    blocks: tuple[Block, ...]


class Reader(Protocol):
    """Turns one kind of file into blocks."""

    name: str
    version: str
    suffixes: tuple[str, ...]

    def read(self, path: Path) -> ReadDocument:
        """Raise `PackError` with path and line when the file cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """Citable source text with provenance.

    Attributes:
        id: `document#anchor`, unique in a bundle.
        title: Heading of the passage; `document_title` names the document it stands in.
        source: Id of a register entry, or "" for a text of the pack's own.
        digest: SHA-256 of `text`.
        pack: Id of the pack whose document it is.
        grades, audiences: For whom it is meant; empty for all.
        valid_from, valid_until: As in its `Block`.
    """

    id: str
    document: str
    document_title: str
    anchor: str
    title: str
    text: str
    language: str
    subject: str
    licence: str
    author: str
    source: str
    reviewed_by: str
    start: int
    digest: str
    pack: str = ""
    grades: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    valid_from: str = ""
    valid_until: str = ""
