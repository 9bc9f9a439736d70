"""The whole way of a student in Arabic and in Kazakh, on a small screen, with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import needs_chromium
from tests.served import serving
from tests.tutor.conftest import Compiled
from tests.tutor.test_pages import opened

UNTRANSLATED = re.compile(r"\b(?:tutor|mine|practice|why|class|site|kind|basis|effect|offline)-[a-z][a-z-]*\b")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, compiled: Compiled) -> Iterator[str]:
    with serving([compiled("jordan"), compiled("kazakhstan")], Path(tmp_path_factory.mktemp("state"))) as address:
        yield address


@needs_chromium
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(("language", "way", "pack", "attempt"), [
    ("ar", "rtl", "jordan", "أظن أن النبات يحتاج إلى الضوء والماء"), ("kk", "ltr", "kazakhstan", "менің ойымша өсімдікке жарық пен су керек"),
])  # fmt: skip
def test_from_an_outcome_to_the_last_page(chromium: Browser, address: str, language: str, way: str, pack: str, attempt: str, script: bool) -> None:
    page, complaints = opened(chromium, locale=language, java_script_enabled=script, viewport={"width": 360, "height": 740})

    def looks_right() -> None:
        assert (page.locator("html").get_attribute("lang"), page.locator("html").get_attribute("dir")) == (language, way)
        assert UNTRANSLATED.findall(page.locator("body").inner_text()) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.goto(f"{address}/t/{pack}")
    looks_right()
    page.locator(f'a[href="/t/{pack}/outcomes"]').click()
    looks_right()
    page.locator("main .buttons button").first.click()
    for number, say in enumerate((None, "#composer button[name=quick]", "#send")):
        if say == "#send":
            page.fill("#message", attempt)
        if say:
            page.locator(say).first.click()
        expect(page.locator(".why a")).to_have_count(number + 1)
    replies = page.locator(".said.tutor")
    assert {(one.get_attribute("lang"), one.get_attribute("dir")) for one in replies.all()} == {(language, way)}
    assert len({one.locator(".reply").inner_text() for one in replies.all()}) == 3
    looks_right()
    page.locator(".why a").last.click()
    expect(page.locator(".facts")).to_be_visible()
    looks_right()
    practised(page, address, pack)
    looks_right()
    page.locator(f'a[href="/mine?pack={pack}"]').click()
    looks_right()
    page.fill("#find", attempt.split()[-1])
    page.locator(".find button").click()
    expect(page.locator(".kept-list > li")).to_have_count(1)
    page.goto(f"{address}/mine/delete?pack={pack}")
    looks_right()
    page.locator("button.danger").click()
    expect(page.locator(".kept-list")).to_have_count(0)
    assert complaints == []


def practised(page: Page, address: str, pack: str) -> None:
    """A round of which nothing is recalled, to its end."""
    page.goto(f"{address}/practice/{pack}")
    page.locator("main form button").first.click()
    for _ in range(6):
        page.locator("button[name=unknown]").click()
        page.locator("main .buttons :is(a, button)").last.click()
    page.wait_for_url("**/end")
