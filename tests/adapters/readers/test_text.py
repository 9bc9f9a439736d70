from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.text import TextReader
from endonym.core.errors import PackError
from tests.adapters.readers.samples import anchors, read, survives

READER = TextReader()


def test_underlined_lines_are_headings(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "a.txt", "Alguses.\r\n\r\nRakk\r\n====\r\nRakk on\r\nväike.\r\n\r\nTeine lõik.\r\n\r\nKude\r\n----\r\nPalju rakke.\r\n")
    assert anchors(document) == [("text", "", 1), ("rakk", "Rakk", 3), ("kude", "Kude", 10)]
    assert [block.text for block in document.blocks] == ["Alguses.", "Rakk on\nväike.\n\nTeine lõik.", "Palju rakke."]


def test_form_feeds_are_pages(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "a.txt", "Rakk\n====\nÜks.\n\fKaks.\n")
    assert anchors(document) == [("p1-rakk", "Rakk", 1), ("p2", "Rakk", 4)]


@pytest.mark.parametrize(("data", "found"), [(b"", "an empty file"), (b"a\xff", "the byte 0xFF"), (b"a\0b", "a null character"),
                                             ("õ".encode("utf-16-le"), "0xF5"), ("õ".encode("utf-16"), "text in UTF-16")])  # fmt: skip
def test_bad_texts_say_what_was_found(tmp_path: Path, data: bytes, found: str) -> None:
    with pytest.raises(PackError) as caught:
        read(READER, tmp_path / "a.txt", data)
    assert found in caught.value.message and caught.value.remedy


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=200), st.text("a=-\n\f õ\x0b\u2028", max_size=60).map(str.encode)))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    survives(READER, tmp_path / "a.txt", data)
