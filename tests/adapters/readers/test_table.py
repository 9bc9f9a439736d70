from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.table import TableReader
from endonym.core.errors import PackError
from tests.adapters.readers.samples import anchors, read, survives

READER = TableReader()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_each_row_is_a_passage_that_speaks_for_itself(tmp_path: Path, separator: str) -> None:
    rows = [["Maakond", "Koole", "Märkus"], ["Harju", "120", '"kaks\nrida"'], ["", "", ""], ["Tartu", "45", ""], ["Tartu", "46", "uus"]]
    document = read(READER, tmp_path / "koolid.csv", "\ufeff" + "\r\n".join(separator.join(row) for row in rows))
    assert anchors(document) == [("harju", "Harju", 2), ("tartu", "Tartu", 5), ("tartu-2", "Tartu", 6)]
    assert [block.text for block in document.blocks] == [
        "Maakond: Harju\nKoole: 120\nMärkus: kaks rida", "Maakond: Tartu\nKoole: 45", "Maakond: Tartu\nKoole: 46\nMärkus: uus",
    ]  # fmt: skip


def test_a_long_table_of_one_kind_is_read_in_time(tmp_path: Path) -> None:
    blocks = read(READER, tmp_path / "a.csv", "a,b\n" + "Tartu,1\n" * 100_000).blocks
    assert (blocks[0].anchor, blocks[-1].anchor) == ("tartu", "tartu-100000")


@pytest.mark.parametrize(("data", "found", "line"), [
    (b"", "an empty file", ""), (b"a,b\n1,2\n1,2,3\n", "found 3", ":3"), (b'a,b\n1,"2\n', "a fault", ":2"),
    ("a,b\nõ,2\n".encode("cp1257"), "the byte 0xF5", ":2"), ("a,b\n1,2".encode("utf-16"), "text in UTF-16", ":1"), (b"a,b\n1,\0", "a null character", ":2"),
])  # fmt: skip
def test_bad_tables_say_what_was_found_and_where(tmp_path: Path, data: bytes, found: str, line: str) -> None:
    with pytest.raises(PackError) as caught:
        read(READER, tmp_path / "a.csv", data)
    assert found in caught.value.message and caught.value.remedy and caught.value.origin == f"a.csv{line}"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=200), st.text('a",;\t\n\r1õ|\f', max_size=60).map(str.encode)))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    survives(READER, tmp_path / "a.csv", data)
