"""Formats of packs: what is said of another one, and bringing an old pack up to date."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.core.errors import PackError
from endonym.pack.load import UnreadablePack, load, read_manifest
from endonym.pack.manifest import FORMAT
from endonym.pack.migrate import MIGRATIONS, migrate
from tests.pack.test_load import edit

OLD = '''# Pisike: a pack from before the key `format`.
id = "tiny"   # the folder's name

[audiences.student]
minor = true  # they are
title = {et = "minor = 1"}

["audiences".teacher]
'minor' = false
'''


def old(folder: Path) -> None:
    """Lay the tiny pack back to format 0."""
    edit(folder, "pack.toml", "format = 1\n", "")
    text = (folder / "pack.toml").read_text("utf-8")
    (folder / "pack.toml").write_text(text.replace("minors = ", "minor = "), "utf-8")


def test_there_is_a_migration_from_each_format_to_the_next() -> None:
    assert len(MIGRATIONS) == FORMAT


@pytest.mark.parametrize(
    ("written", "found", "remedy"),
    [
        ("", "found no key `format`", "`endonym check --fix`"),
        ("format = 0\n", "found 0", "`endonym check --fix`"),
        ("format = 2\n", "found 2", "Update Endonym"),
        ('format = "1"\n', "found '1'", "as a number"),
        ("format = true\n", "found True", "as a number"),
    ],
)
def test_another_format_has_a_code_of_its_own(tiny: Path, written: str, found: str, remedy: str) -> None:
    edit(tiny, "pack.toml", "format = 1\n", written)
    pack = load(tiny, (MarkdownReader(),))
    (fault,) = pack.diagnostics
    assert (fault.code, fault.name, fault.severity, fault.span.line) == ("PK016", "pack-format", "error", 1)
    assert fault.message == f"expected format = 1, {found}" and remedy in fault.remedy
    assert len(pack.adaptations) == 2


def test_keys_of_another_format_are_not_reported_as_faults(tiny: Path) -> None:
    edit(tiny, "pack.toml", "format = 1\n", "format = 7\nmood = 3\n")
    with pytest.raises(UnreadablePack, match="expected format = 1, found 7") as caught:
        load(tiny, (MarkdownReader(),))
    assert [d.code for d in caught.value.diagnostics] == ["PK016"]


def test_every_fault_of_pack_toml_is_there(tiny: Path) -> None:
    edit(tiny, "pack.toml", 'layer = "country"', 'layer = "planet"')
    edit(tiny, "pack.toml", 'licence = "CC-BY-4.0"', "mood = 3")
    with pytest.raises(UnreadablePack) as caught:
        load(tiny, (MarkdownReader(),))
    assert [d.message.split(":")[0] for d in caught.value.diagnostics] == ["licence", "layer", "mood"]


def test_an_old_pack_is_read_again_after_migrating(tiny: Path) -> None:
    right = (tiny / "pack.toml").read_bytes()
    old(tiny)
    with pytest.raises(UnreadablePack):
        load(tiny, (MarkdownReader(),))
    assert migrate(tiny) == [tiny / "pack.toml"]
    assert (tiny / "pack.toml").read_bytes() == right
    assert load(tiny, (MarkdownReader(),)).diagnostics == ()
    assert migrate(tiny) == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_order_and_line_ends_stay(tmp_path: Path, end: str) -> None:
    path = tmp_path / "pack.toml"
    path.write_bytes(OLD.replace("\n", end).encode())
    path.chmod(0o640)
    migrate(tmp_path)
    assert path.read_bytes().decode().split(end) == [
        "format = 1", *OLD.replace("minor = true", "minors = true").replace("'minor' = f", "'minors' = f").split("\n")
    ]  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["pack.toml"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("format = 2\n", "format = 1 or an older one, found 2"),
        ("format = -1\n", "found -1"),
        ('format = "0"\n', "found '0'"),
        ("format = \n", "expected TOML"),
        ('audiences = {student = {"mi\\u006eor" = true}}\n', "unusual spelling"),
    ],
)
def test_what_cannot_be_migrated_is_said_and_nothing_is_changed(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(text)
    with pytest.raises(PackError, match=says) as caught:
        migrate(tmp_path)
    assert caught.value.remedy and path.read_text() == text


def test_a_folder_without_a_pack(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"no pack\.toml"):
        migrate(tmp_path)


names = st.from_regex(r"[a-z]{1,6}", fullmatch=True).filter(lambda name: name not in ("format", "audiences"))
values = st.booleans() | st.integers(0, 9)
audiences = st.dictionaries(names, st.fixed_dictionaries({"minor": st.booleans()}), max_size=3)
form = st.sampled_from(["table", "dotted", "inline", "one line"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.dictionaries(names, values, max_size=3), named=audiences, written=form, number=st.none() | st.just(0))
def test_nothing_but_the_renamed_keys_changes(
    tmp_path: Path, keys: dict[str, Any], named: dict[str, dict[str, bool]], written: str, number: int | None
) -> None:
    flags = {name: str(value["minor"]).lower() for name, value in named.items()}
    lines = [f"{key} = {str(value).lower()}" for key, value in keys.items()]
    lines += [] if number is None else ["format=0 # old"]
    if written == "table":
        lines += [line for name, flag in flags.items() for line in (f"[audiences.{name}]", f"minor = {flag}")]
    elif written == "dotted":
        lines += [f"audiences.{name}.minor = {flag}" for name, flag in flags.items()]
    elif written == "inline":
        lines += ["[audiences]", *(f"{name} = {{ minor = {flag} }}" for name, flag in flags.items())]
    else:
        lines.append("audiences = {" + ", ".join(f"{name} = {{minor = {flag}}}" for name, flag in flags.items()) + "}")
    path = tmp_path / "pack.toml"
    path.write_text("\n".join(lines))
    before = tomllib.loads(path.read_text())
    migrate(tmp_path)
    after = tomllib.loads(path.read_text())
    renamed = {name: {"minors": value["minor"]} for name, value in named.items()}
    assert after == {**before, "format": FORMAT} | ({"audiences": renamed} if "audiences" in before else {})


def test_the_manifest_alone(tiny: Path) -> None:
    assert (read_manifest(tiny).id, read_manifest(tiny).version) == ("tiny", "0.1.0")
