"""ZIP files that hold a document, such as EPUB and DOCX, or a roster: read in memory within limits, never unpacked to a disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from endonym.core.errors import PackError
from endonym.documents.fault import unreadable

MAX_ENTRIES = 10_000
MAX_UNPACKED = 200_000_000
"""Bytes, of all entries together. zipfile gives no more of an entry than the directory says."""
MAX_RATIO = 200
"""How much larger an entry may be than what it is packed in, from `MIN_SUSPECT` bytes on."""
MIN_SUSPECT = 1_000_000

FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError)
"""What zipfile raises for an entry that is damaged, encrypted, packed in an unknown way or missing."""

_ENTRY = b"PK\x01\x02"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def open_archive(data: bytes, path: Path, kind: str) -> zipfile.ZipFile:
    """The archive in `data`.

    Args:
        kind: What the file should be, for messages, such as `an EPUB`.

    Raises:
        PackError: It is none, is locked with a password, or would grow beyond the limits.
    """
    if data.startswith(_OLE):
        raise unreadable(path, kind, "a file locked with a password, or one of an older format", "Save it anew, without a password.", fault="locked")
    # Each entry of the directory costs memory before it can be judged.
    if data.count(_ENTRY) > MAX_ENTRIES:
        raise unreadable(path, f"at most {MAX_ENTRIES:,} files in {kind}", "more", "Do not use it; get the document elsewhere.", fault="large")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except FAULTS as error:
        raise unreadable(path, kind, f"another or a damaged file ({error})", "Get the document again.") from None
    size = sum(entry.file_size for entry in entries)
    suspect = [e for e in entries if e.file_size > MIN_SUSPECT and e.file_size > MAX_RATIO * max(e.compress_size, 1)]
    if size > MAX_UNPACKED or suspect:
        raise unreadable(path, f"{kind} of at most {MAX_UNPACKED:,} bytes unpacked", "one that grows out of all proportion (a ZIP bomb)",
                         "Do not use it; get the document elsewhere.", fault="large")  # fmt: skip
    if any(entry.flag_bits & 1 for entry in entries):
        raise unreadable(path, kind, "a file locked with a password", "Save it anew, without a password.", fault="locked")
    return archive


def read_entry(archive: zipfile.ZipFile, name: str, path: Path, kind: str) -> bytes:
    """
    Raises:
        PackError: The entry is missing or damaged.
    """
    try:
        return archive.read(name)
    except FAULTS as error:
        raise damaged(path, kind, f"{name}: {error}") from None


def damaged(path: Path, kind: str, what: str) -> PackError:
    return unreadable(path, kind, f"a damaged one ({what[:200]})", "Get the document again, or save it anew.")
