from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from endonym.bundle import Bundle, read_bytes
from endonym.bundle.file import to_bytes
from endonym.core.errors import BundleError
from endonym.publish import write_site
from endonym.records import EvaluationRecord, Tally
from endonym.wiring.packs import compile_pack


@pytest.fixture
def bundle(tiny: Path) -> Bundle:
    contents, _ = compile_pack(tiny, date(2026, 11, 24))
    return read_bytes(to_bytes(contents)[0], "tiny")


def record(digest: str) -> EvaluationRecord:
    tally = Tally(scorer="language", passed=9, total=10, low=0.596, high=0.982)
    return EvaluationRecord(bundle="tiny", digest=digest, version="0.1.0", engines=("guide",), started="2026-11-24T10:00:00.000Z",
                            seconds=1.0, samples=10, scores=(), tallies=(tally, tally.model_copy(update={"scorer": "all"})))  # fmt: skip


def test_a_change_is_shown_with_everything_that_accounts_for_it(bundle: Bundle, tmp_path: Path) -> None:
    write_site(bundle, tmp_path / "site")
    page = (tmp_path / "site/en/changes/omit_child.html").read_text("utf-8")
    section = bundle.sections["answer_on_public_matters"]
    for part in ("The identity of a child in court proceedings is not told.", "left out", "§ 1", "Endonym project", "2026-11-20",
                 "2027-11-20", "The identity of a child in court proceedings is left out here", "disclosure",
                 "I cannot say who the child is. The law protects it.", section.title):  # fmt: skip
        assert part in page, part


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.found += [v for k in ("href", "src") if (v := values.get(k)) and not v.startswith(("http", "#", "data:"))]
        if values.get("id"):
            self.ids.add(str(values["id"]))


def test_every_link_leads_somewhere(bundle: Bundle, tmp_path: Path) -> None:
    site = tmp_path / "site"
    pages = [path for path in write_site(bundle, site, [record(bundle.digest)]) if path.suffix == ".html"]
    parsed = {}
    for page in pages:
        parsed[page.resolve()] = _Links()
        parsed[page.resolve()].feed(page.read_text("utf-8"))
    for page, links in parsed.items():
        for link in links.found:
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve()
            assert target.is_file(), (page, link)
            assert not anchor or anchor in parsed[target].ids, (page, link)


def test_the_same_bundle_gives_the_same_bytes(bundle: Bundle, tmp_path: Path) -> None:
    first = {p.relative_to(tmp_path / "a"): p.read_bytes() for p in write_site(bundle, tmp_path / "a")}
    again = {p.relative_to(tmp_path / "b"): p.read_bytes() for p in write_site(bundle, tmp_path / "b")}
    assert first == again


def test_only_a_record_of_this_very_bundle_is_shown(bundle: Bundle, tmp_path: Path) -> None:
    write_site(bundle, tmp_path / "own", [record(bundle.digest)])
    write_site(bundle, tmp_path / "other", [record("sha256:other")])
    assert "9 / 10" in (tmp_path / "own/en/evaluation.html").read_text("utf-8")
    assert "No evaluation of this version" in (tmp_path / "other/en/evaluation.html").read_text("utf-8")


def test_pages_hold_no_script_and_load_nothing_from_elsewhere(bundle: Bundle, tmp_path: Path) -> None:
    for path in write_site(bundle, tmp_path / "site"):
        if path.suffix == ".html":
            text = path.read_text("utf-8")
            assert "<script" not in text
            assert not re.search(r'(?:src|rel="stylesheet" href)="https?:', text)


def test_a_folder_with_other_files_is_left_alone(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/diary.txt").write_text("dear diary")
    with pytest.raises(BundleError, match="found other files"):
        write_site(bundle, tmp_path / "mine")
    assert (tmp_path / "mine/diary.txt").read_text() == "dear diary"
