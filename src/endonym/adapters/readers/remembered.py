"""Readers whose work outlives the process: what was slow to read is not read again before its file or its reader changes.

So a run over many documents that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from endonym.core.canonical import digest_bytes
from endonym.seams.passage import ReadDocument, Reader

SLOW_S = 0.05
"""Seconds from which what was read is kept; below, reading it again costs about as much as finding it."""
_DAYS = 90
"""What was not asked for in so many days is dropped."""


class RememberedReader:
    """What `reader` reads, kept under `folder` by the file's digest; a folder that cannot be written costs time alone."""

    def __init__(self, reader: Reader, folder: Path, clock: Callable[[], float] = time.perf_counter) -> None:
        self.name, self.version, self.suffixes = reader.name, reader.version, reader.suffixes
        self._reader = reader
        self._folder = folder
        self._clock = clock

    def read(self, path: Path) -> ReadDocument:
        """See `Reader.read`."""
        kept = self._kept(path)
        if kept is None:
            return self._reader.read(path)
        with suppress(OSError, msgspec.DecodeError):
            found = msgspec.msgpack.decode(kept.read_bytes(), type=ReadDocument)
            os.utime(kept)
            return found
        started = self._clock()
        document = self._reader.read(path)
        if self._clock() - started >= SLOW_S:
            self._keep(kept, document)
        return document

    def _kept(self, path: Path) -> Path | None:
        """Where the document is kept, or None where the file cannot be read; its reader then says why."""
        try:
            content = digest_bytes(path.read_bytes())
        except OSError:
            return None
        return self._folder / f"{digest_bytes(f'{self.name} {self.version} {content}'.encode())[7:]}.document"

    def _keep(self, kept: Path, document: ReadDocument) -> None:
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(f".{os.getpid()}.part")
            partial.write_bytes(msgspec.msgpack.encode(document))
            partial.replace(kept)
            for old in kept.parent.iterdir():
                if time.time() - old.stat().st_mtime > _DAYS * 86_400:
                    old.unlink(missing_ok=True)
