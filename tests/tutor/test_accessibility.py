"""Pages that everybody can use, in a real browser: what axe-core finds, and what it cannot see, each check proved by a planted fault.

Source: WCAG 2.2, criteria 1.4.10, 2.1.1, 2.3.3, 2.4.7, 2.5.8, 3.1.2, 3.2.1, 4.1.3; axe-core (MPL-2.0), carried by axe-playwright-python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.adapters.engines.scripted import Scripted, chunk, scripted
from tests.browser import needs_chromium
from tests.conftest import TINY
from tests.served import EngineSettings, serving
from tests.tutor.conftest import Compiled

pytestmark = [needs_chromium, pytest.mark.timeout(240), pytest.mark.xdist_group("accessibility")]
needs_axe = pytest.mark.skipif(find_spec("axe_playwright_python") is None, reason="no axe-playwright-python; make setup-dev installs it")
LOOKS: dict[str, dict[str, object]] = {
    "light": {"locale": "et-EE", "color_scheme": "light"},
    "dark": {"locale": "et-EE", "color_scheme": "dark"},
    "arabic": {"locale": "ar-JO", "color_scheme": "light"},
}
ASKS = {"tiny": "Mis on fotosüntees?", "jordan": "ما هو البناء الضوئي؟"}
LOOKUPS = {"tiny": "Millal sõlmiti Tartu rahu?", "jordan": "متى استقل الأردن؟"}
TEXT = "Taimed vajavad kasvamiseks valgust, vett ja õhku. Mida sa ise sellest arvad, kui vaatad akna peal kasvavat lille?"
SLOW = [piece for word in TEXT.split() for piece in (chunk(f"{word} "), 0.15)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, compiled: Compiled) -> Iterator[str]:
    with serving([TINY, compiled("jordan")], Path(tmp_path_factory.mktemp("state"))) as address:
        yield address


@pytest.fixture(scope="module")
def engine() -> Iterator[Scripted]:
    with scripted() as engine:
        engine.script = [*SLOW, chunk("", "stop"), b"data: [DONE]\n\n"]
        yield engine


@pytest.fixture(scope="module")
def slow(engine: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose engine writes a word at a time."""
    ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("et",), timeout_s=20)
    with serving([TINY], Path(tmp_path_factory.mktemp("slow")), chain=("ours",), engines={"ours": ours}) as address:
        yield address


def opened(chromium: Browser, look: str = "light", **options: object) -> Page:
    return chromium.new_context(service_workers="block", **{**LOOKS[look], **options}).new_page()  # type: ignore[arg-type]


def visited(page: Page, address: str, pack: str = "tiny") -> Iterator[str]:
    """Every kind of page of the tutor, one after another, by its name."""
    page.goto(address)
    yield "home"
    page.goto(f"{address}/t/{pack}")
    yield "start"
    page.goto(f"{address}/t/{pack}/outcomes")
    yield "outcomes"
    page.goto(f"{address}/t/{pack}")
    page.fill("#message", ASKS[pack])
    page.click("button.primary")
    expect(page.locator(".why a").last).to_be_visible()
    page.wait_for_load_state()  # with its style
    talk = page.url
    yield "conversation"
    page.locator(".why a").last.click()
    page.wait_for_url("**/why/**")
    yield "why"
    page.goto(talk)
    page.fill("#message", LOOKUPS[pack])
    page.click("#send")
    expect(page.locator(".why a")).to_have_count(2)
    page.locator(".cites a").first.click()
    page.wait_for_url("**/passages/**")
    yield "passage"
    page.goto(f"{address}/rules/{pack}")
    yield "rules"
    page.goto(f"{address}/nothing")
    yield "notice"


def writing(page: Page, address: str) -> None:
    """A conversation in which a reply is being written, asked for with Enter from the box."""
    page.goto(f"{address}/t/tiny")
    page.fill("#message", "Mis on fotosüntees?")
    page.click("button.primary")
    expect(page.locator(".why a").last).to_be_visible(timeout=20_000)
    page.fill("#message", "taim vajab valgust")
    page.locator("#message").press("Enter")
    expect(page.locator(".writing .reply")).to_contain_text("Taimed")


# ---- axe


