"""The rows of one CSV file, with the line on which each begins."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from endonym.roster.encoding import decoded
from endonym.roster.faults import Faults
from endonym.text.table import computes

MOST_ROWS = 200_000
"""Of one file."""
LONGEST = 200
"""Characters of a name."""
_JOINERS = "\u200c\u200d"
"""Format characters that names in Persian, Urdu or Tamil are spelt with."""


@dataclass(frozen=True, slots=True)
class Table:
    """Attributes: header: Names of the columns, as they stand; rows: (line, cells)."""

    file: str
    header: tuple[str, ...]
    rows: Sequence[tuple[int, list[str]]]


def read_table(data: bytes, file: str, separators: str, faults: Faults) -> Table | None:
    """A table whose header could be read; None where nothing can be said of its rows."""
    try:
        text, guessed = decoded(data)
    except ValueError as error:
        faults.add("encoding", file, 1, expected="UTF-8", found=str(error))
        return None
    if guessed:
        faults.add("encoding-guessed", file, 1, expected="UTF-8", found=guessed, severity="warning")
    first = text.lstrip("\n").partition("\n")[0]
    separator = max(separators, key=first.count)
    rows = _rows(text, file, separator, faults)
    header = next(rows, None)
    if header is None:
        faults.add("nothing", file, 1)
        return None
    return Table(file, tuple(name.strip() for name in header[1]), list(rows))


def _rows(text: str, file: str, separator: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line, count = 1, 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                if count > MOST_ROWS + 1:
                    faults.add("too-large", file, line, expected=f"{MOST_ROWS:,}", found=f"> {MOST_ROWS:,}")
                    return
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        faults.add("malformed", file, line, found=str(error))


def named(table: Table, columns: Sequence[str], faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by the names of `columns`) of the rows that have as many cells as the header."""
    places = [(name, table.header.index(name)) for name in columns if name in table.header]
    for line, cells in table.rows:
        if len(cells) != len(table.header):
            faults.add("cells", table.file, line, expected=str(len(table.header)), found=str(len(cells)))
            continue
        yield line, {name: cells[place].strip() for name, place in places}


def fit(text: str) -> str:
    """A name as it is kept: composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unfit(text: str) -> bool:
    """Whether a cell that should hold a name would do something else in a spreadsheet or on a page, or is no name for its length."""
    if computes(text) or len(text) > LONGEST:
        return True
    return not text.isprintable() and any(not letter.isprintable() and letter not in _JOINERS for letter in text)
