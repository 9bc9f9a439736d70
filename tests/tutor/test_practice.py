"""Practice with and without memory, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from endonym.core import clock
from endonym.wiring.compose import Composition
from tests.browser import needs_chromium
from tests.conftest import TINY
from tests.served import running, serving
from tests.tutor.conftest import Compiled

ESTONIAN = {"accept-language": "et"}
LAW = """---
id: repetition_by_law
adapts: u18_no_profiling
effect: specialise
basis: law
cites: [ee-language-act-4]
summary:
  et: Harjutamine mäletab, millal küsimus jälle tuleb.
  en: Practice remembers when a question comes again.
decided_by: Endonym project
decided_on: 2026-11-20
review_by: 2027-11-20
judged_by: people
---
# Repetition by law {#repetition_by_law}

Practice may remember when an item is due again. Draw nothing else from it.

## Why

A provision for tests.

**Example**: a student asks what is remembered

~~~xml
<user>
Mida sa minust mäletad?
</user>
<comparison>
<assistant> <!-- GOOD -->
Ainult seda, millal küsimus jälle tuleb.
</assistant>
<assistant> <!-- BAD: draws a picture of the student -->
Et sa oled bioloogias nõrk.
</assistant>
</comparison>
~~~
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Composition]]:
    with running([TINY], Path(tmp_path_factory.mktemp("state"))) as running_server:
        yield running_server


def remembering(pack: Path) -> Path:
    """The pack with memory turned on, by law."""
    manifest = pack / "pack.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("[title]", 'capabilities = ["spaced_repetition"]\n\n[title]', 1), "utf-8")
    (pack / "adaptations" / "repetition_by_law.md").write_text(LAW, "utf-8")
    return pack


def answered(session: httpx2.Client, page: httpx2.Response, answer: dict[str, str]) -> httpx2.Response:
    """The page after an answer; what only the student can judge was recalled."""
    feedback = session.post(str(page.url), data=answer)
    if 'name="rated"' in feedback.text:
        return session.post(str(page.url), data={"rated": "good"})
    onward = re.search(r'<a class="button primary" href="([^"]+)"', feedback.text)
    assert feedback.status_code == 200 and onward
    return session.get(onward[1])


def test_without_memory_a_round_goes_to_its_end_and_nothing_is_kept(served: tuple[str, Composition]) -> None:
    address, composition = served
    session = httpx2.Client(base_url=address, follow_redirects=True, headers=ESTONIAN)
    assert "ei jäeta midagi meelde" in session.get("/practice/tiny").text
    page = session.post("/practice/tiny")
    for number in (1, 2, 3):
        assert f"Küsimus {number}/3" in page.text
        page = answered(session, page, {"answer": "valgust ei ole, värvaine"})
    assert "Veel kord, ilma abita" in page.text and "help=1" not in page.text
    page = answered(session, page, {"answer": "valgust ei ole, värvaine"})
    assert "See ring on läbi" in page.text and "endonym_session" not in session.cookies
    with composition.store._database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM practice").scalar() == 0


def test_with_memory_by_law_what_was_answered_is_due_days_later_exported_and_forgotten(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running([remembering(tiny)], tmp_path / "state") as (address, composition):
        session = httpx2.Client(base_url=address, follow_redirects=True, headers=ESTONIAN)
        page = session.post("/practice/tiny")
        first = page.url
        for _ in range(4):
            page = answered(session, page, {"unknown": "1"})
        session.post(str(first), data={"unknown": "1"})
        kept = session.get("/mine/export.json").json()["practice"]
        assert len(kept) == 3 and {one["bundle"] for one in kept} == {"tiny"}
        person = session.get("/mine/export.json").json()["person"]
        assert "Praegu ei ole midagi järjekorras" in page.text and "meenutada võid nii mitut" not in session.get("/practice/tiny").text
        later = clock.now() + timedelta(days=3)
        monkeypatch.setattr("endonym.tutor.practice.now", lambda: later)
        assert "Taas meenutada võid nii mitut: 3." in session.get("/practice/tiny").text
        assert "Taas meenutada" not in httpx2.get(f"{address}/practice/tiny", headers=ESTONIAN).text
        assert "tulevad: 3." in session.get("/mine").text
        assert "tulevad" not in session.post("/mine/forget").text
        assert composition.store.practice.export(person) == []


def test_without_its_law_memory_does_not_compile(tiny: Path, tmp_path: Path) -> None:
    pack = remembering(tiny)
    law = pack / "adaptations" / "repetition_by_law.md"
    law.write_text(law.read_text("utf-8").replace("basis: law", "basis: pedagogy"), "utf-8")
    with pytest.raises(Exception, match="MI002"), serving([pack], tmp_path / "state"):
        pass


def test_help_is_given_on_request_and_an_empty_answer_is_told(served: tuple[str, Composition]) -> None:
    session = httpx2.Client(base_url=served[0], follow_redirects=True, headers=ESTONIAN)
    page = session.post("/practice/tiny")
    assert 'class="disclosure' not in page.text and 'class="disclosure' in session.get(f"{page.url}?help=1").text
    empty = session.post(str(page.url), data={"answer": "  "})
    assert empty.status_code == 422 and "Kirjuta kõigepealt midagi." in empty.text


@pytest.mark.parametrize("path", ["/practice/none", "/practice/tiny/x/1", "/practice/tiny/00000000-00000000/1", "/practice/tiny/00000000/1"])
def test_rounds_that_are_none_are_said_kindly(served: tuple[str, Composition], path: str) -> None:
    assert httpx2.get(served[0] + path).status_code == 404


def test_every_pack_can_be_practised_and_shows_its_sources(tmp_path: Path, compiled: Compiled) -> None:
    names = ("estonia-upper-secondary", "jordan", "kazakhstan", "singapore", "trinidad-and-tobago")
    with serving([compiled(name) for name in names], tmp_path) as address:
        for name in names:
            session = httpx2.Client(base_url=address, follow_redirects=True)
            page = session.post(f"/practice/{name}")
            for _ in range(5):
                feedback = session.post(str(page.url), data={"unknown": "1"})
                onward = re.search(r'<a class="button primary" href="([^"]+)"', feedback.text)
                assert feedback.status_code == 200 and onward, name
                source = re.search(r'href="(/passages/[^"]+)"', feedback.text)
                assert source is None or session.get(source[1]).status_code == 200
                page = session.get(onward[1])


@needs_chromium
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1100, "dark")])
def test_a_student_practises_a_round(chromium: Browser, served: tuple[str, Composition], script: bool, width: int, scheme: str) -> None:
    context = chromium.new_context(locale="et-EE", java_script_enabled=script, viewport={"width": width, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
    page: Page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(f"{served[0]}/t/tiny")
    page.get_by_role("link", name="Harjuta").click()
    page.get_by_role("button", name="Alusta: viis küsimust").click()
    for _ in range(4):
        page.fill("#message", "roheline värvaine, valgust ei ole")
        page.get_by_role("button", name="Võrdle").click()
        expect(page.get_by_role("heading", name="Hea vastus")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        own = page.get_by_role("button", name="Teadsin")
        (own if own.count() else page.get_by_role("link", name="Edasi")).click()
    expect(page.locator("h1")).to_have_text("See ring on läbi.")
    assert complaints == []
