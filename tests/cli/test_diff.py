"""`endonym diff` and `endonym compare` as people and scripts run them."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.browser import browser, needs_chromium
from tests.cli.test_commands import run
from tests.conftest import PACKS, TINY
from tests.pack.test_load import edit


@pytest.fixture
def edited(tiny: Path) -> Path:
    edit(tiny, "adaptations/reply_in_estonian.md", "in which the school teaches", "of the <b>school</b>")
    edit(tiny, "adaptations/reply_in_estonian.md", "allowed: [et, en]", "allowed: [et, en, ru]")
    edit(tiny, "adaptations/reply_in_estonian.md", "review_by: 2027", "review_by: 2028")
    edit(tiny, "pack.toml", 'en = "Tiny"', 'en = "Tinier"')
    return tiny


def test_diff_says_what_changed_where_and_what_it_comes_to(edited: Path) -> None:
    done = run("diff", str(TINY), str(edited))
    assert done.returncode == 0 and done.stderr == ""
    assert "behaviour 2 (1 wider, 0 narrower, 1 for people to judge), presentation 1, accountability 1" in done.stdout
    for line in (
        "tiny/adaptations/reply_in_estonian.md:17  instruction  for people to judge",
        "Reply in the language [-in which-] {+of+} the [-school teaches.-] {+<b>school</b>.+}",
        "tiny/adaptations/reply_in_estonian.md:14  verify.language  wider",
        "policy: instruction; allowed: et; allowed: en {+allowed: ru+}",
        "review_by  2027-11-20 → 2028-11-20",
    ):  # fmt: skip
        assert " ".join(line.split()) in " ".join(done.stdout.split())
    asked = "tiny still 0.1.0: a major change asks for 0.2.0 or higher, because of reply_in_estonian verify.language changed (wider)."
    assert asked in " ".join(done.stdout.split())
    places = [done.stdout.index(title) for title in ("Behaviour:", "Presentation:", "Accountability:", "Version")]
    assert places == sorted(places)


def test_diff_exits_with_1_only_when_asked_and_only_for_behaviour(edited: Path, tiny: Path) -> None:
    assert run("diff", str(TINY), str(edited), "--exit-code").returncode == 1
    for name in ("adaptations/reply_in_estonian.md", "pack.toml"):
        shutil.copyfile(TINY / name, tiny / name)
    edit(tiny, "pack.toml", 'en = "Tiny"', 'en = "Tinier"')
    assert run("diff", str(TINY), str(tiny), "--exit-code").returncode == 0
    assert "Nothing differs." in run("diff", str(TINY), str(TINY)).stdout


def test_diff_for_scripts(edited: Path) -> None:
    data = json.loads(run("diff", str(TINY), str(edited), "--format", "json").stdout)
    assert data["new"] == {"path": str(edited), "id": "tiny", "version": "0.1.0", "packs": {"tiny": "0.1.0"}}
    wider = [c for c in data["changes"] if c["direction"] == "wider"]
    assert [(c["id"], c["part"], c["level"], c["line"]) for c in wider] == [("reply_in_estonian", "verify.language", "major", 14)]
    assert data["versions"] == [{"pack": "tiny", "before": "0.1.0", "after": "0.1.0", "level": "major", "lowest": "0.2.0", "enough": False}]


def test_a_bundle_and_the_folder_it_was_built_from_do_not_differ(tiny: Path) -> None:
    bundle = tiny.parent / "above.bundle"
    assert run("build", str(tiny.parent / "above"), "-o", str(bundle)).returncode == 0
    for pair in ((bundle, tiny.parent / "above"), (tiny.parent / "above", bundle), (bundle, bundle)):
        assert "Nothing differs." in run("diff", *map(str, pair)).stdout
    edit(tiny, "locale.toml", 'number = "112"', 'number = "113"')
    edit(tiny, "ui/et.ftl", "guide-hint = Vihje", "guide-hint = Nõuanne")
    edit(tiny, "knowledge/fotosuntees.md", "glükoos ja hapnik", "suhkur ja hapnik")
    data = json.loads(run("diff", str(bundle), str(tiny.parent / "above"), "--format", "json").stdout)
    assert [(c["kind"], c["id"], c["part"]) for c in data["changes"]] == [
        ("passage", "fotosuntees#mis-see-on", "text"), ("help line", "emergency", "number"), ("interface", "et", "guide-hint")]  # fmt: skip


def test_packs_are_found_by_their_id_under_packs(tiny: Path) -> None:
    assert "Nothing differs." in run("diff", "tiny", str(TINY), cwd=tiny.parent.parent).stdout
    wrong = run("diff", "tiny", "tinny", cwd=tiny.parent.parent)
    assert wrong.returncode == 1 and "There are above, tiny." in wrong.stderr


def test_compare_in_text_json_and_csv(edited: Path, tiny: Path) -> None:
    text = run("compare", str(TINY), str(edited), COLUMNS="100").stdout
    assert re.search(r"^Language of instruction +• +different$", text, re.MULTILINE)
    assert "Reply in the school's language of instruction. (specialise, law, checked by language)" in text
    assert "– Keeleseadus, § 4(1), RT I, 18.03.2011, 1" in text
    narrow = run("compare", str(TINY), str(edited), COLUMNS="60").stdout
    assert max(map(len, narrow.splitlines()[4:])) <= 60 and "•" not in narrow
    data = json.loads(run("compare", str(TINY), str(edited), "--format", "json").stdout)
    cell = next(row for row in data["rows"] if row["id"] == "language")["cells"][1]
    assert (cell["state"], cell["proved"], cell["grounds"][0]["sources"][0]["pinpoint"]) == ("different", True, "§ 4(1)")
    rows = list(csv.DictReader(io.StringIO(run("compare", str(TINY), str(edited), "--format", "csv").stdout)))
    assert [(r["pack"], r["state"], r["sources"]) for r in rows if r["id"] == "language"] == [
        ("tiny", "first", "Keeleseadus § 4(1)"), ("tiny", "different", "Keeleseadus § 4(1)")]  # fmt: skip


def test_compare_wants_two_packs() -> None:
    done = run("compare", str(TINY))
    assert done.returncode == 2 and "at least two packs" in done.stderr


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.directions: set[tuple[str | None, str | None]] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.links += [link for link in (values.get("href"), values.get("src")) if link]
        self.ids |= {values["id"]} if values.get("id") else set()  # type: ignore[arg-type]
        self.directions.add((values.get("lang"), values.get("dir")))


def pages(edited: Path, folder: Path) -> list[Path]:
    """A page of differences and one of a comparison with a language that is written from right to left."""
    diff, compare = folder / "out" / "diff.html", folder / "out" / "compare.html"
    assert f"written {diff}" in run("diff", str(TINY), str(edited), "--html", str(diff)).stdout
    assert run("compare", str(PACKS / "jordan"), str(edited), str(PACKS / "trinidad-and-tobago"), "--language", "ar", "--html", str(compare)).returncode == 0
    return [diff, compare]


def test_pages_stand_alone_and_show_texts_as_texts(edited: Path, tmp_path: Path) -> None:
    for path in pages(edited, tmp_path):
        text = path.read_text("utf-8")
        page = _Page(text)
        assert "script" not in page.tags and "link" not in page.tags and "img" not in page.tags
        assert all(link.startswith(("https://", "http://")) or link.removeprefix("#") in page.ids for link in page.links)
        assert "<b>school</b>" not in text
    diff, compare = (_Page(path.read_text("utf-8")) for path in pages(edited, tmp_path))
    assert {"ins", "del"} <= set(diff.tags)
    assert ("ar", "rtl") in compare.directions and ("en", "ltr") in compare.directions


@needs_chromium
def test_pages_fit_narrow_and_wide_light_and_dark(edited: Path, tmp_path: Path) -> None:
    paths = pages(edited, tmp_path)
    with browser() as chromium:
        for path in paths:
            grounds = set()
            for width, scheme in ((360, "light"), (360, "dark"), (1200, "light"), (1200, "dark")):
                context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
                page = context.new_page()
                said: list[str] = []
                page.on("console", lambda message, said=said: said.append(message.text))  # type: ignore[misc]
                page.goto(path.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                grounds.add(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
                assert said == []  # the policy of the page lets its own styles pass
                context.close()
            assert len(grounds) == 2
