"""Draws the tutor's icons from mark.svg with Chromium; run again when the mark changes."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "src/endonym/web/static"
_SAFE = 0.72
"""A maskable icon is cut to a circle of four fifths: the mark stays well within it. Source: W3C Web Application Manifest, icon masks."""


def main() -> None:
    mark = (STATIC / "mark.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, pixels, share, ground in (("icon-192", 192, 1.0, "transparent"), ("icon-512", 512, 1.0, "transparent"),
                                            ("icon-maskable", 512, _SAFE, "#0b5d57")):  # fmt: skip
            page = browser.new_page(viewport={"width": pixels, "height": pixels})
            page.set_content(f'<body style="margin:0;background:{ground};display:grid;place-items:center;height:100vh">'
                             f'<div style="width:{share:.0%}">{mark}</div>')  # fmt: skip
            page.screenshot(path=STATIC / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
