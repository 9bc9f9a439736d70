"""A copy of an SQLite database while it is written, and the way back.

Source: SQLite, "Online Backup API": all pages in one step are one moment of the database, and in WAL mode writers go on meanwhile.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from endonym.core.clock import now
from endonym.core.errors import StoreError, StoreUnavailable

_BESIDE = ("", "-wal", "-shm")
"""The files of one database; a `-wal` of another one would be played into it."""


def back_up(database: Path, target: Path) -> int:
    """Copy what a database holds now into one new file, readable by its owner alone; its size in bytes.

    Raises:
        StoreError: There is no database, or the target cannot be written or exists.
    """
    _expect(database)
    if target.exists():
        raise StoreError("expected a name that is not taken, found a file", origin=str(target), remedy="Name each backup anew, such as by its date.")
    return _copy(database, target)


def restore(backup: Path, database: Path) -> tuple[int, Path | None]:
    """Put a backup in a database's place.

    Returns:
        The entries of its ledger; where what stood there lies now, or None where there was none.

    Raises:
        StoreError: The backup is damaged or none, a server has the database open, or what stands there cannot be kept beside it.
    """
    _expect(backup)
    whole = _asked(backup, "PRAGMA integrity_check")
    entries = _asked(backup, "SELECT count(*) FROM ledger")
    if whole != "ok" or not entries.isdecimal():
        raise StoreError(f"expected a whole database of Endonym, found {(entries if whole == 'ok' else whole)[:200]!r}", origin=str(backup),
                         remedy="Take another backup.")  # fmt: skip
    _alone(database)
    fresh = database.with_name(f"{database.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        _copy(backup, fresh)
        aside = _keep(database) if database.exists() else None
        fresh.replace(database)
        _sync(database.parent)
    except OSError as error:
        raise StoreError(f"cannot be replaced: {error}", origin=str(database), remedy="Check that there is room and that you may write there; run it again.") from None
    return int(entries), aside


def _keep(database: Path) -> Path:
    """Where what stands there lies from now on as well, under a name that is free; only its log is moved, so there is a database at every moment."""
    stem = f"{database.name}.before-{now():%Y%m%dT%H%M%S}"
    for number in count(1):
        aside = database.with_name(f"{stem}-{number}" if number > 1 else stem)
        if any(Path(f"{aside}{end}").exists() for end in _BESIDE):
            continue
        try:
            os.link(database, aside)
        except FileExistsError:
            continue
        except OSError:  # not every file system has two names for a file
            _duplicate(database, aside)
        for end in _BESIDE[1:]:
            with suppress(FileNotFoundError):
                Path(f"{database}{end}").replace(f"{aside}{end}")
        return aside
    raise AssertionError("there is always another number")


def _duplicate(source: Path, target: Path) -> None:
    """The bytes, for what is kept may be no database any more; a half has never the name of the whole."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(0o600)
        with source.open("rb") as old, part.open("wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _copy(source: Path, target: Path) -> int:
    """Written beside and renamed, so that half a copy has never the name of a whole one."""
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(0o600)
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old, closing(sqlite3.connect(part)) as new:
            old.execute("PRAGMA busy_timeout=10000")
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
        _sync(target.parent)
        return target.stat().st_size
    except (sqlite3.Error, OSError) as error:
        for end in (*_BESIDE, "-journal"):
            Path(f"{part}{end}").unlink(missing_ok=True)
        raise StoreError(f"cannot be copied: {error}", origin=str(target), remedy="Check that there is room and that you may write there.") from None


def _alone(database: Path) -> None:
    """Raises: StoreUnavailable: Somebody has it open; only who is alone may leave WAL mode. A database that is damaged stops nobody."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreUnavailable("expected that nobody has the database open, found that somebody does", origin=str(database),
                                   remedy="Stop the servers first.") from None  # fmt: skip
    except sqlite3.DatabaseError:
        return


def _asked(file: Path, question: str) -> str:
    """The first answer, or what is wrong with the file."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(question).fetchone()
        return str(row[0]) if row else ""
    except sqlite3.Error as error:
        return str(error)


def _expect(file: Path) -> None:
    if not file.is_file():
        raise StoreError("expected a database, found none", origin=str(file), remedy="Check the path.")


def _sync(folder: Path) -> None:
    """The name is on disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
