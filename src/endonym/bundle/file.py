"""The file format of a bundle: a deterministic ZIP whose `bundle.json` lists the digest of every other entry.

Entries are stored without compression, in a fixed order, with a fixed date, so the same contents give the same bytes
on every machine. The bundle's digest is that of `bundle.json`.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from endonym.bundle.bundle import Bundle
from endonym.bundle.contents import BUNDLE_FORMAT, Contents
from endonym.core.canonical import canonical_json, digest_bytes
from endonym.core.errors import BundleError

MAX_BYTES = 512_000_000
_DATE = (1980, 1, 1, 0, 0, 0)
_REBUILD = "Build it again with `endonym build`."


def to_bytes(contents: Contents) -> tuple[bytes, str]:
    """(the bytes of the bundle, its digest)."""
    dump: dict[str, Any] = contents.model_dump(mode="json", by_alias=True)
    entries = {f"content/{name}.json": canonical_json(value) for name, value in sorted(dump.items())}
    listing = {"format": BUNDLE_FORMAT, "entries": {name: digest_bytes(data) for name, data in entries.items()}}
    index = canonical_json(listing)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {"bundle.json": index, **entries}.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue(), digest_bytes(index)


def write_bundle(contents: Contents, path: Path) -> str:
    """Write a bundle, whole or not at all; returns its digest."""
    data, digest = to_bytes(contents)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)
    return digest


def read_bundle(path: Path) -> Bundle:
    """Read and verify a bundle.

    Raises:
        BundleError: The file is missing, is no bundle, or its bytes differ from the digests it lists.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BundleError(f"expected at most {MAX_BYTES:,} bytes, found {size:,}", origin=str(path))
        return read_bytes(path.read_bytes(), str(path))
    except OSError as error:
        raise BundleError(f"cannot be read: {error.strerror}", origin=str(path), remedy="Check the path.") from None


def read_bytes(data: bytes, origin: str) -> Bundle:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
                raise BundleError("expected stored entries, found compressed ones", origin=origin, remedy=_REBUILD)
            entries = {info.filename: archive.read(info) for info in infos}
        index = entries.pop("bundle.json")
        listed = json.loads(index)
        if listed.get("format") != BUNDLE_FORMAT:
            raise BundleError(f"expected bundle format {BUNDLE_FORMAT}, found {listed.get('format')!r}", origin=origin,
                              remedy=_REBUILD)  # fmt: skip
        found = {name: digest_bytes(entry) for name, entry in entries.items()}
    except (zipfile.BadZipFile, KeyError, ValueError, AttributeError, NotImplementedError, RuntimeError, EOFError) as error:
        raise BundleError(f"expected a bundle, found another or a damaged file ({error})", origin=origin, remedy=_REBUILD) from None
    if found != listed.get("entries"):
        wrong = sorted(set(found.items()) ^ set((listed.get("entries") or {}).items()))
        raise BundleError(f"{wrong[0][0]}: its bytes differ from the listed digest, so it was changed after it was built",
                          origin=origin, remedy="Get the bundle again from where it was published.")  # fmt: skip
    try:
        dump = {name.removeprefix("content/").removesuffix(".json"): json.loads(entry) for name, entry in entries.items()}
        contents = Contents.model_validate(dump)
    except (ValidationError, ValueError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        where = ".".join(str(part) for part in first["loc"])
        raise BundleError(f"{where}: {first['msg']}", origin=origin, remedy=_REBUILD) from None
    return Bundle(contents, digest_bytes(index))
