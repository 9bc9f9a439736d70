"""Reads tables (CSV with a header): one block for each row, `column: cell` on each line, so that a row speaks for itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from endonym.adapters.readers.composition import Composition
from endonym.adapters.readers.file import MAX_TEXT, decode, read_bytes
from endonym.core.ids import slug
from endonym.documents.fault import unreadable
from endonym.seams.passage import ReadDocument

_SEPARATORS = ",;\t|"


class TableReader:
    name = "table"
    version = "1"
    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def read(self, path: Path) -> ReadDocument:
        text = decode(read_bytes(path, MAX_TEXT), path)
        composition = Composition()
        rows = _rows(text, path)
        _, header = next(rows, (1, []))
        for line, cells in rows:
            if len(cells) != len(header):
                raise unreadable(path, f"{len(header)} cells", str(len(cells)), 'Put cells that hold a comma in "double quotes".', line)
            filled = [(name.strip(), cell.strip()) for name, cell in zip(header, cells, strict=True) if cell.strip()]
            title = filled[0][1]
            composition.begin(title, slug(title), line)
            composition.paragraph("\n".join(f"{name}: {_one_line(cell)}" if name else _one_line(cell) for name, cell in filled))
        return composition.document()


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row that is not empty; Excel separates cells with `;` where the comma is a decimal mark."""
    head = text.lstrip("\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = rows.line_num + 1
    except csv.Error as error:
        raise unreadable(path, "CSV", f"a fault: {error}", "Correct the quotes on this line.", line) from None


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
