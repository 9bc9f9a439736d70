"""Archives of packs: the same bytes everywhere, and nothing hostile gets out of one."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.core.errors import PackError
from endonym.pack.archive import (
    MAX_FILES,
    digest_files,
    digest_folder,
    read_archive,
    read_files,
    to_archive,
    write_files,
)

names = st.text("abcäõ한-_x1", min_size=1, max_size=6)
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
packs = st.dictionaries(paths, st.binary(max_size=50), max_size=8).map(lambda files: {**_apart(files), "pack.toml": b"x"})


def _apart(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without files that stand where another needs a folder."""
    return {path: data for path, data in files.items() if not any(other.startswith(f"{path}/") for other in files)}


@given(files=packs, order=st.randoms())
def test_packing_and_unpacking_is_identity_and_order_does_not_matter(files: dict[str, bytes], order: object) -> None:
    data = to_archive(files)
    assert read_archive(data, "x") == files
    shuffled = list(files.items())
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert to_archive(dict(shuffled)) == data
    assert digest_files(dict(shuffled)) == digest_files(files)


def test_the_digest_can_be_computed_with_other_tools(tiny: Path) -> None:
    listing = {
        path.relative_to(tiny).as_posix(): "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tiny.rglob("*") if path.is_file()
    }  # fmt: skip
    canonical = json.dumps(listing, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert digest_folder(tiny) == "sha256:" + hashlib.sha256(canonical).hexdigest()


def test_hidden_files_and_the_lock_are_no_part_of_a_pack_and_everything_else_is(tiny: Path, tmp_path: Path) -> None:
    before = digest_folder(tiny)
    for name in (".DS_Store", "lessons/._fotosuntees.et.md", ".git/HEAD", "pack.lock"):
        (tiny / name).parent.mkdir(exist_ok=True)
        (tiny / name).write_text("x")
    assert digest_folder(tiny) == before
    write_files(read_archive(to_archive(read_files(tiny)), "x"), tmp_path / "out" / "tiny")
    assert digest_folder(tmp_path / "out" / "tiny") == before
    (tiny / "README.md").write_text("x")
    assert digest_folder(tiny) != before


@pytest.mark.parametrize("name", ["adaptations/link.md", "link"])
def test_a_folder_with_a_link_is_not_packed(tiny: Path, name: str) -> None:
    (tiny / name).symlink_to("/etc" if name == "link" else "/etc/hostname")
    with pytest.raises(PackError, match="found a link"):
        read_files(tiny)


def _zip(*entries: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("pack.toml", b"")
        for name, data in entries:
            archive.writestr(name, data)
    return stream.getvalue()


def _link() -> bytes:
    info = zipfile.ZipInfo("adaptations/x.md")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return _zip((info, b"/etc/passwd"))


def _same_bytes_many_times() -> bytes:
    """The bomb of overlapping entries: 300 names for one megabyte."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("pack.toml", bytes(1_000_000))
        first = archive.filelist[0]
        for number in range(300):
            info = zipfile.ZipInfo(f"knowledge/{number}")
            for key in ("header_offset", "file_size", "compress_size", "CRC"):
                setattr(info, key, getattr(first, key))
            archive.filelist.append(info)
    return stream.getvalue()


def _encrypted() -> bytes:
    data = bytearray(_zip())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("parent folder", lambda: _zip(("../evil.md", b"")), "leads elsewhere"),
    ("parent folder inside", lambda: _zip(("lessons/../../evil.md", b"")), "leads elsewhere"),
    ("absolute", lambda: _zip(("/etc/cron.d/evil", b"")), "leads elsewhere"),
    ("backslashes", lambda: _zip(("..\\evil.md", b"")), "leads elsewhere"),
    ("drive", lambda: _zip(("C:evil.md", b"")), "leads elsewhere"),
    ("link", _link, "found a link, a folder or a device"),
    ("empty part", lambda: _zip(("lessons//x.md", b"")), "every system can hold"),
    ("folder entry", lambda: _zip(("lessons/", b"")), "found a link, a folder or a device"),
    ("control character", lambda: _zip(("a\nb.md", b"")), "every system can hold"),
    ("long path", lambda: _zip(("x" * 201, b"")), "at most 200 characters"),
    ("hidden", lambda: _zip((".git/hooks/post-checkout", b"")), "hidden file"),
    ("lock", lambda: _zip(("pack.lock", b"")), "hidden file or a lock"),
    ("case alone", lambda: _zip(("Lessons/a.md", b""), ("lessons/A.md", b"")), "differ in more than case"),
    ("composed and decomposed", lambda: _zip(("\u00f5.md", b""), ("o\u0303.md", b"")), "differ in more than case"),
    ("file above file", lambda: _zip(("a", b""), ("a/b", b"")), "expected a folder above"),
    ("compressed bomb", lambda: _zip(("x.md", bytes(50_000_000)), compression=zipfile.ZIP_DEFLATED), "found a compressed one"),
    ("overlapping bomb", _same_bytes_many_times, "at most 200,000,000 bytes"),
    ("encrypted", _encrypted, "encrypted"),
    ("no pack.toml", lambda: to_archive({"x": b""}), "no pack.toml"),
    ("too many", lambda: _zip(*((f"k/{n}", b"") for n in range(MAX_FILES + 1))), "at most 20,000 files"),
    ("a directory of nothing but entries", lambda: b"PK\x01\x02" * 200_001, "at most 20,000 files"),
    ("cut off", lambda: _zip(("x.md", b"x" * 100))[:-40], "another or a damaged file"),
    ("no archive", lambda: b"<html>404</html>", "another or a damaged file"),
    ("nothing", lambda: b"", "another or a damaged file"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "says"), [(data, says) for _, data, says in HOSTILE], ids=[name for name, _, _ in HOSTILE])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_archives_are_refused_in_words(data: Callable[[], bytes], says: str) -> None:
    with pytest.raises(PackError, match=says) as caught:
        read_archive(data(), "evil.zip")
    assert caught.value.origin == "evil.zip" and caught.value.remedy


@settings(max_examples=300)
@given(data=st.data())
def test_damage_ends_in_words_or_changes_nothing_but_dates_and_rights(data: st.DataObject) -> None:
    files = {"pack.toml": b"format = 1", "lessons/a/b.et.md": b"text" * 10}
    whole = to_archive(files)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 3)) :]
    try:
        read = read_archive(damaged, "x")
    except PackError as error:
        assert error.remedy
    else:
        assert sorted(read.values()) == sorted(files.values())
