"""Stores are named by the settings; what is missing says what to install."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from endonym.core.errors import EndonymError, PluginLoadError, SettingsError
from endonym.retrieval import Index
from endonym.wiring.compose import Composition
from endonym.wiring.plugins import load_plugin
from endonym.wiring.settings import Settings, read_settings


@pytest.mark.parametrize(("kind", "package"), [("tantivy", "tantivy"), ("tantivy", "usearch.index"), ("postgres", "psycopg")])
def test_a_missing_package_names_the_extra(kind: str, package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in sys.modules if name.startswith("endonym.adapters.indexes.") and not name.endswith("opening")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(PluginLoadError, match=f"index {kind}: expected") as caught:
        Composition(Settings(state=tmp_path, chain=(), embedder="none", index=kind, index_url="host=x"))  # type: ignore[arg-type]
    assert f"pip install 'endonym[{kind}]'" in caught.value.remedy


def test_the_settings_know_three() -> None:
    assert (Settings().index, Settings().index_url) == ("sqlite", "")
    with pytest.raises(SettingsError, match="index"):
        read_settings(index="elastic")
    with pytest.raises(EndonymError, match="expected index_url"):
        load_plugin("endonym.indexes", "postgres")(Settings(index="postgres"))


def test_a_pack_is_searched_in_the_store_that_the_settings_name(tiny: Path, tmp_path: Path) -> None:
    composition = Composition(Settings(state=tmp_path / "state", chain=(), embedder="none", index="tantivy"))
    bundle = composition.bundle(tiny)
    index = composition.index(bundle)
    assert (tmp_path / "state" / "indexes" / f"{bundle.id}.tantivy").is_dir()
    passage = bundle.contents.passages[0]
    assert found(index, passage.text, passage.language) == passage.id
    again = Composition(Settings(state=tmp_path / "state", chain=(), embedder="none", index="tantivy"), lambda line: pytest.fail(line))
    assert found(again.index(bundle), passage.text, passage.language) == passage.id


def found(index: Index, text: str, language: str) -> str:
    return index.search(text, language)[0].passage.id
