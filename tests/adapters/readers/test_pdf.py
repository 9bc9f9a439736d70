from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.pdf import PdfReader
from endonym.core.errors import PackError
from tests.adapters.readers.samples import Line, anchors, pdf, read, survives

READER = PdfReader()

PAGES: list[list[Line]] = [
    [(8, 800, "Bioloogia 2026"), (18, 760, "Fotosüntees"), (11, 730, "Taimed muudavad valguse"), (11, 716, "energiaks."),
     (11, 690, "Teine lõik seisab eraldi."), (8, 40, "1")],
    [(8, 800, "Bioloogia 2026"), (11, 730, "Jutt jätkub teisel lehel."), (14, 700, "Valgus- ja"), (14, 683, "pimedusstaadium"),
     (11, 660, "Esimene toimub kloroplastis."), (8, 40, "2")],
    [(8, 800, "Bioloogia 2026"), (11, 730, "Lõpp."), (8, 40, "3")],
]  # fmt: skip


def test_pages_and_headings_become_anchors_and_the_page_is_always_known(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "raamat.pdf", pdf(PAGES))
    assert anchors(document) == [
        ("p1-fotosüntees", "Fotosüntees", 1), ("p2", "Fotosüntees", 2),
        ("p2-valgus-ja-pimedusstaadium", "Valgus- ja pimedusstaadium", 2), ("p3", "Valgus- ja pimedusstaadium", 3),
    ]  # fmt: skip
    assert [block.text for block in document.blocks] == [
        "Taimed muudavad valguse energiaks.\n\nTeine lõik seisab eraldi.", "Jutt jätkub teisel lehel.", "Esimene toimub kloroplastis.", "Lõpp.",
    ]  # fmt: skip


def test_what_every_page_repeats_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    text = read(READER, tmp_path / "a.pdf", pdf(PAGES)).text
    assert "Bioloogia 2026" not in text and not any(line in "123" for line in text.split("\n\n"))


def test_a_pdf_of_one_size_has_a_block_for_each_page(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "a.pdf", pdf([[(11, 700, "Üks.")], [(11, 700, "Kaks.")]]))
    assert anchors(document) == [("p1", "", 1), ("p2", "", 2)]


def test_words_divided_at_the_end_of_a_line_are_whole_again(tmp_path: Path) -> None:
    lines: list[Line] = [(11, 700, "Rohelised taimeraku-"), (11, 686, "organellid on"), (11, 672, "kloroplastid.")]
    assert read(READER, tmp_path / "a.pdf", pdf([lines])).text == "Rohelised taimerakuorganellid on kloroplastid."


def test_five_hundred_pages_are_read_page_by_page(tmp_path: Path) -> None:
    pages: list[list[Line]] = [[(11, 700 - 14 * n, f"Leht {page}, rida {n}.") for n in range(3)] for page in range(1, 501)]
    document = read(READER, tmp_path / "a.pdf", pdf(pages))
    assert [block.anchor for block in document.blocks] == [f"p{page}" for page in range(1, 501)]


@pytest.mark.parametrize(("data", "found"), [
    (b"", "another or a damaged file"), (b"%PDF-1.4\nnothing", "another or a damaged file"), (b"<html>", "another or a damaged file"),
    (pdf(PAGES)[:400], "another or a damaged file"), (pdf(PAGES, locked=True), "locked with a password"), (pdf([[], []]), "2 page(s) that are pictures"),
])  # fmt: skip
def test_bad_pdfs_say_what_was_found(tmp_path: Path, data: bytes, found: str) -> None:
    with pytest.raises(PackError) as caught:
        read(READER, tmp_path / "a.pdf", data)
    assert found in caught.value.message and caught.value.remedy and caught.value.origin == "a.pdf"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), cut=st.integers(0, 60), noise=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path: Path, at: float, cut: int, noise: bytes) -> None:
    whole = pdf(PAGES)
    start = int(at * len(whole))
    survives(READER, tmp_path / "a.pdf", whole[:start] + noise + whole[start + cut :])
    survives(READER, tmp_path / "a.pdf", noise)
