from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.docx import DocxReader
from endonym.core.errors import PackError
from tests.adapters.readers.samples import anchors, archive, bomb, read, survives

READER = DocxReader()


def sample() -> bytes:
    document = Document()
    document.add_heading("Keeleseadus", 0)
    document.add_paragraph("Sissejuhatus.")
    document.add_heading("§ 1. Eesmärk", 1)
    document.add_paragraph("(1) Seadus arendab eesti keelt.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Tase", "B2"
    style = document.styles.add_style("Oma pealkiri", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("§ 2. Mõiste", style="Oma pealkiri")
    paragraph = document.add_paragraph("Nähtav")
    paragraph.add_run(" peidetud").font.hidden = True
    for change, tag in (("ins", "t"), ("del", "delText"), ("moveFrom", "t")):
        paragraph._p.append(parse_xml(f'<w:{change} {nsdecls("w")} w:id="1" w:author="x"><w:r><w:{tag} xml:space="preserve"> {change}</w:{tag}></w:r></w:{change}>'))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def replaced(part: str, old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(sample())) as file:
        return archive({name: file.read(name).replace(old.encode(), new.encode()) if name == part else file.read(name) for name in file.namelist()})


def test_headings_become_anchors_with_the_number_of_their_paragraph(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "seadus.docx", sample())
    assert anchors(document) == [("keeleseadus", "Keeleseadus", 1), ("1-eesmärk", "§ 1. Eesmärk", 3), ("2-mõiste", "§ 2. Mõiste", 6)]
    assert [block.text for block in document.blocks][:2] == ["Sissejuhatus.", "(1) Seadus arendab eesti keelt.\n\nTase | B2"]


def test_deleted_moved_and_hidden_text_is_left_out_and_inserted_text_is_read(tmp_path: Path) -> None:
    assert read(READER, tmp_path / "a.docx", sample()).blocks[-1].text == "Nähtav ins"


@pytest.mark.parametrize(("data", "found"), [
    (b"", "an empty file"), (b"PK\x03\x04 no", "another or a damaged file"), (archive({"a.txt": "a"}), "a damaged one"),
    (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "locked with a password"),
    (bomb(), "a ZIP bomb"), (replaced("word/document.xml", "<w:document", "<w:documents"), "a damaged one"),
    (replaced("word/document.xml", "<w:document ", '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document '), "<!DOCTYPE or <!ENTITY in word/document.xml"),
])  # fmt: skip
def test_bad_files_say_what_was_found(tmp_path: Path, data: bytes, found: str) -> None:
    with pytest.raises(PackError) as caught:
        read(READER, tmp_path / "a.docx", data)
    assert found in caught.value.message and caught.value.remedy and caught.value.origin == "a.docx"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), cut=st.integers(0, 60), noise=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path: Path, at: float, cut: int, noise: bytes) -> None:
    whole = sample()
    start = int(at * len(whole))
    survives(READER, tmp_path / "a.docx", whole[:start] + noise + whole[start + cut :])
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        files = {name: file.read(name) for name in file.namelist()}
    body = files["word/document.xml"]
    start = int(at * len(body))
    survives(READER, tmp_path / "a.docx", archive(files | {"word/document.xml": body[:start] + noise + body[start + cut :]}))
