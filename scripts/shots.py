"""Takes the pictures of the documentation, docs/images/*.png, from the tutor and the public site as they are now.

    make shots

Needs Chromium; starts a tutor of its own on a free port and stops it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import browser

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PACKS = [str(ROOT / "packs" / name) for name in ("estonia-upper-secondary", "jordan")]
ENDONYM = [sys.executable, "-m", "endonym"]


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        served = subprocess.Popen([*ENDONYM, "serve", *PACKS, "--port", "0"], stdout=subprocess.PIPE, text=True)
        try:
            assert served.stdout is not None
            address = next(found[0] for line in served.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
            tutor(chromium, address)
            site(chromium, Path(folder))
        finally:
            served.terminate()
            served.wait(20)


def tutor(chromium: Browser, address: str) -> None:
    page = open_page(chromium, 1000, 760, "et-EE")
    page.goto(f"{address}/")
    page.screenshot(path=IMAGES / "choose.png")
    talk(page, f"{address}/t/estonia-upper-secondary", "Mis on fotosüntees?", "Taim võtab oma toidu mullast.", "anna vihje")
    page.screenshot(path=IMAGES / "tutor.png", full_page=True)
    page.goto(address + str(page.locator(".why a").last.get_attribute("href")))
    page.set_viewport_size({"width": 1000, "height": 1400})
    page.screenshot(path=IMAGES / "why.png")
    page = open_page(chromium, 360, 740, "et-EE", "dark")
    talk(page, f"{address}/t/estonia-upper-secondary", "Miks on taimed rohelised?")
    page.screenshot(path=IMAGES / "tutor-360-dark.png", full_page=True)
    page = open_page(chromium, 360, 740, "ar-JO")
    talk(page, f"{address}/t/jordan", "ما هو البناء الضوئي؟")
    page.screenshot(path=IMAGES / "tutor-360-arabic.png", full_page=True)


def site(chromium: Browser, folder: Path) -> None:
    bundle = folder / "ee.bundle"
    subprocess.run([*ENDONYM, "build", PACKS[0], "-o", bundle], check=True)
    subprocess.run([*ENDONYM, "eval", PACKS[0], "-o", folder / "record.json"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*ENDONYM, "publish", bundle, "-o", folder / "site", "--evaluation", folder / "record.json"], check=True)
    page = open_page(chromium, 1000, 760, "en")
    page.goto((folder / "site" / "en" / "index.html").as_uri())
    page.screenshot(path=IMAGES / "site.png", full_page=True)
    page.goto((folder / "site" / "en" / "evaluation.html").as_uri())
    page.screenshot(path=IMAGES / "site-evaluation.png", full_page=True)
    page.goto((folder / "site" / "en" / "changes" / "omit_identity_of_child_in_proceedings.html").as_uri())
    page.screenshot(path=IMAGES / "site-change.png", full_page=True)


def open_page(chromium: Browser, width: int, height: int, locale: str, scheme: str = "light") -> Page:
    return chromium.new_context(viewport={"width": width, "height": height}, locale=locale, color_scheme=scheme).new_page()  # type: ignore[arg-type]


def talk(page: Page, address: str, *texts: str) -> None:
    page.goto(address)
    for number, text in enumerate(texts, 1):
        page.fill("textarea", text)
        page.keyboard.press("Enter")
        page.locator(".said.tutor .why").nth(number - 1).wait_for()
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