def violations(page: Page) -> list[str]:
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@needs_axe
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_page(chromium: Browser, address: str, look: str) -> None:
    page = opened(chromium, look)
    found = {name: violations(page) for name in visited(page, address, "jordan" if look == "arabic" else "tiny")}
    assert len(found) == 8
    assert {name: faults for name, faults in found.items() if faults} == {}


@needs_axe
@pytest.mark.parametrize("fault", [
    "document.querySelector('label[for=message]').remove(); document.getElementById('message').removeAttribute('placeholder')",
    "document.documentElement.removeAttribute('lang')",
    "document.querySelector('.lead').style.color = '#c8c8c8'",
])  # fmt: skip
def test_axe_sees_a_planted_fault(chromium: Browser, address: str, fault: str) -> None:
    page = opened(chromium)
    page.goto(f"{address}/t/tiny")
    page.evaluate(fault)
    assert violations(page)


# ---- what axe cannot see: each gives the faults of a page

FOCUSABLE = "a[href], button:not([disabled]), input, select, textarea, summary"
_SHOWN = "(e => e.checkVisibility() && e.getClientRects().length > 0 && !e.closest('.hidden'))"


def unlit(page: Page) -> list[str]:
    """What can have the focus and does not show it: an outline of 2 px or more that stands out 3 to 1 from the page."""
    page.keyboard.press("Tab")  # from here on the browser takes the focus for the keyboard's
    return page.evaluate(f"""() => {{
      const light = colour => {{
        const [r, g, b] = colour.match(/[\\d.]+/g).map(n => n / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      }};
      const ground = light(getComputedStyle(document.documentElement).backgroundColor);
      const faults = [];
      for (const e of document.querySelectorAll({FOCUSABLE!r})) {{
        if (!{_SHOWN}(e)) continue;
        e.focus();
        const style = getComputedStyle(e), own = light(style.outlineColor);
        const contrast = (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 || contrast < 3) faults.push(e.outerHTML.slice(0, 120));
      }}
      return faults;
    }}""")  # type: ignore[no-any-return]


def small(page: Page) -> list[str]:
    """Targets under 24 px, primary buttons under 44 px. A link inside a sentence is as high as its line."""
    return page.evaluate(f"""() => [...document.querySelectorAll({FOCUSABLE!r})].filter({_SHOWN}).filter(e => !e.classList.contains("skip")).map(e => {{
      const box = e.getBoundingClientRect(), around = e.parentElement.textContent.trim().length;
      const sentence = getComputedStyle(e).display === "inline" && around > e.textContent.trim().length + 2;
      const least = e.matches(".primary") ? 44 : 24;
      return sentence || Math.min(box.width, box.height) >= least - 0.01 ? "" : `${{Math.round(box.width)}}×${{Math.round(box.height)}} ${{e.outerHTML.slice(0, 120)}}`;
    }}).filter(Boolean)""")  # type: ignore[no-any-return]


def unreached(page: Page) -> list[str]:
    """What the Tab key does not come to."""
    many = page.evaluate(f"""() => {{
      const all = [...document.querySelectorAll({FOCUSABLE!r})].filter({_SHOWN});
      all.forEach((e, i) => e.dataset.mark = i);
      document.activeElement.blur();
      return all.length;
    }}""")
    marks = set()
    for _ in range(many + 3):
        page.keyboard.press("Tab")
        marks.add(page.evaluate("document.activeElement.dataset.mark ?? ''"))
    return page.evaluate("marks => [...document.querySelectorAll('[data-mark]')].filter(e => !marks.includes(e.dataset.mark)).map(e => e.outerHTML.slice(0, 120))",
                         sorted(marks))  # type: ignore[no-any-return]  # fmt: skip


def wide(page: Page) -> list[str]:
    """What makes a page of 320 px scroll sideways."""
    page.wait_for_load_state()
    found = page.evaluate("document.documentElement.scrollWidth")
    return [] if found <= 320 else [f"{found} px"]


def loud(page: Page) -> list[str]:
    """Replies inside live regions, and any live region but one polite status."""
    return page.evaluate("""() => {
      const live = "[aria-live]:not([aria-live=off]), [role=status], [role=log], [role=alert], [role=marquee], [role=timer], output";
      const faults = [...document.querySelectorAll(".said")].filter(e => e.closest(live) || e.querySelector(live)).map(e => e.outerHTML.slice(0, 120));
      const regions = [...document.querySelectorAll(live)];
      if (regions.length !== 1 || regions[0].getAttribute("role") !== "status" || regions[0].getAttribute("aria-live") !== "polite")
        faults.push(...regions.map(e => e.outerHTML.slice(0, 120)), `${regions.length} live regions`);
      return faults;
    }""")  # type: ignore[no-any-return]


