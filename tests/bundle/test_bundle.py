import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.bundle import read_bundle, read_bytes, write_bundle
from endonym.bundle.file import to_bytes
from endonym.core.errors import BundleError
from endonym.wiring.packs import compile_pack

DAY = date(2026, 11, 24)


@pytest.fixture
def built(tiny: Path, tmp_path: Path) -> Path:
    contents, _ = compile_pack(tiny, DAY)
    write_bundle(contents, tmp_path / "tiny.bundle")
    return tmp_path / "tiny.bundle"


def test_the_same_bytes_elsewhere_in_another_time_zone_locale_and_hash_seed(tiny: Path, built: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "some where" / "packs"
    elsewhere.parent.mkdir()
    tiny.parent.rename(elsewhere)
    environment = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    command = [sys.executable, "-m", "endonym", "build", str(elsewhere / "tiny"), "-o", "again.bundle", "--as-of", "2026-11-24"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert (tmp_path / "again.bundle").read_bytes() == built.read_bytes()


def test_what_was_compiled_comes_back(tiny: Path, built: Path) -> None:
    contents, _ = compile_pack(tiny, DAY)
    assert read_bundle(built).contents == read_bytes(to_bytes(contents)[0], "x").contents
    assert read_bundle(built).lesson("biology/fotosuntees", "et") is not None


def test_the_order_of_files_does_not_matter(tiny: Path, built: Path) -> None:
    for old, new in (("omit_child.md", "zz.md"), ("reply_in_estonian.md", "aa.md")):
        (tiny / "adaptations" / old).rename(tiny / "adaptations" / new)
    contents, _ = compile_pack(tiny, DAY)
    names = {a.id: a.instruction for a in read_bundle(built).contents.adaptations}
    assert {a.id: a.instruction for a in contents.adaptations} == names


def test_a_changed_entry_is_noticed(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries["content/glossary.json"] = entries["content/glossary.json"].replace(b"roheline", b"punane")
    with zipfile.ZipFile(built, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    with pytest.raises(BundleError, match=r"content/glossary\.json.*changed after it was built"):
        read_bundle(built)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=600))
def test_any_bytes_are_a_bundle_or_a_clear_error(data: bytes) -> None:
    with pytest.raises(BundleError):
        read_bytes(data, "x")


def test_a_pack_with_an_error_does_not_compile(tiny: Path) -> None:
    path = tiny / "adaptations/reply_in_estonian.md"
    path.write_text(path.read_text("utf-8").replace("effect: specialise", "effect: specialize"), "utf-8")
    with pytest.raises(BundleError, match="does not compile"):
        compile_pack(tiny, DAY)
