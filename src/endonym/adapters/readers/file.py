"""What every reader does with a file: its bytes within a limit, its text, and the fault of one that cannot be read."""

from __future__ import annotations

import codecs
from pathlib import Path

from endonym.documents.fault import unreadable

MAX_BYTES = 200_000_000
"""Of a document; a whole pack may hold no more (endonym.pack.archive)."""
MAX_TEXT = 20_000_000
"""Of a document that is text all through."""

_MARKS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Everything in a file.

    Raises:
        PackError: It cannot be read, is empty, or is larger than `most`.
    """
    try:
        size = path.stat().st_size
        if size > most:
            raise unreadable(path, f"at most {most:,} bytes", f"{size:,}", "Split the document.", fault="large")
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, "a file that can be read", f"a fault: {error.strerror}", "Check its rights.") from None
    if not data.strip():
        raise unreadable(path, "a document", "an empty file", "Save the document anew.", fault="empty")
    return data


def decode(data: bytes, path: Path, encoding: str = "utf-8-sig") -> str:
    """The text of a file, with plain line ends.

    Raises:
        PackError: The bytes are of another encoding.
    """
    name = "UTF-8" if encoding == "utf-8-sig" else encoding
    marked = next((other for mark, other in _MARKS if data.startswith(mark)), "")
    if marked:
        raise unreadable(path, f"text in {name}", f"text in {marked}", "Save the file as UTF-8.", 1, "encoding")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise unreadable(path, f"text in {name}", f"the byte 0x{data[error.start]:02X} of another encoding",
                         "Save the file as UTF-8.", line, "encoding") from None  # fmt: skip
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise unreadable(path, "text", "a null character, which no text holds", "Save the document anew as text.", line, "encoding")
    return text.replace("\r\n", "\n").replace("\r", "\n")