def unnamed(page: Page) -> list[str]:
    """Replies that do not say their language."""
    return page.evaluate("""() => [...document.querySelectorAll(".said.tutor .reply")]
      .filter(e => e.closest("[lang]").matches("html") || !e.closest("[dir]").dir).map(e => e.outerHTML.slice(0, 120))""")  # type: ignore[no-any-return]


def moving(page: Page) -> list[str]:
    """What moves although the student asked for less of it."""
    return page.evaluate("document.getAnimations().map(one => one.animationName ?? 'transition')")  # type: ignore[no-any-return]


STILL: dict[str, tuple[Callable[[Page], list[str]], str]] = {
    "focus shows": (unlit, "document.querySelector('.foot a').style.outline = 'none'"),
    "targets are large": (small, "Object.assign(document.querySelector('.foot a').style, {padding: 0, lineHeight: 1, display: 'inline-block'})"),
    "the keyboard comes everywhere": (unreached, "document.querySelector('.foot a').tabIndex = -1"),
    "nothing scrolls sideways": (wide, "document.querySelector('main').style.inlineSize = '30rem'"),
}


@pytest.mark.parametrize("what", STILL)
@pytest.mark.parametrize("look", LOOKS)
def test_on_every_page(chromium: Browser, address: str, what: str, look: str) -> None:
    page = opened(chromium, look, viewport={"width": 320, "height": 700})
    check, _ = STILL[what]
    found = {name: check(page) for name in visited(page, address, "jordan" if look == "arabic" else "tiny")}
    assert len(found) == 8
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("what", STILL)
def test_a_fault_planted_on_a_page_is_seen(chromium: Browser, address: str, what: str) -> None:
    page = opened(chromium, viewport={"width": 320, "height": 700})
    page.goto(f"{address}/t/tiny")
    check, fault = STILL[what]
    assert check(page) == []
    page.evaluate(fault)
    assert check(page)


@pytest.mark.parametrize("old", [":focus-visible { outline: 3px", ".lessons button:focus-visible { outline: 3px"])
def test_a_style_without_outlines_is_seen(chromium: Browser, address: str, old: str) -> None:
    page = opened(chromium)
    _altered(page, "endonym.css", old, old.replace("3px", "0px"))
    page.context.add_cookies([{"name": "page_language", "value": "et", "url": address}])  # a first visit has the style within the page
    page.goto(f"{address}/t/tiny")
    assert unlit(page)


def test_a_primary_button_under_44_px_is_seen(chromium: Browser, address: str) -> None:
    page = opened(chromium)
    page.goto(f"{address}/t/tiny")
    page.evaluate("Object.assign(document.querySelector('.primary').style, {minBlockSize: '30px', padding: '0 9px'})")
    assert small(page)


# ---- while a reply is written

GROWING: dict[str, tuple[Callable[[Page], list[str]], str]] = {
    "text grows outside live regions": (loud, "document.getElementById('turns').setAttribute('aria-live', 'polite')"),
    "one status, and polite": (loud, "document.getElementById('status').setAttribute('aria-live', 'assertive')"),
    "a reply says its language": (unnamed, "document.querySelector('.writing').removeAttribute('lang')"),
    "nothing moves that should not": (moving, "document.querySelector('.writing').animate([{opacity: 0}, {opacity: 1}], 9000)"),
}


@pytest.mark.parametrize("what", GROWING)
def test_while_a_reply_is_written(chromium: Browser, slow: str, what: str) -> None:
    page = opened(chromium, reduced_motion="reduce")
    writing(page, slow)
    check, fault = GROWING[what]
    assert check(page) == []
    page.evaluate(fault)
    assert check(page)


def test_the_dots_move_only_for_those_who_do_not_mind(chromium: Browser, slow: str, engine: Scripted) -> None:
    moved = []
    for motion in ("no-preference", "reduce"):
        page = opened(chromium, reduced_motion=motion)
        writing(page, slow)
        page.evaluate("document.querySelector('.writing .reply').innerHTML = '<p class=dots>…</p>'")
        moved.append(bool(moving(page)))
    assert moved == [True, False]


