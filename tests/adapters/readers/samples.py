"""Documents written for the tests, and what holds of every document that was read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from endonym.core.errors import PackError
from endonym.seams.passage import ReadDocument, Reader

Line = tuple[float, float, str]
"""Size of the letters, height above the page's lower edge, text."""


def read(reader: Reader, path: Path, data: bytes | str) -> ReadDocument:
    """The document with these bytes; each block is checked to be the stretch of the text that it says it is."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    document = reader.read(path)
    for block in document.blocks:
        assert document.text[block.start : block.start + len(block.text)] == block.text
        assert block.text == block.text.strip() and block.line >= 1 and block.anchor
    assert len({block.anchor for block in document.blocks}) == len(document.blocks)
    return document


def anchors(document: ReadDocument) -> list[tuple[str, str, int]]:
    return [(block.anchor, block.title, block.line) for block in document.blocks]


def survives(reader: Reader, path: Path, data: bytes) -> None:
    """Any bytes can be read, or are refused with what was expected and what to do."""
    try:
        read(reader, path, data)
    except PackError as error:
        assert error.message.startswith("expected") and error.remedy and path.name in error.origin


def pdf(pages: Sequence[Sequence[Line]], *, locked: bool = False) -> bytes:
    """A PDF in Helvetica; `locked` asks for a password that nobody knows."""
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>"]
    font = 3 + 2 * len(pages)
    for number, lines in enumerate(pages):
        shown = "".join(f"BT /F1 {size} Tf 72 {y} Td ({_escaped(text)}) Tj ET\n" for size, y, text in lines)
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * number} 0 R"
                       f" /Resources << /Font << /F1 {font} 0 R >> >> >>")  # fmt: skip
        objects.append(f"<< /Length {len(shown.encode('cp1252'))} >>\nstream\n{shown}endstream")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    lock = ""
    if locked:
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >>")
        lock = f" /Encrypt {len(objects)} 0 R /ID [<{'00' * 16}> <{'00' * 16}>]"
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{lock} >>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())


def archive(files: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return stream.getvalue()


def bomb() -> bytes:
    """A ZIP of 200 kB that would be 200 MB."""
    return archive({"word/document.xml": b"0" * 200_000_000, "META-INF/container.xml": b""})


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
