"""Cut a read document into passages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from endonym.core.canonical import digest_bytes
from endonym.seams.passage import Block, Passage, ReadDocument

LONGEST = 1_200
"""Characters of a passage. The longest that people wrote for this project's packs has 854."""

_ENDS = (
    re.compile(r"\n\s*\n"),
    # A full stop behind a digit may belong to an ordinal, as in "2. veebruar" or "§ 1.".
    re.compile(r"(?:(?<!\d)\.|[!?…؟۔।])[\"'»”’)\]]*\s+|[。！？][」』”’）]*|\n"),
    re.compile(r"\s+"),
)
"""Where a long text may be cut, the best places first."""


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
    pack: str = ""
    grades: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()


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
            pack=provenance.pack,
            grades=provenance.grades,
            audiences=provenance.audiences,
            valid_from=block.valid_from,
            valid_until=block.valid_until,
        )
        for block in document.blocks
        if block.text.strip()
    )


def cut(document: ReadDocument) -> ReadDocument:
    """The document with each block longer than `LONGEST` in pieces of about one size, at ends of paragraphs or sentences.

    The first piece keeps the anchor; the others get `-2`, `-3` … where no other block has that anchor.
    """
    if all(len(block.text) <= LONGEST for block in document.blocks):
        return document
    used = {block.anchor for block in document.blocks}
    return ReadDocument(document.text, tuple(piece for block in document.blocks for piece in _pieces(block, used)))


def _pieces(block: Block, used: set[str]) -> Iterator[Block]:
    number = 1
    for start, end in _stretches(block.text):
        anchor = block.anchor
        while number > 1 and anchor in used:
            anchor, number = f"{block.anchor}-{number}", number + 1
        number = max(number, 2)
        used.add(anchor)
        yield replace(block, anchor=anchor, text=block.text[start:end], start=block.start + start)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each piece, without the space around it."""
    at = 0
    while len(text) - at > LONGEST:
        end, following = _end(text, at)
        yield at, end
        at = following
    if at < len(text):
        yield at, len(text)


def _end(text: str, at: int) -> tuple[int, int]:
    """(where the piece that begins at `at` ends, where the next one begins)."""
    left = len(text) - at
    ideal = at + left // -(-left // LONGEST)
    for ends in _ENDS:
        found = [match for match in ends.finditer(text, at + LONGEST // 3, at + LONGEST) if match.end() < len(text)]
        if found:
            best = min(found, key=lambda match: abs(match.end() - ideal))
            return best.start() + len(best.group().rstrip()), best.end()
    return ideal, ideal
