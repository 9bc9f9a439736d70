"""A photographed task: to an engine on the operator's own machines that reads it, kept nowhere; where there is none, its text is asked for."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from endonym.wiring.compose import Composition
from tests.adapters.engines.scripted import Scripted, scripted
from tests.browser import needs_chromium
from tests.conftest import PACKS, TINY
from tests.privacy.test_images import SECRET, png, with_notes
from tests.served import EngineSettings, running
from tests.tutor.test_accessibility import violations
from tests.tutor.test_classes import client, group_of
from tests.tutor.test_pages import opened
from tests.tutor.test_shell import kept

NOTED = with_notes("image/png", png())
READ = "Ülesandes küsitakse, mitu protsenti hind tõusis. Mida oled juba proovinud? "


def engine_at(port: int, **more: Any) -> EngineSettings:
    return EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{port}/v1", model="m", languages=("et",), timeout_s=5, **more)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scripted, str, Composition, Path]]:
    state = Path(tmp_path_factory.mktemp("state"))
    with scripted() as engine:
        engines = {"blind": engine_at(9), "ours": engine_at(engine.port, images=True)}
        with running([TINY], state, engines=engines, chain=("blind", "ours"), images=("student",)) as (address, composition):
            yield engine, address, composition, state


def seen(engine: Scripted) -> tuple[str, bytes, str]:
    """(words beside the picture, the picture, what the engine was told to do) of the newest request."""
    messages: Any = engine.bodies[-1]["messages"]
    text, picture = messages[-1]["content"]
    return text["text"], base64.b64decode(picture["image_url"]["url"].partition(",")[2]), messages[1]["content"]


def photo(chromium: Browser, width: int, height: int) -> bytes:
    """A JPEG as a camera makes it, with a place and a name in it."""
    page = chromium.new_page()
    url = page.evaluate("([w, h]) => { const c = document.createElement('canvas'); c.width = w; c.height = h; c.getContext('2d').fillRect(9, 9, 99, 99);"
                        " return c.toDataURL('image/jpeg', 0.9); }", [width, height])  # fmt: skip
    page.close()
    return with_notes("image/jpeg", base64.b64decode(url.partition(",")[2]))


@needs_chromium
@pytest.mark.parametrize("script", [True, False])
def test_a_student_sends_a_picture_of_a_task(chromium: Browser, served: tuple[Scripted, str, Composition, Path], script: bool) -> None:
    engine, address, composition, state = served
    engine.says(READ)
    page, complaints = opened(chromium, java_script_enabled=script)
    page.goto(f"{address}/t/tiny")
    camera = photo(chromium, 2400, 1200)
    page.get_by_label("Pilt ülesandest").set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": camera})
    if script:
        expect(page.locator("#picture")).to_have_js_property("value", "C:\\fakepath\\picture.jpg")
    page.click("button.primary")
    expect(page.locator(".reply").last).to_contain_text("Mida oled juba proovinud?")
    expect(page.locator(".said.you")).to_contain_text("Siin on minu ülesande pilt.")
    expect(page.locator(".picture-sent")).to_have_text("Koos pildiga, mida alles ei hoitud.")
    words, picture, told = seen(engine)
    assert words == "Siin on minu ülesande pilt." and "Give no answer and no solution" in told and SECRET not in picture and SECRET in camera
    assert (len(picture) < len(camera) / 2) is script, "a browser with JavaScript draws it smaller"
    page.fill("#message", "Kas taim vajab valgust?")
    page.get_by_label("Pilt ülesandest").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": NOTED})
    if script:
        expect(page.locator("#picture")).to_have_js_property("value", "C:\\fakepath\\picture.jpg")
    page.click("#send")
    expect(page.locator(".picture-sent")).to_have_count(2)
    expect(page.locator(".why a")).to_have_count(2)
    assert seen(engine)[0] == "Kas taim vajab valgust?" and page.locator("#picture").input_value() == "" and complaints == []
    conversation = page.url.rpartition("/c/")[2].partition("#")[0]
    images = [image for turn in composition.store.turns(conversation) for image in turn.request.messages[-1].images]
    assert len(images) == 2 and all(image.data == "" and image.digest.startswith("sha256:") for image in images)
    held = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
    assert picture[20:200] not in held and base64.b64encode(picture)[30:200] not in held
    page.reload()
    expect(page.locator(".picture-sent")).to_have_count(2)


@needs_chromium
def test_in_a_class_a_picture_is_sent_and_one_that_is_none_is_told_there(chromium: Browser, served: tuple[Scripted, str, Composition, Path]) -> None:
    engine, address, composition, _ = served
    engine.says(READ)
    first, second = group_of(composition.store), group_of(composition.store, name="Keemia 11b")
    page, complaints = opened(chromium)
    for group in (first, second):
        page.goto(f"{address}/join/{group.code}")
        page.click("main button.primary")
    page.goto(f"{address}/class")
    inputs = page.get_by_label("Pilt ülesandest")
    expect(inputs).to_have_count(2)
    inputs.nth(1).set_input_files({"name": "a.gif", "mimeType": "image/gif", "buffer": b"GIF89a"})
    page.locator(".one-class").nth(1).get_by_role("button", name="Saada").click()
    expect(page.locator(".one-class").nth(1).locator(".problem")).to_contain_text("Saada JPEG, PNG või WebP")
    inputs.nth(1).set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": photo(chromium, 2400, 1200)})
    expect(inputs.nth(1)).to_have_js_property("value", "C:\\fakepath\\picture.jpg")
    page.locator(".one-class").nth(1).get_by_role("button", name="Saada").click()
    expect(page.locator(".picture-sent")).to_have_text("Koos pildiga, mida alles ei hoitud.")
    expect(page.locator(".reply")).to_contain_text("Mida oled juba proovinud?")
    assert seen(engine)[0] == "Siin on minu ülesande pilt." and all("422" in said for said in complaints)


@needs_chromium
@pytest.mark.parametrize("worker", [False, True])
def test_a_picture_chosen_without_network_waits_with_its_words(chromium: Browser, served: tuple[Scripted, str, Composition, Path], worker: bool) -> None:
    """Kept by the page that knows that it is offline, or by the worker where the network only seems to be there."""
    engine, address, _, _ = served
    engine.says(READ)
    page, _ = opened(chromium)
    page.goto(f"{address}/t/tiny")
    kept(page)
    if worker:
        page.add_init_script("Object.defineProperty(navigator, 'onLine', {get: () => !window.offline})")
    page.reload()
    page.fill("#message", "Aita mind sellega")
    page.get_by_label("Pilt ülesandest").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": photo(chromium, 800, 400)})
    expect(page.locator("#picture")).to_have_js_property("value", "C:\\fakepath\\picture.jpg")
    page.context.set_offline(True)
    page.click("button.primary")
    expect(page.locator("#kept")).to_contain_text("Aita mind sellega")
    before = len(engine.bodies)
    page.context.set_offline(False)
    if worker:
        page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#kept")).to_contain_text("Saadetud. Siin on vastus:")
    words, picture, _ = seen(engine)
    assert len(engine.bodies) == before + 1 and words == "Aita mind sellega" and picture.startswith(b"\xff\xd8")


@pytest.mark.parametrize(("data", "says"), [
    (b"GIF89a" + b"0" * 90, "Saada JPEG, PNG või WebP"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Saada JPEG, PNG või WebP"), (png()[:40], "Saada JPEG, PNG või WebP"),
    (png(60_000, 60_000), "Saada JPEG, PNG või WebP"), (b"\xff\xd8" + b"0" * 8_000_001, "kuni 8 MB"),
])  # fmt: skip
def test_what_is_no_picture_or_too_large_is_told_and_the_words_stay(served: tuple[Scripted, str, Composition, Path], data: bytes, says: str) -> None:
    engine, address, _, _ = served
    before = len(engine.bodies)
    reply = client(address).post("/t/tiny/ask", data={"message": "Aita mind sellega"}, files={"picture": ("a.jpg", data)})
    assert reply.status_code == 422 and says in reply.text and ">Aita mind sellega</textarea>" in reply.text and len(engine.bodies) == before


def test_where_the_engine_is_down_the_guide_asks_for_the_words_and_where_somebody_is_in_need_it_does_not(tmp_path: Path) -> None:
    with running([TINY], tmp_path, engines={"ours": engine_at(9, images=True)}, chain=("ours",), images=("student",)) as (address, _):
        pupil = client(address)
        page = pupil.post("/t/tiny/ask", data={"message": ""}, files={"picture": ("a.png", NOTED)})
        assert page.status_code == 200 and "Pilti ma praegu ei näe. Palun kirjuta ülesande tekst" in page.text and "õppetükki ei ole" not in page.text
        lesson = pupil.post("/t/tiny/ask", data={"message": "Mis on fotosüntees?"}, files={"picture": ("a.png", NOTED)}).text
        assert "Pilti ma praegu ei näe" in lesson and "Mida taim vajab, et endale toitu teha?" in lesson
        distress = pupil.post("/t/tiny/ask", data={"message": "ma tahan ennast tappa"}, files={"picture": ("a.png", NOTED)}).text
        assert "116 111" in distress and "Pilti ma praegu" not in distress


@pytest.mark.parametrize(("images", "reads", "languages"), [((), True, ("et",)), (("teacher",), True, ("et",)), (("student",), False, ("et",)), (("student",), True, ("en",))])
def test_where_none_reads_pictures_there_is_no_place_for_one_and_one_that_comes_all_the_same_is_answered(
    tmp_path: Path, images: tuple[str, ...], reads: bool, languages: tuple[str, ...]
) -> None:  # fmt: skip
    """Not let through by the operator, not read by the engine, or by one that is not fit for the language of learning."""
    engine = EngineSettings(kind="openai", base_url="http://127.0.0.1:9/v1", model="m", languages=languages, images=reads)
    with running([TINY], tmp_path, engines={"ours": engine}, chain=("ours",), images=images) as (address, _):
        pupil = client(address)
        assert '<input type="file"' not in pupil.get("/t/tiny").text
        reply = pupil.post("/t/tiny/ask", data={"message": "Aita mind"}, files={"picture": ("a.png", NOTED)})
        assert reply.status_code == 422 and "Pilte siin lugeda ei saa" in reply.text and ">Aita mind</textarea>" in reply.text


@needs_chromium
def test_in_arabic_a_picture_is_sent_from_a_narrow_screen(chromium: Browser, tmp_path: Path) -> None:
    with scripted() as engine:
        engine.says("تسأل المسألة عن النسبة المئوية. ماذا جرّبت حتى الآن؟ ")
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("ar",), images=True)
        with running([PACKS / "jordan"], tmp_path, engines={"ours": ours}, chain=("ours",), images=("student",)) as (address, _):
            page = chromium.new_context(locale="ar-JO", viewport={"width": 320, "height": 700}).new_page()
            page.goto(f"{address}/t/jordan")
            page.get_by_label("صورة المسألة").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": NOTED})
            assert not find_spec("axe_playwright_python") or violations(page) == []
            page.click("button.primary")
            expect(page.locator(".reply").last).to_contain_text("ماذا جرّبت حتى الآن؟")
            expect(page.locator(".picture-sent")).to_have_text("مع صورة لم تُحفظ.")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320 and seen(engine)[0] == "هذه صورة مسألتي."
