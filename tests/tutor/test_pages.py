"""Journeys of a student in a real browser, with and without JavaScript, and what plain HTTP must refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from endonym.store.split import split
from endonym.wiring.compose import Composition
from endonym.wiring.state import open_signer
from tests.adapters.engines.scripted import scripted
from tests.browser import needs_chromium
from tests.cli.test_state import endonym
from tests.conftest import TINY
from tests.served import EngineSettings, running, serving


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving([TINY], Path(tmp_path_factory.mktemp("state"))) as address:
        yield address


def opened(chromium: Browser, **options: object) -> tuple[Page, list[str]]:
    """A page in a context of its own, and what its console complained about; that a platform or a provider has no icon is not our concern."""
    page = chromium.new_context(**{"locale": "et-EE", **options}).new_page()  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") and not said.location["url"].endswith("/favicon.ico") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def asked(page: Page, address: str, question: str = "Mis on fotosüntees?") -> None:
    page.goto(f"{address}/t/tiny")
    page.fill("#message", question)
    page.click("button.primary")


@needs_chromium
@pytest.mark.parametrize("script", [True, False])
def test_a_student_goes_up_the_ladder(chromium: Browser, address: str, script: bool) -> None:
    page, complaints = opened(chromium, java_script_enabled=script)
    asked(page, address)
    expect(page.locator(".reply").last).to_contain_text("Mida taim vajab, et endale toitu teha?")
    page.get_by_role("button", name="Anna vihje").click()
    expect(page.locator(".reply").last).to_contain_text("Vihje 1/3.")
    for attempt in ("taim vajab valgust", "vett ka ja mulda"):
        page.fill("#message", attempt)
        page.click("#send")
        expect(page.locator(".said.you").last).to_contain_text(attempt)
        expect(page.locator(".why a").last).to_be_visible()
    expect(page.locator(".reply").last).to_contain_text("Oled ise proovinud")
    assert complaints == []


@needs_chromium
def test_enter_sends_and_the_box_is_empty_and_focused_afterwards(chromium: Browser, address: str) -> None:
    page, _ = opened(chromium)
    asked(page, address)
    page.fill("#message", "anna vihje")
    page.locator("#message").press("Enter")
    expect(page.locator(".reply").last).to_contain_text("Vihje 1/3.")
    expect(page.locator("#message")).to_have_value("")
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator("#status")).to_have_text("Vastus on valmis.")
    expect(page.locator("#stop")).to_be_hidden()


@needs_chromium
def test_a_citation_opens_the_source_at_the_passage_with_the_quotation_marked(chromium: Browser, address: str) -> None:
    page, _ = opened(chromium)
    asked(page, address, "Millal sõlmiti Tartu rahu?")
    page.locator(".cites a").first.click()
    expect(page.locator(".passage.cited")).to_contain_text("Tartu rahu sõlmiti 2. veebruaril 1920")
    expect(page.locator("mark")).to_contain_text("2. veebruaril 1920")


@needs_chromium
def test_why_this_reply_shows_rules_sources_checks_and_stages(chromium: Browser, address: str) -> None:
    page, _ = opened(chromium)
    asked(page, address, "Minu isikukood on 38001085718, mis on fotosüntees?")
    page.locator(".why a").last.click()
    text = page.locator("main").inner_text()
    for part in ("Vasta kooli õppekeeles.", "Keeleseadus", "§ 4(1)", "juhendaja (keelemudelita)", "⟦identifier-1⟧", "recognise"):
        assert part in text, part
    assert "38001085718" not in page.locator("main table").last.inner_text()


@needs_chromium
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (360, "dark"), (1100, "light")])
def test_no_page_scrolls_sideways(chromium: Browser, address: str, width: int, scheme: str) -> None:
    page, _ = opened(chromium, viewport={"width": width, "height": 700}, color_scheme=scheme)
    asked(page, address)
    for link in (None, ".why a", ".foot a[href^='/rules']"):
        if link:
            page.locator(link).last.click()
        page.wait_for_load_state()  # between two pages there is no document
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@needs_chromium
def test_script_in_a_message_is_shown_as_text(chromium: Browser, address: str) -> None:
    page, complaints = opened(chromium)
    asked(page, address, "<img src=x onerror=alert(1)><script>alert(2)</script> fotosüntees")
    expect(page.locator(".said.you p")).to_contain_text("<script>alert(2)</script>")
    assert page.locator(".said.you img").count() == 0
    assert complaints == []


def test_a_conversation_can_be_deleted(address: str) -> None:
    session = httpx2.Client(follow_redirects=True)
    page = session.post(f"{address}/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
    assert session.get(page.url).status_code == 200
    assert "Vestlus on kustutatud" in session.post(f"{page.url}/delete", headers={"accept-language": "et"}).text
    assert session.get(page.url).status_code == 404


def test_language_of_the_page_and_of_learning_are_chosen_apart(address: str) -> None:
    session = httpx2.Client(follow_redirects=True)
    start = session.get(f"{address}/t/tiny?page=en&learn=et")
    assert '<html lang="en" dir="ltr">' in start.text
    reply = session.post(f"{address}/t/tiny/ask", data={"message": "photosynthesis"})
    assert re.search(r'<article class="said tutor"[^>]*lang="et"', reply.text)
    assert "Why this reply?" in reply.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"origin": "https://evil.example"}, 403), ({"sec-fetch-site": "cross-site"}, 403), ({"sec-fetch-site": "same-origin"}, 200)],
)
def test_forms_are_taken_from_our_own_pages_only(address: str, headers: dict[str, str], status: int) -> None:
    assert httpx2.Client(follow_redirects=True).post(f"{address}/t/tiny/ask", data={"message": "tere"}, headers=headers).status_code == status


def test_every_answer_carries_a_strict_policy(address: str) -> None:
    for path in ("/t/tiny", "/nothing", "/static/endonym.css", "/rules/tiny"):
        policy = httpx2.Client(follow_redirects=True).get(address + path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/c/c_0", "/why/turn_0", "/t/nope", "/passages/tiny/fotosuntees/none", "/passages/tiny/none/x",
                                  "/static/..%2f..%2fpyproject.toml", "/static/none.css"])  # fmt: skip
def test_what_does_not_exist_is_said_kindly(address: str, path: str) -> None:
    reply = httpx2.Client(follow_redirects=True).get(address + path, headers={"accept-language": "et"})
    assert reply.status_code == 404
    assert "Sellel aadressil ei ole midagi." in reply.text


@pytest.mark.parametrize("message", ["", "   ", "x" * 8001])
def test_an_empty_or_endless_message_is_told_and_not_lost(address: str, message: str) -> None:
    reply = httpx2.Client(follow_redirects=True).post(f"{address}/t/tiny/ask", data={"message": message})
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert message.strip()[:8000] in reply.text


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Composition]]:
    with running([TINY], Path(tmp_path_factory.mktemp("kept"))) as running_server:
        yield running_server


def why_of(session: httpx2.Client, address: str) -> str:
    """The address of the page on the last reply to a new question."""
    page = session.post(f"{address}/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
    return address + re.findall(r'href="(/why/[^"]+)"', page.text)[-1]


def test_a_student_gets_the_proof_of_their_reply_and_anybody_can_check_it(kept: tuple[str, Composition], tmp_path: Path) -> None:
    address, composition = kept
    session = httpx2.Client(follow_redirects=True, headers={"accept-language": "et"})
    why = why_of(session, address)
    before = session.get(why).text
    assert "Tõendit veel ei ole" in before and "proof.json" not in before
    early = session.get(f"{why}/proof.json")
    assert (early.status_code, early.headers["retry-after"]) == (503, "60") and "Tõendit veel ei ole" in early.text
    signer = open_signer(composition.settings)
    composition.store.add_checkpoint(signer)
    after = session.get(why).text
    assert "Tõend näitab, et anti just see vastus" in after and "Tõendit veel ei ole" not in after
    for name, kind in (("proof.json", "application/json"), ("reply.txt", "text/plain; charset=utf-8")):
        assert f'href="{why.removeprefix(address)}/{name}" download' in after
        got = session.get(f"{why}/{name}")
        assert (got.status_code, got.headers["content-type"], got.headers["cache-control"]) == (200, kind, "no-store")
        assert got.headers["content-disposition"] == f'attachment; filename="{name}"'
        (tmp_path / name).write_bytes(got.content)
    check = ("ledger", "check", "proof.json", "--key", str(signer.verifier), "--reply", "reply.txt")
    code, said = endonym(tmp_path, *check)
    assert code == 0 and "tiny/student gave this reply on" in said
    with (tmp_path / "reply.txt").open("a") as file:
        file.write("!")
    assert endonym(tmp_path, *check)[0] == 1


@pytest.mark.parametrize("name", ["proof.json", "reply.txt"])
def test_of_a_reply_that_is_not_there_nothing_can_be_downloaded(address: str, name: str) -> None:
    reply = httpx2.get(f"{address}/why/turn_0/{name}", headers={"accept-language": "et"})
    assert reply.status_code == 404 and "Sellel aadressil ei ole midagi." in reply.text


def test_once_two_of_three_can_read_a_conversation_its_page_says_so(tmp_path: Path) -> None:
    said = "kolmest selleks määratud inimesest kaks"
    with running([TINY], tmp_path) as (address, composition):
        session = httpx2.Client(follow_redirects=True, headers={"accept-language": "et"})
        page = session.post(f"{address}/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
        assert said not in page.text
        composition.store.break_glass.set_up(split()[0])
        assert said in session.get(page.url).text


@needs_chromium
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1100, "dark")])
def test_the_proof_is_reached_by_its_link_and_fits_the_page(chromium: Browser, kept: tuple[str, Composition], width: int, scheme: str) -> None:
    address, composition = kept
    page, complaints = opened(chromium, viewport={"width": width, "height": 700}, color_scheme=scheme)
    asked(page, address)
    page.locator(".why a").last.click()
    expect(page.locator("main")).to_contain_text("Tõendit veel ei ole")
    composition.store.add_checkpoint(open_signer(composition.settings))
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Laadi tõend alla").click()
    assert download.value.suggested_filename == "proof.json" and '"format": 1' in download.value.path().read_text("utf-8")
    assert page.evaluate("document.documentElement.scrollWidth") <= width and complaints == []


def test_a_conversation_is_shown_to_the_browser_that_held_it_and_to_no_other(address: str) -> None:
    mine, other = httpx2.Client(base_url=address), httpx2.Client(base_url=address)
    begun = mine.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
    assert begun.status_code == 303 and "endonym_session=" in begun.headers["set-cookie"] and "HttpOnly" in begun.headers["set-cookie"]
    page = mine.get(begun.headers["location"])
    why = re.search(r"/why/turn_[0-9a-f]+", page.text)
    assert page.status_code == 200 and why
    paths = [begun.headers["location"], why[0], f"{why[0]}/proof.json", f"{why[0]}/reply.txt"]
    for path in paths:
        assert other.get(path).status_code == 404, path
        assert httpx2.get(address + path, headers={"cookie": "endonym_session=x"}).status_code == 404, path
    assert other.post(f"{begun.headers['location']}/say", data={"message": "tere"}).status_code == 404
    assert other.post(f"{begun.headers['location']}/delete").status_code == 404
    assert mine.get(why[0]).status_code == 200


def test_a_second_conversation_is_the_same_person_s_and_a_token_from_elsewhere_is_not_taken_over(address: str) -> None:
    mine = httpx2.Client(base_url=address, cookies={"endonym_session": "chosen-by-somebody-else"})
    begun = mine.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
    assert "chosen-by-somebody-else" not in begun.headers["set-cookie"]
    again = mine.post("/t/tiny/ask", data={"message": "Mis on klorofüll?"})
    assert "set-cookie" not in again.headers
    assert {mine.get(one.headers["location"]).status_code for one in (begun, again)} == {200}


def test_one_begins_from_an_outcome_of_the_curriculum_with_its_lesson_or_without(address: str) -> None:
    mine = httpx2.Client(base_url=address, headers={"accept-language": "et"}, follow_redirects=True)
    assert 'href="/t/tiny/outcomes"' in mine.get("/t/tiny").text
    page = mine.get("/t/tiny/outcomes").text
    assert "selgitab fotosünteesi tähtsust" in page and "explains why" not in page and ">Fotosüntees</button>" in page
    ask = re.search(r'<button name="message" value="([^"]+)"', page)
    assert ask and "Mida taim vajab" in mine.post("/t/tiny/ask", data={"message": ask[1]}).text
    assert "Vali, mida tahad osata" in page and mine.get("/t/none/outcomes").status_code == 404


def test_simple_words_are_asked_of_a_model_and_offered_only_where_one_may_write(address: str, tmp_path: Path) -> None:
    label, told = "Keelemudeli vastused lihtsas keeles", "everyday words"
    mine = httpx2.Client(base_url=address, headers={"accept-language": "et"}, follow_redirects=True)
    assert label not in mine.get("/t/tiny").text, "the guide is alone there"
    with scripted() as engine:
        engine.says("Taimed vajavad kasvamiseks palju valgust. ")
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("et",), timeout_s=5)
        with running([TINY], tmp_path, chain=("ours",), engines={"ours": ours}) as (here, _):
            mine = httpx2.Client(base_url=here, headers={"accept-language": "et"}, follow_redirects=True)
            assert re.search(f'aria-pressed="false">{label}', mine.get("/t/tiny").text)
            mine.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
            pressed = mine.post("/size", data={"plain": "1", "back": "/t/tiny"}).text
            assert re.search(f'aria-pressed="true">{label}', pressed) and 'class="size-' not in pressed.split("<body")[0]
            mine.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
            mine.post("/size", data={"plain": "0", "back": "/t/tiny"})
            mine.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
    assert [told in str(body["messages"]) for body in engine.bodies] == [False, True, False]
