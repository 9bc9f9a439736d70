from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.epub import EpubReader
from endonym.core.errors import PackError
from tests.adapters.readers.samples import anchors, archive, bomb, read, survives

READER = EpubReader()
FILES = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="b" href="text/teine%20osa.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="a" href="text/esimene.xhtml" media-type="application/xhtml+xml"/><item id="pic" href="a.png" media-type="image/png"/>'
    '</manifest><spine><itemref idref="nav"/><itemref idref="a"/><itemref idref="b"/><itemref idref="missing"/></spine></package>',
    "OEBPS/nav.xhtml": "<html><body><h1>Sisukord</h1><p>Esimene</p></body></html>",
    "OEBPS/text/esimene.xhtml": '<?xml version="1.0"?><html><head><title/><script src="x.js"/></head><body><p>Algus.</p><h1>Rakk</h1><p>Rakk on väike.</p></body></html>',
    "OEBPS/text/teine osa.xhtml": "<html><body><h1>Rakk</h1><p>Rakk jaguneb.</p><script>ignore</script></body></html>",
}  # fmt: skip


def test_chapters_are_read_in_the_order_of_the_spine(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "raamat.epub", archive(FILES))
    assert anchors(document) == [("esimene", "", 1), ("rakk", "Rakk", 1), ("rakk-2", "Rakk", 2)]
    assert [block.text for block in document.blocks] == ["Algus.", "Rakk on väike.", "Rakk jaguneb."]
    assert "ignore" not in document.text and "Sisukord" not in document.text


def test_nothing_is_unpacked(tmp_path: Path) -> None:
    read(READER, tmp_path / "a.epub", archive(FILES | {"../../outside.txt": "x"}))
    assert [path.name for path in tmp_path.iterdir()] == ["a.epub"]


LOCK = '<encryption><EncryptedData><CipherData><CipherReference URI="OEBPS/{}"/></CipherData></EncryptedData></encryption>'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(("files", "found"), [
    ({"META-INF/encryption.xml": LOCK.format("text/esimene.xhtml")}, "locked for a shop's readers"),
    ({"META-INF/container.xml": "<container/>"}, "a damaged one"),
    ({"OEBPS/book.opf": "<package/>"}, "its spine names no page"),
    ({"OEBPS/book.opf": "<package>"}, "expected well-formed XML"),
    ({"OEBPS/book.opf": ENTITIES + "<package>&b;</package>"}, "<!DOCTYPE or <!ENTITY"),
    ({"OEBPS/text/esimene.xhtml": "<p>õ".encode("cp1257")}, "the byte 0xF5 of another encoding"),
])  # fmt: skip
def test_bad_books_say_what_was_found(tmp_path: Path, files: dict[str, str | bytes], found: str) -> None:
    with pytest.raises(PackError) as caught:
        read(READER, tmp_path / "a.epub", archive(FILES | files))
    assert found in caught.value.message and caught.value.remedy and caught.value.origin.startswith("a.epub")


@pytest.mark.parametrize(("data", "found"), [(b"", "an empty file"), (b"no", "another or a damaged file"), (bomb(), "a ZIP bomb"),
                                             (archive({str(n): "" for n in range(10_001)}), "at most 10,000 files")])  # fmt: skip
def test_what_is_no_book_says_so(tmp_path: Path, data: bytes, found: str) -> None:
    with pytest.raises(PackError, match=found):
        read(READER, tmp_path / "a.epub", data)


def test_encrypted_fonts_keep_nobody_from_reading(tmp_path: Path) -> None:
    assert read(READER, tmp_path / "a.epub", archive(FILES | {"META-INF/encryption.xml": LOCK.format("fonts/a.otf")})).blocks


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([name for name in FILES if name != "mimetype"]), at=st.floats(0, 1), cut=st.integers(0, 60), noise=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path: Path, name: str, at: float, cut: int, noise: bytes) -> None:
    for whole, make in ((archive(FILES), None), (FILES[name].encode(), name)):
        start = int(at * len(whole))
        damaged = whole[:start] + noise + whole[start + cut :]
        survives(READER, tmp_path / "a.epub", archive(FILES | {make: damaged}) if make else damaged)
