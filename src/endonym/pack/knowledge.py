"""Documents read once and cut into passages."""

from __future__ import annotations

from pathlib import Path

from endonym.core.errors import PackError
from endonym.core.memory import Memory
from endonym.documents.segment import Provenance, cut, segment
from endonym.seams.passage import Passage, ReadDocument, Reader

Segmented = tuple[tuple[Passage, ...], dict[str, int]]
"""(the passages of a document, the line of each anchor)"""


def read_passages(document: Path, reader: Reader, provenance: Provenance, memory: Memory) -> Segmented:
    """Kept while the file is the same; where its provenance alone has changed, it is not read again.

    Raises:
        PackError: The document cannot be read, or holds no text; it is not tried again before it changes.
    """
    stat = document.stat()
    state = (stat.st_size, stat.st_mtime_ns, reader.name, reader.version)
    read = memory.at(("document", document), state, lambda: _read(reader, document))
    if isinstance(read, PackError):
        raise PackError(read.message, remedy=read.remedy, origin=read.origin)

    def work() -> Segmented:
        return segment(read, provenance), {block.anchor: block.line for block in read.blocks}

    return memory.at(("passages", document, provenance), state, work)


def _read(reader: Reader, document: Path) -> ReadDocument | PackError:
    """The document in pieces that can be cited, or why there are none."""
    try:
        read = cut(reader.read(document))
    except PackError as error:
        return error
    if not any(block.text.strip() for block in read.blocks):
        return PackError("expected text, found none", origin=document.name, remedy="Write the text, or take the document out of the register.")
    return read
