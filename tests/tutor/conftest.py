"""What the tests of the tutor share: packs of the project, each compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from endonym.wiring.compose import Composition
from endonym.wiring.settings import Settings
from tests.conftest import PACKS

Compiled = Callable[[str], Path]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compiled]:
    """Gives the bundle file of a pack by its folder's name."""
    composition = Composition(Settings(state=tmp_path_factory.mktemp("compiled"), chain=(), embedder="none"))
    yield cache(lambda name: composition.bundle_file(PACKS / name))
