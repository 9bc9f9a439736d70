"""Pictures without what their files say beside them: where and when they were taken, by whom, on what, and further pictures.

Nothing is decoded: what a picture is drawn from is copied, and everything else left out, also after its end. The note which way up
a camera was held goes with the rest, and so do colour profiles.

Source: PNG, third edition, section 5; ITU-T T.81 (JPEG), annex B; RFC 9649 (WebP), section 2.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator

from endonym.seams.turn import Image

MOST_PIXELS = 25_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"))
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_SEGMENTS = _JPEG_FRAMES | {0xC4, 0xCC, 0xDB, 0xDC, 0xDD}
_SOS, _EOI, _ADOBE, _ADOBE_LENGTH = 0xDA, 0xD9, 0xEE, 14
_ALPHA, _ANIMATED = 0x10, 0x02


def bare(data: bytes) -> tuple[str, bytes]:
    """(media type, the picture alone).

    Raises:
        ValueError: It is no PNG, JPEG or still WebP, is broken, or has more than `MOST_PIXELS`.
    """
    try:
        if data.startswith(_PNG):
            return "image/png", _joined(_PNG, _png(data))
        if data.startswith(b"\xff\xd8"):
            return "image/jpeg", _joined(data[:2], _jpeg(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            body = _joined(b"WEBP", _webp(data))
            return "image/webp", b"RIFF" + len(body).to_bytes(4, "little") + body
    except IndexError:
        raise ValueError("expected a whole picture, found a part of one") from None
    raise ValueError("expected a picture as PNG, JPEG or WebP, found something else")


def picture(data: bytes) -> Image:
    """A picture as a message holds it, without what its file says beside it. Raises: ValueError: As `bare`."""
    kind, alone = bare(data)
    return Image(kind, f"sha256:{hashlib.sha256(alone).hexdigest()}", b64encode(alone).decode())


def _joined(head: bytes, parts: Iterator[tuple[bytes, tuple[int, int]]]) -> bytes:
    """Raises: ValueError: No part says how large the picture is, or one says too much."""
    found, sizes = [head], []
    for part, (width, height) in parts:
        found.append(part)
        sizes += [width * height] if width or height else []
    if not sizes or not all(0 < size <= MOST_PIXELS for size in sizes):
        raise ValueError(f"expected a picture of at most {MOST_PIXELS:,} pixels, found {max(sizes, default=0):,}")
    return b"".join(found)


def _png(data: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(_some(data, at, 4))
        if kind in _PNG_CHUNKS:
            chunk = _some(data, at, end - at)
            yield chunk, (int.from_bytes(chunk[8:12]), int.from_bytes(chunk[12:16])) if kind == b"IHDR" else (0, 0)
        at = end


def _jpeg(data: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        marker, start = data[at + 1], at
        if data[at] != 0xFF:
            raise ValueError("expected a marker between the parts of a JPEG, found something else")
        if marker == _EOI:
            yield data[at : at + 2], (0, 0)
            return
        at += 2 + max(2, int.from_bytes(_some(data, at + 2, 2)))
        segment = _some(data, start, at - start)
        if marker == _SOS:
            end = _SCAN_END.search(data, at)
            if end is None:
                raise IndexError
            yield segment + data[at : end.start()], (0, 0)
            at = end.start()
        elif marker in _JPEG_SEGMENTS:
            yield segment, (int.from_bytes(segment[7:9]), int.from_bytes(segment[5:7])) if marker in _JPEG_FRAMES else (0, 0)
        elif marker == _ADOBE and segment[4:9] == b"Adobe" and len(segment) >= _ADOBE_LENGTH + 2:  # how colours are written
            yield segment[:2] + _ADOBE_LENGTH.to_bytes(2) + segment[4 : _ADOBE_LENGTH + 2], (0, 0)


def _webp(data: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    while at < end:
        kind, length = data[at : at + 4], int.from_bytes(_some(data, at + 4, 4), "little")
        body = _some(data, at + 8, length)
        at += 8 + length + length % 2
        size = (0, 0)
        if kind == b"VP8X":
            if body[0] & _ANIMATED:
                raise ValueError("expected a still picture, found an animation")
            size = (1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
            body = bytes([body[0] & _ALPHA]) + body[1:10]
        elif kind == b"VP8L":
            bits = int.from_bytes(_some(body, 1, 4), "little")
            size = (1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        elif kind == b"VP8 ":
            size = (int.from_bytes(_some(body, 6, 2), "little") & 0x3FFF, int.from_bytes(_some(body, 8, 2), "little") & 0x3FFF)
        elif kind != b"ALPH":
            continue
        yield kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2), size


def _some(data: bytes, start: int, length: int) -> bytes:
    """Raises: IndexError: There is not so much."""
    if start + length > len(data):
        raise IndexError
    return data[start : start + length]
