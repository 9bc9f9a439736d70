"""What the tests of the tutor share: packs of the project, each compiled once, and a browser for each file of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from endonym.wiring.compose import Composition
from endonym.wiring.settings import Settings
from tests.browser import browser
from tests.conftest import PACKS

Compiled = Callable[[str], Path]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compiled]:
    """Gives the bundle file of a pack by its folder's name."""
    composition = Composition(Settings(state=tmp_path_factory.mktemp("compiled"), chain=(), embedder="none"))
    yield cache(lambda name: composition.bundle_file(PACKS / name))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened
