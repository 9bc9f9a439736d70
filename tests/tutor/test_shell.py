"""Installed and without network: the manifest, the worker, a question that waits, and what a first visit weighs."""

from __future__ import annotations

import re
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import browser, needs_chromium
from tests.conftest import TINY
from tests.served import running, serving
from tests.tutor.conftest import Compiled

LIGHT = 32_000
"""Bytes that a first visit may transfer."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, compiled: Compiled) -> Iterator[str]:
    with serving([TINY, compiled("estonia-upper-secondary")], Path(tmp_path_factory.mktemp("state"))) as address:
        yield address


@pytest.fixture
def context() -> Iterator[BrowserContext]:
    with browser() as opened:
        yield installed(opened)


def installed(opened: Browser) -> BrowserContext:
    return opened.new_context(locale="et-EE")


def ready(page: Page, address: str) -> None:
    """The start page, once the worker serves it and the page for times without network is kept."""
    page.goto(f"{address}/t/tiny")
    kept(page)


def kept(page: Page) -> None:
    """Waits in the page itself: `wait_for_function` takes a promise for its outcome."""
    page.evaluate("""async () => {
        while (!navigator.serviceWorker.controller || !await (await caches.open("endonym-1")).match("/offline")) await new Promise((done) => setTimeout(done, 20));
    }""")


def test_the_manifest_names_pack_language_and_icons_that_are_there(address: str) -> None:
    answer = httpx2.get(f"{address}/t/tiny/manifest.webmanifest", headers={"accept-language": "et"})
    manifest = answer.json()
    assert answer.headers["content-type"] == "application/manifest+json"
    assert (manifest["name"], manifest["lang"], manifest["start_url"]) == ("Pisike", "et", "/t/tiny")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        found = httpx2.get(address + icon["src"])
        assert (found.status_code, found.headers["content-type"]) == (200, icon["type"])
    assert httpx2.get(f"{address}/t/none/manifest.webmanifest").status_code == 404


def test_the_policy_lets_our_own_worker_and_manifest_in_and_nothing_else(address: str) -> None:
    policy = httpx2.get(f"{address}/t/tiny").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "worker-src 'self'" in policy and "manifest-src 'self'" in policy and "unsafe" not in policy
    assert httpx2.get(f"{address}/worker.js").headers["cache-control"] == "no-cache"


@needs_chromium
def test_a_question_asked_without_network_waits_and_is_sent_when_it_is_back(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    ready(page, address)
    context.set_offline(True)
    page.goto(f"{address}/rules/tiny")
    expect(page.locator("h1")).to_have_text("Praegu ei ole võrguühendust")
    assert page.evaluate("getComputedStyle(document.querySelector('.primary')).borderRadius") == "32px"
    page.fill("#message", "Mis on fotosüntees?")
    page.get_by_role("button", name="Hoia küsimus alles").click()
    expect(page.locator("#kept")).to_contain_text("Alles selles seadmes, kuni ühendus taastub: Mis on fotosüntees?")
    page.reload()
    expect(page.locator("#kept")).to_contain_text("Mis on fotosüntees?")
    context.set_offline(False)
    expect(page.locator("#kept")).to_contain_text("Saadetud. Siin on vastus:")
    page.locator("#kept a").click()
    expect(page.locator(".reply")).to_contain_text("Mida taim vajab")
    page.get_by_role("link", name="Minu asjad").click()
    expect(page.locator(".kept-list a")).to_have_count(1)


@needs_chromium
def test_the_next_message_of_a_conversation_waits_too_and_goes_into_it(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    ready(page, address)
    page.fill("#message", "Mis on fotosüntees?")
    page.click("button.primary")
    expect(page.locator(".reply")).to_have_count(1)
    context.set_offline(True)
    page.get_by_role("button", name="Anna vihje").click()
    expect(page.locator("#kept")).to_contain_text("anna vihje")
    context.set_offline(False)
    page.locator("#kept a").click()
    expect(page.locator(".reply")).to_have_count(2)
    expect(page.locator(".reply").last).to_contain_text("Vihje 1/3.")


@needs_chromium
def test_without_network_practice_goes_on_as_cards(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    ready(page, address)
    context.set_offline(True)
    page.reload()
    cards = page.locator("details.card")
    expect(cards).to_have_count(3)
    cards.first.locator("summary").click()
    expect(cards.first.locator("> p")).to_be_visible()


@needs_chromium
def test_where_the_network_fails_in_the_middle_the_worker_keeps_the_question(tmp_path: Path) -> None:
    with browser() as opened:
        context = installed(opened)
        page = context.new_page()
        with serving([TINY], tmp_path / "state") as address:
            ready(page, address)
            page.reload()
        assert page.evaluate("navigator.onLine")
        page.fill("#message", "Mis on klorofüll?")
        page.click("button.primary")
        expect(page.locator("h1")).to_have_text("Praegu ei ole võrguühendust")
        expect(page.locator("#kept")).to_contain_text("Mis on klorofüll?")


@needs_chromium
def test_signing_out_clears_what_the_browser_keeps(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    ready(page, address)
    page.fill("#message", "tere")
    page.click("button.primary")
    page.get_by_role("link", name="Minu asjad").click()
    page.evaluate("async () => { await caches.open('mine'); await kept.add('/t/tiny/ask', 'minu küsimus'); }")
    page.locator("summary", has_text="Logi sellest seadmest välja").click()
    page.get_by_role("button", name="Logi sellest seadmest välja").click()
    expect(page.locator("h1")).to_have_text("Oled sellest seadmest välja logitud.")
    assert "mine" not in page.evaluate("caches.keys()") and page.evaluate("kept.all()") == []


@needs_chromium
def test_each_pack_has_its_own_page_for_times_without_network(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    ready(page, address)
    page.goto(f"{address}/t/estonia-upper-secondary")
    page.evaluate("""async () => {
        while (!await (await caches.open("endonym-1")).match("/practice/estonia-upper-secondary/offline")) await new Promise((done) => setTimeout(done, 20));
    }""")
    context.set_offline(True)
    for path, pack in (("/t/tiny", "tiny"), ("/rules/estonia-upper-secondary", "estonia-upper-secondary"), ("/mine", "estonia-upper-secondary"),
                       ("/practice/tiny", "tiny")):  # fmt: skip
        page.goto(address + path)
        expect(page.locator("h1")).to_have_text("Praegu ei ole võrguühendust")
        expect(page.locator("form.composer")).to_have_attribute("action", f"/t/{pack}/ask")


@needs_chromium
def test_a_question_to_a_class_is_kept_where_the_network_fails(tmp_path: Path) -> None:
    with browser() as opened:
        page = installed(opened).new_page()
        with running([TINY], tmp_path / "state") as (address, composition):
            group = composition.store.classes.make("kersti", "Tartu", "tiny", "11b", "et")
            assert group is not None
            page.goto(f"{address}/join/{group.code}")
            page.get_by_role("button", name="Liitu klassiga").click()
            page.get_by_role("link", name="Minu klassi").click()
            kept(page)
        page.fill(".composer textarea", "Mis on klorofüll?")
        page.click(".composer button.primary")
        expect(page.locator("#kept")).to_contain_text("Mis on klorofüll?")
        assert page.evaluate("kept.all()") == [{"key": 1, "action": f"/class/{group.id}/ask", "message": "Mis on klorofüll?", "picture": None}]


@contextmanager
def weighing(address: str) -> Iterator[tuple[str, list[int]]]:
    """Another address of the same server, and the bytes that it sent over it, heads included."""
    sent: list[int] = []
    host, port = address.removeprefix("http://").split(":")

    def pass_on(source: socket.socket, target: socket.socket, count: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if count:
                    sent.append(len(data))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection((host, int(port)))
                for source, target, count in ((client, server, False), (server, client, True)):
                    threading.Thread(target=pass_on, args=(source, target, count), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", sent


@needs_chromium
@pytest.mark.parametrize("pack", ["tiny", "estonia-upper-secondary"])
def test_a_first_visit_is_light(context: BrowserContext, address: str, pack: str) -> None:
    """All that is sent, the worker and what it keeps for times without network included."""
    with weighing(address) as (here, sent):
        page = context.new_page()
        page.goto(f"{here}/t/{pack}")
        kept(page)
        page.wait_for_load_state("networkidle")
    print(pack, sum(sent))
    assert 10_000 < sum(sent) < LIGHT


def test_a_first_visit_waits_for_no_style_sheet_and_the_next_page_shares_one(address: str) -> None:
    mine = httpx2.Client(base_url=address, headers={"accept-language": "et"}, follow_redirects=True)
    first = mine.get("/t/tiny")
    style = re.search(r"<style>(.*?)</style>", first.text, re.S)
    assert style and '<link rel="stylesheet" href="/static/endonym.css" media="print">' in first.text, "it holds up nothing, and the next page has it"
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in first.headers["content-security-policy"]
    following = mine.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"}).text
    assert "<style" not in following and '<link rel="stylesheet" href="/static/endonym.css">' in following


def test_pages_style_and_scripts_are_compressed_and_what_is_streamed_is_not(address: str) -> None:
    mine = httpx2.Client(base_url=address, headers={"accept-encoding": "gzip", "accept-language": "et"}, follow_redirects=True)
    page = mine.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"})
    for answer in (page, mine.get("/static/endonym.css"), mine.get("/static/htmx-4.0.1.min.js"), mine.get("/mine/export.json")):
        assert answer.headers["content-encoding"] == "gzip" and int(answer.headers["content-length"]) < len(answer.content) / 1.5
    streamed = mine.post(f"{page.url.path}/say", data={"message": "taim vajab valgust"}, headers={"hx-request": "true"})
    assert streamed.headers["content-type"].startswith("text/event-stream") and "content-encoding" not in streamed.headers
    assert "content-encoding" not in httpx2.get(f"{address}/t/tiny", headers={"accept-encoding": "identity"}).headers
