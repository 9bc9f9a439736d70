"""What a picture's file says beside the picture goes; the picture stays, as a browser sees it."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.privacy.images import bare
from tests.browser import browser, needs_chromium

SECRET = b"59.4370N 24.7536E Mari Tamm"
_DRAW = """kind => { const c = document.createElement('canvas'); c.width = 40; c.height = 30; const x = c.getContext('2d');
x.fillStyle = '#c33'; x.fillRect(0, 0, 25, 30); x.fillStyle = '#3a7'; x.fillRect(10, 5, 30, 20); return c.toDataURL(kind, 0.8); }"""
_PIXELS = """async url => { const i = new Image(); i.src = url; await i.decode(); const c = document.createElement('canvas');
c.width = i.width; c.height = i.height; const x = c.getContext('2d'); x.drawImage(i, 0, 0);
return [i.width, i.height, ...x.getImageData(0, 0, i.width, i.height).data].join() }"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with browser() as opened:
        yield opened.new_page()


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(b"\0" * (1 + 2 * 3) * 2)) + chunk(b"IEND", b"")


def with_notes(kind: str, data: bytes) -> bytes:
    """The picture with a note inside and one after its end."""
    exif = b"Exif\0\0" + SECRET
    if kind == "image/png":
        return data[:33] + chunk(b"tEXt", b"Comment\0" + SECRET) + chunk(b"eXIf", SECRET) + data[33:] + SECRET
    if kind == "image/jpeg":
        segments = b"".join(marker + (len(exif) + 2).to_bytes(2) + exif for marker in (b"\xff\xe1", b"\xff\xed", b"\xff\xfe"))
        return data[:2] + segments + data[2:] + SECRET
    size = struct.pack("<I", 39)[:3] + struct.pack("<I", 29)[:3]
    alpha, rest = (data[20] & 0x10, data[30:]) if data[12:16] == b"VP8X" else (0, data[12:])
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes([0x0C | alpha, 0, 0, 0]) + size + rest + b"EXIF" + struct.pack("<I", len(SECRET)) + SECRET
    return b"RIFF" + struct.pack("<I", len(body) + len(SECRET) % 2) + body + b"\0" * (len(SECRET) % 2) + SECRET


@needs_chromium
@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
def test_the_picture_stays_and_the_notes_go(page: Any, kind: str) -> None:
    drawn = base64.b64decode(page.evaluate(_DRAW, kind).partition(",")[2])
    noted = with_notes(kind, drawn)
    found, picture = bare(noted)
    assert found == kind and SECRET in noted and SECRET not in picture and b"Exif" not in picture
    urls = [f"data:{kind};base64,{base64.b64encode(one).decode()}" for one in (drawn, picture)]
    assert page.evaluate(_PIXELS, urls[0]) == page.evaluate(_PIXELS, urls[1])
    assert bare(picture) == (kind, picture)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"GIF89a" + b"\0" * 20, "expected a picture as PNG"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "expected a picture as PNG"),
        (png()[:-4], "a part of one"), (png()[:40], "a part of one"), (png(60_000, 60_000), "pixels, found 3,600,000,000"), (png(0, 5), "pixels"),
        (b"\xff\xd8\xff\xe1\x00\x05ab", "a part of one"), (b"\xff\xd8ab\xff\xd9", "a marker"), (b"\xff\xd8\xff\xd9", "pixels, found 0"),
        (b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x01\0\0\x01\0\0", "an animation"),
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        bare(data)


def test_a_picture_of_nothing_but_fill_bytes_is_read_in_one_go() -> None:
    """Read over and over it would take minutes, while nobody else is served."""
    scan = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    data = scan + b"\xff" * 300_000 + b"\x00" + b"\xff\xd9"
    assert bare(data) == ("image/jpeg", data)


@settings(max_examples=500, deadline=None)
@given(start=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\xff\0\0\0WEBPVP8 ", png()[:33]]), rest=st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_a_refusal(start: bytes, rest: bytes) -> None:
    try:
        kind, picture = bare(start + rest)
    except ValueError:
        return
    assert bare(picture) == (kind, picture)
