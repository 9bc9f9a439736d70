"""Cut a read document into passages."""

from __future__ import annotations

from dataclasses import dataclass

from endonym.core.canonical import digest_bytes
from endonym.seams.passage import Passage, ReadDocument


@dataclass(frozen=True, slots=True)
class Provenance:
    """What `knowledge.toml` says of a document; every passage of it carries this along."""

    document: str
    title: str
    language: str
    subject: str
    licence: str
    author: str
    source: str
    reviewed_by: str


def segment(document: ReadDocument, provenance: Provenance) -> tuple[Passage, ...]:
    """One passage for each block that holds text, in the document's order."""
    return tuple(
        Passage(
            id=f"{provenance.document}#{block.anchor}",
            document=provenance.document,
            document_title=provenance.title,
            anchor=block.anchor,
            title=block.title,
            text=block.text,
            language=provenance.language,
            subject=provenance.subject,
            licence=provenance.licence,
            author=provenance.author,
            source=provenance.source,
            reviewed_by=provenance.reviewed_by,
            start=block.start,
            digest=digest_bytes(block.text.encode()),
        )
        for block in document.blocks
        if block.text.strip()
    )
