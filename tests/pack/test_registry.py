"""The index of a registry, and publishing into a folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.core.errors import PackError
from endonym.pack.archive import digest_folder, read_archive
from endonym.pack.load import Pack, load
from endonym.pack.registry import open_archive, parse_index, publish
from tests.pack.test_load import edit

SHA = "sha256:" + "0" * 64
RELEASE = {"file": "eu-0.1.0.zip", "archive": SHA, "digest": SHA, "layer": "region", "extends": [], "base_spec": "endonym-base"}


def loaded(folder: Path) -> Pack:
    return load(folder, (MarkdownReader(),))


def listing(registry: Path) -> dict[str, dict[str, dict[str, object]]]:
    data = json.loads((registry / "index.json").read_text("utf-8"))
    assert data["format"] == 1
    packs: dict[str, dict[str, dict[str, object]]] = data["packs"]
    return packs


def test_publishing_lists_the_pack_and_keeps_its_files(tiny: Path, tmp_path: Path) -> None:
    registry = tmp_path / "a" / "registry"
    (done,) = publish(registry, [loaded(tiny)])
    assert (done.id, done.version, done.new) == ("tiny", "0.1.0", True)
    assert listing(registry) == {"tiny": {"0.1.0": {
        "file": "tiny-0.1.0.zip", "archive": done.release.archive, "digest": digest_folder(tiny), "layer": "country",
        "extends": [], "base_spec": "endonym-base",
    }}}  # fmt: skip
    assert sorted(path.name for path in registry.iterdir()) == ["index.json", "tiny-0.1.0.zip"]
    files = open_archive((registry / "tiny-0.1.0.zip").read_bytes(), "tiny", "0.1.0", done.release, "x")
    assert files["pack.toml"] == (tiny / "pack.toml").read_bytes()


def test_the_same_pack_gives_the_same_registry_wherever_and_whenever_it_lies(tiny: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(tiny, tmp_path / "elsewhere" / "tiny", copy_function=shutil.copyfile))
    for name, folder in (("one", tiny), ("two", other)):
        publish(tmp_path / name, [loaded(folder)])
    for name in ("index.json", "tiny-0.1.0.zip"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_version_once_published_is_never_replaced(tiny: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    publish(registry, [loaded(tiny)])
    before = {path.name: path.read_bytes() for path in registry.iterdir()}
    (again,) = publish(registry, [loaded(tiny)])
    assert not again.new
    edit(tiny, "CHANGELOG.md", "0.1.0", "0.1.0 and more")
    changed = digest_folder(tiny)
    with pytest.raises(PackError, match="never replaced") as caught:
        publish(registry, [loaded(tiny)])
    assert changed in caught.value.message and str(listing(registry)["tiny"]["0.1.0"]["digest"]) in caught.value.message
    assert {path.name: path.read_bytes() for path in registry.iterdir()} == before
    edit(tiny, "pack.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    publish(registry, [loaded(tiny)])
    assert list(listing(registry)["tiny"]) == ["0.1.0", "0.2.0"]


def test_of_several_packs_all_or_none_are_published(tiny: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    publish(registry, [loaded(tiny)])
    other = Path(shutil.copytree(tiny, tiny.parent / "other"))
    edit(other, "pack.toml", 'id = "tiny"', 'id = "other"')
    edit(tiny, "pack.toml", 'en = "Tiny"', 'en = "Tinier"')
    with pytest.raises(PackError, match="never replaced"):
        publish(registry, [loaded(other), loaded(tiny)])
    assert list(listing(registry)) == ["tiny"]


def test_of_two_runs_at_once_the_second_is_refused(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "index.json.lock").touch()
    with pytest.raises(PackError, match="another run") as caught:
        publish(tmp_path, [loaded(tiny)])
    assert "remove this file" in caught.value.remedy
    assert (tmp_path / "index.json.lock").exists() and not (tmp_path / "index.json").exists()


def test_an_index_that_cannot_be_read_is_left_alone(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text('{"format": 2, "packs": []}')
    with pytest.raises(PackError, match="expected registry format 1, found 2"):
        publish(tmp_path, [loaded(tiny)])
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["index.json"]


def test_an_archive_that_was_lost_is_put_back(tiny: Path, tmp_path: Path) -> None:
    publish(tmp_path / "registry", [loaded(tiny)])
    (tmp_path / "registry" / "tiny-0.1.0.zip").unlink()
    publish(tmp_path / "registry", [loaded(tiny)])
    assert "pack.toml" in read_archive((tmp_path / "registry" / "tiny-0.1.0.zip").read_bytes(), "x")


@pytest.mark.parametrize("what", ["archive", "digest"])
def test_an_archive_with_another_digest_is_refused_naming_both(tiny: Path, tmp_path: Path, what: str) -> None:
    (done,) = publish(tmp_path, [loaded(tiny)])
    data = (tmp_path / "tiny-0.1.0.zip").read_bytes()
    release = done.release.model_copy(update={what: SHA})
    with pytest.raises(PackError, match=f"expected the digest {SHA}") as caught:
        open_archive(data, "tiny", "0.1.0", release, "x")
    assert str(getattr(done.release, what)) in caught.value.message


def test_versions_are_ordered_as_numbers() -> None:
    index = parse_index(_index({"eu": dict.fromkeys(("0.9.0", "0.10.0", "0.2.11"), RELEASE)}), "x")
    assert index.versions("eu") == ["0.10.0", "0.9.0", "0.2.11"]
    assert index.versions("nobody") == []


def _index(packs: object, number: object = 1) -> bytes:
    return json.dumps({"format": number, "packs": packs}).encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html>", "expected JSON"),
        (b"[" * 100_000, "expected JSON"),
        (b"\xff\xfe", "expected JSON"),
        (b"[]", "expected an index of packs"),
        (_index({}, 2), "expected registry format 1, found 2"),
        (_index({}, None), "expected registry format 1, found None"),
        (_index({"../eu": {"0.1.0": RELEASE}}), "packs"),
        (_index({"eu": {"latest": RELEASE}}), "packs.eu"),
        (_index({"eu": {"9" * 5000 + ".0.0": RELEASE}}), "packs.eu"),
        (_index({"eu": {"0.1.0": {**RELEASE, "file": "../../secret.zip"}}}), "packs.eu.0.1.0.file"),
        (_index({"eu": {"0.1.0": {**RELEASE, "file": "https://elsewhere.example/x.zip"}}}), "packs.eu.0.1.0.file"),
        (_index({"eu": {"0.1.0": {**RELEASE, "digest": "md5:0"}}}), "packs.eu.0.1.0.digest"),
        (_index({"eu": {"0.1.0": {**RELEASE, "extends": ["x >=" + "9" * 5000]}}}), "packs.eu.0.1.0.extends.0"),
        (_index({"eu": {"0.1.0": {**RELEASE, "price": 3}}}), "packs.eu.0.1.0.price"),
    ],
)  # fmt: skip
def test_each_fault_of_an_index_is_named(data: bytes, says: str) -> None:
    with pytest.raises(PackError) as caught:
        parse_index(data, "registry/index.json")
    assert says in caught.value.message and caught.value.remedy and caught.value.origin == "registry/index.json"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_json_is_an_index_or_a_pack_error(value: object) -> None:
    for data in (value, {"format": 1, "packs": value}, {"format": 1, "packs": {"eu": {"0.1.0": value}}}):
        try:
            parse_index(json.dumps(data).encode(), "x")
        except PackError as error:
            assert error.remedy