def _altered(page: Page, name: str, old: str, new: str) -> None:
    """Serve a static file with a fault planted in it; `old` must be there."""
    def serve(route: Route) -> None:
        text = resources.files("endonym.web").joinpath("static", name).read_text("utf-8")
        assert old in text
        route.fulfill(body=text.replace(old, new), content_type="text/css" if name.endswith("css") else "text/javascript")

    page.route(f"**/static/{name}", serve)


def stops_by_keyboard(page: Page, address: str, engine: Scripted) -> list[str]:
    """From the box: Tab comes to the stop button, Enter stops; the engine is let go, the text comes back, the focus is in the box."""
    engine.closed_early.clear()
    writing(page, address)
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.id") != "stop":
        return ["Tab does not come to the stop button"]
    page.keyboard.press("Enter")
    faults = [] if engine.closed_early.wait(5) else ["the engine writes on"]
    faults += [] if page.locator(".said.stopped").count() == 1 else ["the reply does not say that it was stopped"]
    faults += [] if page.evaluate("document.activeElement.id") == "message" else ["the focus is not in the box"]
    faults += [] if page.locator("#message").input_value() == "taim vajab valgust" else ["the message is lost"]
    return faults + ([] if "peatatud" in page.locator("#status").inner_text().casefold() else ["the status does not say it"])


def test_a_reply_is_stopped_by_keyboard(chromium: Browser, slow: str, engine: Scripted) -> None:
    assert stops_by_keyboard(opened(chromium), slow, engine) == []


@pytest.mark.parametrize(("old", "new"), [
    ("stop.hidden = !now", "stop.hidden = !now; stop.tabIndex = -1"), ('htmx.trigger(form, "htmx:abort")', ""), ("box.focus()", "document.activeElement.blur()"),
    ("restore();\n    set", "set"),
])  # fmt: skip
def test_a_stop_button_that_does_half_is_seen(chromium: Browser, slow: str, engine: Scripted, old: str, new: str) -> None:
    page = opened(chromium)
    _altered(page, "tutor.js", old, new)
    assert stops_by_keyboard(page, slow, engine) != []


def test_escape_stops_a_reply_too(chromium: Browser, slow: str, engine: Scripted) -> None:
    page = opened(chromium)
    engine.closed_early.clear()
    writing(page, slow)
    page.keyboard.press("Escape")
    assert engine.closed_early.wait(5)
    expect(page.locator(".said.stopped")).to_have_count(1)


def strays(page: Page, address: str) -> list[str]:
    """Where the focus goes while a reply grows and when it is complete: it must stay on the link where the student put it."""
    writing(page, address)
    page.locator(".why a").first.focus()
    seen = set()
    while page.locator(".writing").count():
        seen.add(page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.tagName"))
        page.wait_for_timeout(100)
    seen.add(page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.tagName"))
    return sorted(one for one in seen if not one.startswith("/why/"))


def test_the_focus_stays_where_it_is_while_a_reply_grows(chromium: Browser, slow: str) -> None:
    assert strays(opened(chromium), slow) == []


@pytest.mark.parametrize("event", ["htmx:sse:after:message", "htmx:sse:close"])
def test_a_page_that_takes_the_focus_is_seen(chromium: Browser, slow: str, event: str) -> None:
    page = opened(chromium)
    _altered(page, "tutor.js", "let typed", f'form.addEventListener("{event}", () => box.focus());\n  let typed')
    assert strays(page, slow)


def test_who_sends_with_the_button_finds_the_focus_on_stop_and_then_where_it_was(chromium: Browser, slow: str) -> None:
    page = opened(chromium)
    page.goto(f"{slow}/t/tiny")
    page.fill("#message", "Mis on fotosüntees?")
    page.click("button.primary")
    expect(page.locator(".why a").last).to_be_visible(timeout=20_000)
    page.fill("#message", "taim vajab valgust")
    page.locator("#send").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stop")).to_be_focused()
    expect(page.locator("#status")).to_have_text("Vastus on valmis.", timeout=20_000)
    expect(page.locator("#send")).to_be_focused()
