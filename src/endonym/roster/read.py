"""A roster from what somebody gives: a folder, a ZIP, or one table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from endonym.core.errors import PackError
from endonym.documents.archive import MAX_UNPACKED, open_archive, read_entry
from endonym.documents.fault import Unreadable
from endonym.roster.columns import COLUMNS
from endonym.roster.faults import Faults
from endonym.roster.model import Roster
from endonym.roster.oneroster import MANIFEST, read_oneroster
from endonym.roster.plain import SEPARATORS, read_plain
from endonym.roster.rows import read_table
from endonym.seams.roster import Group

MOST_BYTES = 60_000_000
"""Of one file, unpacked."""
MOST_STUDENTS = 1_000
"""Of one class; more means that a column holds something else."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_WANTED = frozenset({MANIFEST, *(f"{name}.csv" for name in COLUMNS)})

Files = Mapping[str, bytes]


def files_of(path: Path) -> Files:
    """The files at a path, by name: those of a folder that a roster needs, or the one file.

    Raises:
        PackError: It cannot be read.
    """
    try:
        if path.is_dir():
            return {name: _bytes(path / name) for name in sorted(_WANTED) if (path / name).is_file()}
        return {path.name: _bytes(path)}
    except OSError as error:
        raise PackError(f"expected a roster's file or folder, found a fault: {error.strerror}", origin=str(path), remedy="Check the path and its rights.") from None


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise PackError(f"expected at most {MOST_BYTES:,} bytes, found {path.stat().st_size:,}", origin=str(path), remedy="Export one school at a time.")
    return path.read_bytes()


def open_upload(files: Files, faults: Faults) -> Files:
    """The same where a file is a ZIP, with what a roster needs of it instead."""
    name, data = next(iter(files.items()), ("", b""))
    if len(files) != 1 or not data.startswith(_ZIP):
        return files
    try:
        archive = open_archive(data, Path(name), "ZIP")
        inside = {entry.filename for entry in archive.infolist()}
        if MANIFEST not in inside:
            workbook = any(entry.startswith("xl/") for entry in inside)
            faults.add("unreadable" if workbook else "missing-file", name, 1, expected="CSV, ZIP" if workbook else MANIFEST, found="Excel" if workbook else ", ".join(sorted(inside)))
            return {}
        large = next((entry for entry in archive.infolist() if entry.filename in _WANTED and entry.file_size > MOST_BYTES), None)
        if large:
            faults.add("too-large", name, 1, expected=f"{MOST_BYTES:,}", found=f"{large.filename}: {large.file_size:,}")
            return {}
        return {entry: read_entry(archive, entry, Path(name), "ZIP") for entry in sorted(_WANTED & inside)}
    except PackError as error:
        bomb = isinstance(error, Unreadable) and error.fault == "large"
        faults.add("too-large" if bomb else "unreadable", name, 1, expected=f"{MAX_UNPACKED:,}" if bomb else "ZIP, CSV", found=error.message.partition("found ")[2])
        return {}


def read_roster(given: Files, today: date) -> Roster:
    """What can be read of a roster, and every fault. Args: given: Bytes by file name: one table, one ZIP, or the files of a OneRoster set."""
    faults = Faults()
    files = open_upload(given, faults)
    groups: tuple[Group, ...] = ()
    kind, rows = "CSV", 0
    if MANIFEST in files:
        kind = "OneRoster 1.2"
        groups, rows = read_oneroster(files, today, faults)
    elif len(files) == 1:
        ((name, data),) = files.items()
        table = read_table(data, name, SEPARATORS, faults)
        if table:
            groups, rows = read_plain(table, faults), len(table.rows)
    elif not faults.found:
        faults.add("missing-file", next(iter(given), MANIFEST), 1, expected=MANIFEST)
    where = "enrollments.csv" if MANIFEST in files else next(iter(given), "")
    for group in groups:
        if len(group.students) > MOST_STUDENTS:
            faults.add("too-large", where, 1, expected=f"{MOST_STUDENTS:,}", found=f"{group.name}: {len(group.students):,}")
    groups = tuple(group for group in groups if len(group.students) <= MOST_STUDENTS)
    if not groups and not faults.found:
        faults.add("nothing", where, 1)
    return Roster(kind, where, groups, faults.sorted(), rows, faults.more)
