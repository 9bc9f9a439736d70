"""A pack as one file: which of its files count, their digest, and the archive that a registry keeps.

An archive is a ZIP whose entries are stored without compression, in order of path, with a fixed date: the same files give
the same bytes on every machine (compressed bytes differ between versions of zlib), and an archive is never larger unpacked.
Archives come from strangers, so reading one trusts nothing in it.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from endonym.core.canonical import digest_bytes, digest_json
from endonym.core.errors import PackError

MAX_BYTES = 200_000_000
"""Of all files of a pack together; an archive may be as large again as its list of files needs."""
MAX_FILES = 20_000
MAX_PATH = 200
LOCK_FILE = "pack.lock"

_DATE = (1980, 1, 1, 0, 0, 0)
_ENTRY = b"PK\x01\x02"
_GET_AGAIN = "Do not use it; tell whoever runs the registry."


def pack_files(folder: Path) -> dict[str, Path]:
    """The files that make up a pack, by their path inside it, in order. Hidden files and pack.lock are not part of it.

    Raises:
        PackError: A link, a name that some system cannot hold, or more than an archive may hold.
    """
    found: dict[str, Path] = {}
    for where, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in (*folders, *names):
            path = Path(where, name)
            if path.is_symlink() and not name.startswith("."):
                raise PackError("expected files and folders, found a link", origin=str(path),
                                remedy="Copy what it points to into the pack.")  # fmt: skip
        for name in names:
            inside = Path(where, name).relative_to(folder).as_posix()
            if not name.startswith(".") and inside != LOCK_FILE:
                found[inside] = Path(where, name)
    _agree(found, str(folder), "Rename or remove it.")
    _fits(len(found), sum(path.stat().st_size for path in found.values()), str(folder), "Split the pack.")
    return dict(sorted(found.items()))


def read_files(folder: Path) -> dict[str, bytes]:
    """The bytes of each file of a pack, by path, in order.

    Raises:
        PackError: As `pack_files`, or a file cannot be read.
    """
    return {inside: _bytes(path) for inside, path in pack_files(folder).items()}


def digest_files(files: Mapping[str, bytes]) -> str:
    """The digest of a pack: that of the RFC 8785 JSON of {path: digest of its bytes}."""
    return digest_json({path: digest_bytes(data) for path, data in files.items()})


def digest_folder(folder: Path) -> str:
    """The digest of the pack in `folder`, equal to `digest_files` of its files; one file at a time is in memory.

    Raises:
        PackError: As `read_files`.
    """
    return digest_json({inside: digest_bytes(_bytes(path)) for inside, path in pack_files(folder).items()})


def to_archive(files: Mapping[str, bytes]) -> bytes:
    """The archive of a pack; the same files give the same bytes, whatever their order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for path, data in sorted(files.items()):
            info = zipfile.ZipInfo(path, _DATE)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, data)
    return stream.getvalue()


def read_archive(data: bytes, origin: str) -> dict[str, bytes]:
    """The files of an archive by path. Nothing is written, and no more is read than the limits of this module allow.

    Raises:
        PackError: It is no archive of a pack, or holds what such an archive never does: compressed or encrypted entries,
            links, paths that lead outside, names that differ in case alone, hidden files, too many or too large files.
    """
    # Each entry of the directory at the end costs memory before it can be judged; documents inside may hold ZIPs themselves.
    if data.count(_ENTRY) > 10 * MAX_FILES:
        raise PackError(f"expected at most {MAX_FILES:,} files, found more", origin=origin, remedy=_GET_AGAIN)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            for info in infos:
                _plain(info, origin)
            _agree((info.orig_filename for info in infos), origin, _GET_AGAIN)
            _fits(len(infos), sum(info.file_size for info in infos), origin, _GET_AGAIN)
            files = {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise PackError(f"expected the archive of a pack, found another or a damaged file ({error})", origin=origin,
                        remedy=_GET_AGAIN) from None  # fmt: skip
    if "pack.toml" not in files:
        raise PackError("expected the archive of a pack, found no pack.toml in it", origin=origin, remedy=_GET_AGAIN)
    return files


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files that `read_archive` gave into a new folder.

    Raises:
        PackError: The folder exists or cannot be written.
    """
    try:
        folder.mkdir(parents=True)
        for path, data in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as error:
        raise PackError(f"cannot be written: {error.strerror}", origin=str(folder),
                        remedy="Make room, or set `state` to a folder that you may write to.") from None  # fmt: skip


def _plain(info: zipfile.ZipInfo, origin: str) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        fault = "expected files only, found a link, a folder or a device"
    elif info.flag_bits & 0x1:
        fault = "expected readable entries, found an encrypted one"
    elif info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        fault = f"expected stored entries, found a compressed one that claims {info.file_size:,} bytes"
    else:
        return
    raise PackError(f"{info.filename[:MAX_PATH]!r}: {fault}", origin=origin, remedy=_GET_AGAIN)


def _agree(paths: Iterable[str], origin: str, remedy: str) -> None:
    """Refuse paths that lead outside, that some system cannot hold, or that two files would share on some system."""
    seen: dict[str, str] = {}
    for path in paths:
        if fault := _path_fault(path):
            raise PackError(f"{path[:MAX_PATH]!r}: {fault}", origin=origin, remedy=remedy)
        key = unicodedata.normalize("NFC", path).casefold()
        if key in seen:
            raise PackError(f"{path!r}: expected names that differ in more than case, found {seen[key]!r} too", origin=origin,
                            remedy=remedy)  # fmt: skip
        seen[key] = path
    for key, path in seen.items():
        parents = key.split("/")[:-1]
        if any("/".join(parents[:end]) in seen for end in range(1, len(parents) + 1)):
            raise PackError(f"{path!r}: expected a folder above it, found a file of that name", origin=origin, remedy=remedy)


def _path_fault(path: str) -> str:
    """What is wrong with a path inside a pack, or ""."""
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "\\" in path or ":" in path:
        return "expected a path inside the pack, found one that leads elsewhere"
    if any(part.startswith(".") for part in parts) or path == LOCK_FILE:
        return "expected a file of the pack, found a hidden file or a lock"
    if len(path) > MAX_PATH:
        return f"expected a path of at most {MAX_PATH} characters, found {len(path):,}"
    if any(not part or part[-1] in ". " for part in parts) or any(unicodedata.category(c) in ("Cc", "Cs") for c in path):
        return "expected a name that every system can hold, found an empty part, a control character or a dot at the end"
    return ""


def _fits(count: int, size: int, origin: str, remedy: str) -> None:
    if count > MAX_FILES:
        raise PackError(f"expected at most {MAX_FILES:,} files, found {count:,}", origin=origin, remedy=remedy)
    if size > MAX_BYTES:
        raise PackError(f"expected at most {MAX_BYTES:,} bytes, found {size:,}", origin=origin, remedy=remedy)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _unreadable(error)


def _unreadable(error: OSError) -> NoReturn:
    raise PackError(f"cannot be read: {error.strerror}", origin=str(error.filename), remedy="Check that you may read it.") from None
