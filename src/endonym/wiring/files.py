"""Files that teachers upload, read by the same readers as packs' documents; nothing of them is kept."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from endonym.core.errors import PackError
from endonym.documents.fault import Unreadable
from endonym.tutor.services import Fault
from endonym.wiring.plugins import load_plugins

_READERS = ("text", "markdown", "pdf", "docx")
KINDS = (".txt", ".md", ".pdf", ".docx")
"""What these read."""


def read_file(data: bytes, name: str) -> tuple[str, Fault]:
    """See `endonym.tutor.services.ReadFile`."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    reader = next((found for made in load_plugins("endonym.readers", _READERS) if suffix in (found := made()).suffixes), None)
    if reader is None:
        return "", "kind"
    if not data.strip():
        return "", "empty"
    with TemporaryDirectory(prefix="endonym-") as folder:  # readers want a path; what a sender calls the file is no part of it
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(data)
        try:
            text = reader.read(path).text.strip()
        except Unreadable as error:
            return "", error.fault
        except PackError:
            return "", "damaged"
    return text, "" if text else "empty"
