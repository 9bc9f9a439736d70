"""Documents that were slow to read are read once for all processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from endonym.adapters.readers import remembered
from endonym.adapters.readers.pdf import PdfReader
from endonym.adapters.readers.remembered import RememberedReader
from endonym.core.errors import PackError
from endonym.seams.passage import ReadDocument
from tests.adapters.readers.samples import pdf
from tests.adapters.readers.test_pdf import PAGES


class Counting(PdfReader):
    """The real reader, and how often it was asked."""

    reads = 0

    def read(self, path: Path) -> ReadDocument:
        self.reads += 1
        return super().read(path)


def slow(reader: PdfReader, folder: Path) -> RememberedReader:
    """A reader by whose clock every document takes a second."""
    return RememberedReader(reader, folder, count().__next__)


def test_a_slow_document_is_read_once_and_again_when_it_or_its_reader_changes(tmp_path: Path) -> None:
    document, reader = tmp_path / "a.pdf", Counting()
    document.write_bytes(pdf(PAGES))
    first = slow(reader, tmp_path / "kept").read(document)
    os.utime(document, (1, 1))  # a fresh clone has other times
    assert slow(reader, tmp_path / "kept").read(document) == first == PdfReader().read(document)
    assert reader.reads == 1
    document.write_bytes(pdf(PAGES[:1]))
    assert slow(reader, tmp_path / "kept").read(document) != first
    reader.version = "next"
    slow(reader, tmp_path / "kept").read(document)
    assert reader.reads == 3


def test_what_is_quick_or_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    document = tmp_path / "a.pdf"
    document.write_bytes(pdf(PAGES))
    RememberedReader(PdfReader(), tmp_path / "kept", lambda: 0.0).read(document)
    document.write_bytes(b"%PDF-1.4 broken")
    for path in (document, tmp_path / "missing.pdf"):
        with pytest.raises(PackError, match="expected"):
            slow(PdfReader(), tmp_path / "kept").read(path)
    assert not (tmp_path / "kept").exists()


def test_a_spoilt_or_locked_folder_costs_time_and_nothing_else(tmp_path: Path) -> None:
    document, kept = tmp_path / "a.pdf", tmp_path / "kept"
    document.write_bytes(pdf(PAGES))
    first = slow(PdfReader(), kept).read(document)
    for file in kept.iterdir():
        file.write_bytes(b"\xff spoilt")
    assert slow(PdfReader(), kept).read(document) == first
    assert slow(PdfReader(), document / "no-folder").read(document) == first


def test_what_nobody_asked_for_in_months_is_dropped(tmp_path: Path) -> None:
    for name, pages in (("a.pdf", PAGES), ("b.pdf", PAGES[:1])):
        (tmp_path / name).write_bytes(pdf(pages))
    slow(PdfReader(), tmp_path / "kept").read(tmp_path / "a.pdf")
    (old,) = (tmp_path / "kept").iterdir()
    long_ago = time.time() - (remembered._DAYS + 1) * 86_400
    os.utime(old, (long_ago, long_ago))
    slow(PdfReader(), tmp_path / "kept").read(tmp_path / "b.pdf")
    assert not old.exists() and len(list((tmp_path / "kept").iterdir())) == 1


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.pdf").write_bytes(pdf([[(10.0, 800.0 - 12 * line, f"Lause {number}.{line}") for line in range(60)]] * 60))
    script = (
        "import sys; from pathlib import Path\n"
        "from endonym.adapters.readers.pdf import PdfReader; from endonym.adapters.readers.remembered import RememberedReader\n"
        "for path in sorted(Path(sys.argv[1]).glob('*.pdf')): RememberedReader(PdfReader(), Path(sys.argv[1]) / 'kept').read(path)\n"
    )
    kept = tmp_path / "kept"
    run = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    deadline = time.monotonic() + 60
    while len(list(kept.glob("*.document"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.wait()
    before = {path: path.stat().st_ino for path in kept.glob("*.document")}
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=100)
    after = {path: path.stat().st_ino for path in kept.glob("*.document")}
    assert len(before) >= 3 and before.items() <= after.items() and len(after) == 12
