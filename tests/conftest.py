"""What tests share: a tiny pack that is right in every file, to be laid wrong one file at a time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TINY = Path(__file__).parent / "tiny" / "tiny"
PACKS = Path(__file__).parents[1] / "packs"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A copy of the tiny pack, with the school `above` beside it, that a test may change."""
    shutil.copytree(TINY.parent / "above", tmp_path / "packs" / "above")
    return Path(shutil.copytree(TINY, tmp_path / "packs" / "tiny"))
