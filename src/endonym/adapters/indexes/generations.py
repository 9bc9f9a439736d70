"""Folders that are written whole: each generation of an index is one, and the newest that was written for a key counts."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_KEPT = 3
_RECENT_SECONDS = 600.0
"""How long a generation is kept in any case: others may be about to open it, or to begin theirs with it."""
_STALE_SECONDS = 24 * 3600.0
_UNFINISHED = ".tmp"
_COMPLETE = re.compile(r"\d{20}-[0-9a-f]{16}-[0-9a-f]{8}$")


class Generations:
    """The generations of one index; a folder gets its name when it is complete, so that whoever lists them sees no other.

    Args:
        home: Folder of the index; it need not be there yet.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def newest(self, key: str = "") -> list[Path]:
        """Those written for `key`, or for any, the newest first."""
        if not self.home.is_dir():
            return []
        complete = [path for path in self.home.iterdir() if _COMPLETE.match(path.name)]
        return sorted((path for path in complete if not key or _mark(key) in path.name), key=lambda path: path.name, reverse=True)

    @contextmanager
    def writing(self, key: str) -> Iterator[Path]:
        """An empty folder that becomes the newest generation at the end, or nothing where an exception ends it."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._remove_stale()
        made = self.home / f"{secrets.token_hex(8)}{_UNFINISHED}"
        made.mkdir()
        try:
            yield made
            _sync(made)
            made.rename(self.home / f"{time.time_ns():020}-{_mark(key)}-{secrets.token_hex(4)}")
            _sync(self.home)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        for old in self.newest()[_KEPT:]:
            if time.time_ns() - int(old.name.partition("-")[0]) > _RECENT_SECONDS * 1e9:
                shutil.rmtree(old, ignore_errors=True)

    def _remove_stale(self) -> None:
        """Remove what a killed write left behind, once it is too old to belong to one that still runs."""
        for left in self.home.glob(f"*{_UNFINISHED}"):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _sync(folder: Path) -> None:
    """Bring a folder and the files in it to the disk."""
    for path in [*(path for path in folder.iterdir() if path.is_file()), folder]:
        with suppress(OSError):  # some systems sync no folders
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
