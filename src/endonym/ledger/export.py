"""A ledger as a file of JSON lines, for others to verify: entries in order, then checkpoints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from endonym.core.errors import LedgerError
from endonym.ledger.chain import Entry
from endonym.ledger.note import Checkpoint


def write_export(path: Path, entries: Iterable[Entry], checkpoints: Iterable[Checkpoint]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for entry in entries:
            row = {"number": entry.number, "content": entry.content, "previous": entry.previous, "digest": entry.digest}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        for note in checkpoints:
            file.write(json.dumps({"checkpoint": str(note)}, ensure_ascii=False) + "\n")


def exported_entries(path: Path) -> Iterator[Entry]:
    """Raises: LedgerError: A line is no entry, with its number."""
    for at, row in _rows(path):
        if "checkpoint" not in row:
            try:
                yield Entry(int(row["number"]), dict(row["content"]), str(row["previous"]), str(row["digest"]))
            except (KeyError, TypeError, ValueError):
                raise _no_line(path, at) from None


def exported_checkpoints(path: Path) -> tuple[Checkpoint, ...]:
    return tuple(Checkpoint.parse(str(row["checkpoint"])) for _, row in _rows(path) if "checkpoint" in row)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for at, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise _no_line(path, at)
            yield at, row


def _no_line(path: Path, at: int) -> LedgerError:
    return LedgerError("expected an entry or a checkpoint as JSON, found something else", origin=f"{path}:{at}",
                       remedy="Give the file as `endonym ledger export` wrote it.")  # fmt: skip
