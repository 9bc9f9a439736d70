"""Journeys of a student in a real browser, with and without JavaScript, and what plain HTTP must refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import browser, needs_chromium
from tests.conftest import TINY
from tests.served import serving


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving([TINY], Path(tmp_path_factory.mktemp("state"))) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def opened(chromium: Browser, **options: object) -> tuple[Page, list[str]]:
    """A page in a context of its own, and what its console complained about."""
    page = chromium.new_context(locale="et-EE", **options).new_page()  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
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
