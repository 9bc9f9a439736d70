"""A registry: a folder of archives with `index.json`, which says what each one is. No network here.

Format 1 of `index.json`, in UTF-8:

    {"format": 1,
     "packs": {"estonia": {"0.1.0": {
        "file": "estonia-0.1.0.zip",       the archive, beside index.json
        "archive": "sha256:…",             digest of its bytes
        "digest": "sha256:…",              digest of the pack (`endonym.pack.archive.digest_files`)
        "layer": "country", "extends": ["eu >=0.1,<1"], "base_spec": "endonym-base"}}}}

A key more or less is a new format. Readers refuse a format that they do not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from endonym.core.canonical import digest_bytes
from endonym.core.errors import PackError
from endonym.core.ids import PACK_ID
from endonym.pack.archive import digest_files, read_archive, read_files, to_archive
from endonym.pack.load import Pack
from endonym.pack.manifest import EXTENDS, VERSION, Layer, version_parts
from endonym.pack.positions import FileModel

INDEX = "index.json"
INDEX_FORMAT = 1
MAX_INDEX_BYTES = 20_000_000

PackId = Annotated[str, Field(pattern=PACK_ID.pattern)]
Version = Annotated[str, Field(pattern=VERSION)]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class Release(FileModel):
    """One version of a pack as published.

    Attributes:
        file: Name of the archive, beside index.json.
        archive: Digest of the archive's bytes.
        digest: Digest of the pack's files, whatever the archive around them.
    """

    file: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*\.zip$")
    archive: Digest
    digest: Digest
    layer: Layer
    extends: tuple[Annotated[str, Field(pattern=EXTENDS.pattern)], ...] = ()
    base_spec: str


class Index(FileModel):
    """index.json. `packs` is {id: {version: release}}."""

    format: Literal[1] = 1
    packs: dict[PackId, dict[Version, Release]] = Field(default_factory=dict)

    def versions(self, pack_id: str) -> list[str]:
        """Published versions of a pack, the highest first."""
        return sorted(self.packs.get(pack_id, {}), key=version_parts, reverse=True)


@dataclass(frozen=True, slots=True)
class Publication:
    """What `publish` did with one pack; not `new` where these bytes were published already."""

    id: str
    version: str
    release: Release
    new: bool


def parse_index(data: bytes, origin: str) -> Index:
    """Read `index.json`.

    Raises:
        PackError: It is no index, or of a format that this version of Endonym does not know.
    """
    remedy = "Ask whoever runs the registry to mend it."
    if len(data) > MAX_INDEX_BYTES:
        raise PackError(f"expected an index of at most {MAX_INDEX_BYTES:,} bytes, found {len(data):,}", origin=origin, remedy=remedy)
    try:
        read = json.loads(data)
        if isinstance(read, dict) and read.get("format") != INDEX_FORMAT:
            raise PackError(f"expected registry format {INDEX_FORMAT}, found {read.get('format')!r}", origin=origin,
                            remedy="Update Endonym, or name another registry.")  # fmt: skip
        return Index.model_validate(read)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:200] or "the file"
        raise PackError(f"{where}: expected an index of packs, found a fault: {first['msg']}", origin=origin, remedy=remedy) from None
    except (ValueError, RecursionError) as error:
        raise PackError(f"expected JSON, found a fault: {error}", origin=origin, remedy=remedy) from None


def publish(registry: Path, packs: Sequence[Pack]) -> tuple[Publication, ...]:
    """Put packs into the registry in this folder: all of them, or none. The folder is made where there is none.

    Raises:
        PackError: Other files are published under the same version already, another run is writing, or a folder cannot be
            read or written.
    """
    built = [_build(pack) for pack in packs]
    try:
        registry.mkdir(parents=True, exist_ok=True)
        with _claimed(registry) as (index, partial):
            listed = {pack_id: dict(versions) for pack_id, versions in index.packs.items()}
            published = [_list(pack, release, listed) for pack, release, _ in built]
            for publication, (_, release, data) in zip(published, built, strict=True):
                if publication.release.archive == release.archive:
                    _write(registry / release.file, data)
            partial.write_text(_to_json(Index(packs=listed)), "utf-8")
        return tuple(published)
    except OSError as error:
        raise PackError(f"cannot be written: {error.strerror}", origin=str(registry), remedy="Name a folder that you may write to.") from None


def _list(pack: Pack, release: Release, listed: dict[str, dict[str, Release]]) -> Publication:
    pack_id, version = pack.manifest.id, pack.manifest.version
    known = listed.setdefault(pack_id, {}).setdefault(version, release)
    if known.digest != release.digest:
        raise PackError(f"{pack_id} {version} is published with the digest {known.digest}; this folder has {release.digest}, "
                        "and a published version is never replaced", origin=str(pack.folder),
                        remedy="Raise `version` in pack.toml and publish that.")  # fmt: skip
    return Publication(pack_id, version, known, known is release)


def open_archive(data: bytes, pack_id: str, version: str, release: Release, origin: str) -> dict[str, bytes]:
    """The files of a published archive, verified: its bytes and its files have the digests that the index lists.

    Raises:
        PackError: A digest differs, naming both; or the archive is not what `read_archive` accepts.
    """
    name = f"{pack_id} {version}"
    _same(f"{name}: archive", release.archive, digest_bytes(data), origin)
    files = read_archive(data, origin)
    _same(name, release.digest, digest_files(files), origin)
    return files


def _same(name: str, expected: str, found: str, origin: str) -> None:
    if expected != found:
        raise PackError(f"{name}: expected the digest {expected}, found {found}", origin=origin,
                        remedy="It was changed or damaged after it was published; do not use it, and tell whoever runs the registry.")  # fmt: skip


def _build(pack: Pack) -> tuple[Pack, Release, bytes]:
    files = read_files(pack.folder)
    data = to_archive(files)
    head = pack.manifest
    release = Release(file=f"{head.id}-{head.version}.zip", archive=digest_bytes(data), digest=digest_files(files),
                      layer=head.layer, extends=head.extends, base_spec=head.base_spec)  # fmt: skip
    return pack, release, data


@contextmanager
def _claimed(registry: Path) -> Iterator[tuple[Index, Path]]:
    """(the index, the file to write the new one to).

    That file is made first, so that of two runs the second is refused; it takes the index's place in one step at the end.
    """
    path, partial = registry / INDEX, registry / f"{INDEX}.lock"
    try:
        partial.touch(exist_ok=False)
    except FileExistsError:
        raise PackError("expected nobody else to write, found another run's file", origin=str(partial),
                        remedy="Wait for it to end; if none is running, remove this file.") from None  # fmt: skip
    try:
        yield (parse_index(path.read_bytes(), str(path)) if path.exists() else Index()), partial
    except BaseException:
        partial.unlink()
        raise
    partial.replace(path)


def _write(path: Path, data: bytes) -> None:
    if path.exists() and path.read_bytes() == data:
        return
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)


def _to_json(index: Index) -> str:
    return json.dumps(index.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
