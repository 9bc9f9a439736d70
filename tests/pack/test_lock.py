"""pack.lock: written, read, and compared with what lies beside a pack."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.core.diagnostics import Diagnostic
from endonym.pack.archive import digest_folder
from endonym.pack.lock import Lock, Locked, read_lock, write_lock
from endonym.pack.stack import load_stack
from endonym.spec import base_spec
from tests.pack.test_load import edit


@pytest.fixture
def school(tiny: Path) -> Path:
    """A school's pack that extends the tiny one beside it, locked."""
    folder = Path(shutil.copytree(tiny, tiny.parent / "school"))
    for name in ("adaptations", "cases", "curriculum", "knowledge", "lessons", "sources"):
        shutil.rmtree(folder / name)
    (folder / "glossary.csv").unlink()
    (folder / "locale.toml").unlink()
    edit(folder, "pack.toml", 'id = "tiny"', 'id = "school"\nextends = ["tiny >=0.1,<1"]')
    edit(folder, "pack.toml", 'layer = "country"', 'layer = "school"')
    write_lock(Lock(pack=(locked(tiny),)), folder)
    return folder


def locked(folder: Path, version: str = "0.1.0", origin: str = "sibling") -> Locked:
    return Locked.model_validate({"id": folder.name, "version": version, "digest": digest_folder(folder), "from": origin})


def found(folder: Path) -> list[Diagnostic]:
    stack = load_stack(folder, base_spec(), (MarkdownReader(),))
    return [d for d in stack.diagnostics if d.span.file == f"{folder.name}/pack.lock"]


def test_a_lock_reads_as_a_person_would_write_it_and_comes_back(school: Path, tiny: Path) -> None:
    assert (school / "pack.lock").read_text() == (
        "# Written by `endonym lock`. Keep it with the pack; do not edit it.\nformat = 1\n\n"
        f'[[pack]]\nid = "tiny"\nversion = "0.1.0"\ndigest = "{digest_folder(tiny)}"\nfrom = "sibling"\n'
    )
    lock, faults = read_lock(school)
    assert faults == () and lock is not None
    assert (lock.pack[0].id, lock.pack[0].origin, lock.pack[0].line) == ("tiny", "sibling", 4)
    assert write_lock(lock, school) is False


def test_a_current_lock_is_silent_and_is_a_known_file(school: Path) -> None:
    stack = load_stack(school, base_spec(), (MarkdownReader(),))
    assert [d for d in stack.diagnostics if d.code in ("LY006", "PK009")] == []
    assert [pack.manifest.id for pack in stack.packs] == ["tiny", "school"]


def test_a_sibling_that_changed_since_is_a_warning_with_both_digests(school: Path, tiny: Path) -> None:
    before = digest_folder(tiny)
    edit(tiny, "CHANGELOG.md", "0.1.0", "0.1.1")
    (warning,) = found(school)
    assert (warning.code, warning.name, warning.severity, warning.span.line) == ("LY006", "lock-outdated", "warning", 4)
    assert before in warning.message and digest_folder(tiny) in warning.message
    assert "`endonym lock`" in warning.remedy


def test_a_lock_that_knows_too_little_or_too_much_is_outdated(school: Path, tiny: Path) -> None:
    write_lock(Lock(), school)
    assert [d.message for d in found(school)] == ["expected an entry for tiny, found none"]
    other = Path(shutil.copytree(tiny, tiny.parent / "other"))
    write_lock(Lock(pack=(locked(other), locked(tiny))), school)
    assert [(d.code, d.span.line) for d in found(school)] == [("LY006", 4)]
    assert "found other, which it does not" in found(school)[0].message


def test_a_lock_that_no_longer_fits_is_outdated(school: Path, tiny: Path) -> None:
    edit(school, "pack.toml", "tiny >=0.1,<1", "tiny >=0.5")
    assert [d.message for d in found(school)] == ["expected 'tiny >=0.5' as `extends` says, found 0.1.0"]
    shutil.rmtree(tiny)
    assert [d.message for d in found(school)] == ["expected tiny 0.1.0 from the folder beside this pack, found none"]


def test_without_a_lock_nothing_is_said(school: Path) -> None:
    (school / "pack.lock").unlink()
    assert found(school) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("format = 1", "format = 2", "PK010", "format"),
        ('version = "0.1.0"', 'version = "new"', "PK010", "version"),
        ('from = "sibling"', 'from = "friend"', "PK010", "friend"),
        ('id = "tiny"', 'id = "../tiny"', "PK010", "../tiny"),
        ("[[pack]]", "[[pack", "PK004", "TOML"),
    ],
)
def test_each_fault_of_a_lock_names_its_line(school: Path, old: str, new: str, code: str, says: str) -> None:
    line = edit(school, "pack.lock", old, new)
    (fault,) = found(school)
    assert (fault.code, fault.span.line) == (code, line) and says in fault.message


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_lock_or_a_diagnostic(school: Path, data: bytes) -> None:
    (school / "pack.lock").write_bytes(data)
    lock, faults = read_lock(school)
    assert (lock is None) == bool(faults) and all(fault.remedy for fault in faults)
