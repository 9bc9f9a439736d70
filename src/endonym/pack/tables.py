"""The tables of a pack: outcomes, glossary and the register of documents."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from endonym.pack.manifest import Language
from endonym.pack.positions import Faults, FileModel, build

OUTCOME_COLUMNS = ("code", "subject", "grades", "source", "language", "statement")
GLOSSARY_COLUMNS = ("concept", "language", "term", "status", "definition", "subject", "source")


class Outcome(FileModel):
    """A learning outcome in one language (a CASE 1.1 CFItem, `humanCodingScheme` is `code`)."""

    code: str = Field(min_length=1)
    subject: str = Field(min_length=1)
    grades: tuple[str, ...] = ()
    source: str
    language: Language
    statement: str = Field(min_length=1)
    pack: str = ""
    file: str = ""
    line: int = 1


class Term(FileModel):
    """One term for a concept in one language; `forbidden` names what not to say."""

    concept: str = Field(min_length=1)
    language: Language
    term: str = Field(min_length=1)
    status: Literal["preferred", "admitted", "forbidden"]
    definition: str = ""
    subject: str = ""
    source: str = ""
    pack: str = ""
    file: str = ""
    line: int = 1


class DocumentEntry(FileModel):
    """What a register of knowledge/ says of one document; `register_file` and `line` say where.

    Attributes:
        id: What passages begin with.
        file: Path of the document from knowledge/.
        title: The document's name for readers.
        language: BCP 47 tag of its text.
        subject: The subject it belongs to.
        licence: Licence of its text.
        author: Who wrote it.
        sources: Register entries that the facts were checked against; of a law, the law itself first.
        reviewed_by: Who reviewed it, or `unreviewed`.
        grades: The grades it is meant for, as curriculum/ names them; none for all.
        audience: The audiences whose replies may rest on it, such as teacher; none for all. It is no secret: bundles are public.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    file: str
    title: str
    language: Language
    subject: str
    licence: str = Field(min_length=1)
    author: str
    sources: tuple[str, ...] = ()
    reviewed_by: str
    grades: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    register_file: SkipJsonSchema[str] = ""
    line: SkipJsonSchema[int] = 1


class KnowledgeFile(FileModel):
    """A register of knowledge/.

    Attributes:
        document: The documents that become passages.
    """

    document: tuple[DocumentEntry, ...] = ()


def read_rows(text: str, columns: tuple[str, ...], faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV file with a header; faults go to `faults` and the row is left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(name.strip() for name in header) != columns:
            faults.add("PK040", "csv-header", 1, f"expected the columns {','.join(columns)}, found {','.join(header)[:200]!r}",
                       "Make this the first line of the file.")  # fmt: skip
            return
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                faults.add("PK041", "csv-cells", line, f"expected {len(columns)} cells, found {len(cells)}",
                           'Put cells that hold a comma in "double quotes".')  # fmt: skip
                continue
            yield line, dict(zip(columns, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        faults.add("PK042", "malformed-csv", reader.line_num, f"expected CSV, found a fault: {error}",
                   "Correct the quotes on this line.")  # fmt: skip


def parse_outcomes(text: str, pack: str, faults: Faults) -> tuple[Outcome, ...]:
    found = []
    for line, row in read_rows(text, OUTCOME_COLUMNS, faults):
        data = {**row, "grades": [grade for grade in row["grades"].split("|") if grade]}
        outcome = build(Outcome, {**data, "pack": pack, "file": faults.file, "line": line}, {(): line}, faults)
        if outcome:
            found.append(outcome)
    return tuple(found)


def parse_glossary(text: str, pack: str, faults: Faults) -> tuple[Term, ...]:
    found = []
    for line, row in read_rows(text, GLOSSARY_COLUMNS, faults):
        term = build(Term, {**row, "pack": pack, "file": faults.file, "line": line}, {(): line}, faults)
        if term:
            found.append(term)
    return tuple(found)
