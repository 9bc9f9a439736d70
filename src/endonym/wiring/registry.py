"""Registries over the network or in a folder, the cache of packs taken from them, and making a lock."""

from __future__ import annotations

import http.client
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from endonym.core.errors import PackError
from endonym.pack.archive import MAX_BYTES, digest_folder, write_files
from endonym.pack.load import read_manifest
from endonym.pack.lock import Lock, Locked
from endonym.pack.registry import INDEX, MAX_INDEX_BYTES, Index, Release, open_archive, parse_index
from endonym.pack.stack import sibling
from endonym.pack.versions import Candidate, choose_versions
from endonym.wiring.settings import Settings

TIMEOUT_S = 30.0
"""For each step of a transfer: connecting, and each piece that arrives."""
MAX_ARCHIVE_BYTES = 2 * MAX_BYTES

_PIECE = 1 << 16
_WEB = ("http", "https")

Progress = Callable[[str], None]


class Registry:
    """The registry at an address: a folder, or http(s).

    Raises:
        PackError: The address has another scheme; and from each method, what cannot be read or is not what its index says.
    """

    def __init__(self, address: str, progress: Progress = lambda _: None) -> None:
        scheme = urlsplit(address).scheme if "://" in address else ""
        if scheme and scheme.lower() not in _WEB:
            raise PackError(f"expected a folder or an http(s) address, found {address!r}", origin="registry",
                            remedy="Correct `registry` in endonym.toml, ENDONYM_REGISTRY or --registry.")  # fmt: skip
        self.address = address.rstrip("/") if scheme else address
        self._remote = bool(scheme)
        self._progress = progress
        self._index: Index | None = None

    def index(self) -> Index:
        """The index, read once."""
        if self._index is None:
            place = self._place(INDEX)
            self._index = parse_index(self._read(place, MAX_INDEX_BYTES, "index of packs"), place)
        return self._index

    def files(self, pack_id: str, version: str) -> dict[str, bytes]:
        """The files of a published pack, verified against the index."""
        release = self.release(pack_id, version)
        place = self._place(release.file)
        return open_archive(self._read(place, MAX_ARCHIVE_BYTES, f"{pack_id} {version}"), pack_id, version, release, place)

    def release(self, pack_id: str, version: str) -> Release:
        release = self.index().packs.get(pack_id, {}).get(version)
        if release is None:
            there = ", ".join(self.index().versions(pack_id)) or "no version of it"
            raise PackError(f"expected {pack_id} {version} in the registry, found {there}", origin=self.address,
                            remedy="Run `endonym lock` anew, or name the registry that has it.")  # fmt: skip
        return release

    def _place(self, name: str) -> str:
        return f"{self.address}/{name}" if self._remote else str(Path(self.address, name))

    def _read(self, place: str, limit: int, what: str) -> bytes:
        with self._open(place) as (stream, size):
            if size > limit:
                raise _too_large(place, limit)
            data = bytearray()
            while piece := stream.read(_PIECE):
                data += piece
                if len(data) > limit:
                    raise _too_large(place, limit)
                if self._remote:
                    done, total = len(data) // 1024, max(size, len(data)) // 1024
                    self._progress(f"downloading {what}: {done} of {total} KB")
            if size > len(data):
                raise PackError(f"expected {size:,} bytes, found {len(data):,}: the transfer broke off", origin=place, remedy=_TRY_AGAIN)
            return bytes(data)

    @contextmanager
    def _open(self, place: str) -> Iterator[tuple[IO[bytes] | HTTPResponse, int]]:
        """(what to read from, its size in bytes or 0 where nobody says)."""
        try:
            if self._remote:
                with _opener().open(urllib.request.Request(place, headers={"User-Agent": "endonym"}), timeout=TIMEOUT_S) as reply:
                    said = reply.headers.get("Content-Length", "")
                    yield reply, int(said) if said.isdecimal() else 0
            else:
                with Path(place).open("rb") as file:
                    yield file, os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            raise PackError("expected a registry's file, found none", origin=place,
                            remedy="Name a registry; `endonym registry add DIR PACK` makes one.") from None  # fmt: skip
        except urllib.error.HTTPError as error:
            error.close()
            raise PackError(f"expected the registry's file, found the answer {error.code} {error.reason}", origin=place,
                            remedy="Check the address.") from None  # fmt: skip
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
            raise PackError(f"cannot be read: {reason}", origin=place, remedy=_TRY_AGAIN) from None


_TRY_AGAIN = "Check the network and the address, and try again. Packs that were taken before need no network."


def _too_large(place: str, limit: int) -> PackError:
    return PackError(f"expected at most {limit:,} bytes, found more", origin=place, remedy="Do not use this registry; tell whoever runs it.")


def may_redirect(old: str, new: str) -> bool:
    """Whether a registry may send a reader on: to http(s) only, and never from https to http."""
    before, after = urlsplit(old).scheme.lower(), urlsplit(new).scheme.lower()
    return after in _WEB and not (before == "https" and after == "http")


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if not may_redirect(req.full_url, newurl):
            raise urllib.error.HTTPError(req.full_url, code, f"a redirect to {newurl!r}, which is refused", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Opens http and https and nothing else: urllib's usual opener knows file: and ftp: too."""
    opener = urllib.request.OpenerDirector()
    for part in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
                 urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor(), _Redirects()):  # fmt: skip
        opener.add_handler(part)
    return opener


def locked_pack(entry: Locked, settings: Settings, progress: Progress) -> Path:
    """The folder of a pack that a lock takes from the registry; see `cached_pack`."""

    def registry() -> Registry:
        if not settings.registry:
            raise PackError(f"{entry.id} {entry.version}: pack.lock takes it from a registry; expected its address, found none", origin="registry",
                            remedy="Set `registry` in endonym.toml or ENDONYM_REGISTRY.")  # fmt: skip
        return Registry(settings.registry, progress)

    return cached_pack(settings.state, entry.id, entry.version, entry.digest, registry)


def cached_pack(state: Path, pack_id: str, version: str, digest: str, registry: Callable[[], Registry]) -> Path:
    """The folder of a pack in the cache, its digest proved, taken from the registry where the cache has none.

    It is state/packs/<id>/<version>/<id>: a pack's folder bears its id.

    Args:
        registry: Called only when something must be taken from it, so a warm cache needs no network.

    Raises:
        PackError: The pack here or in the registry has another digest; or it cannot be had.
    """
    place = state / "packs" / pack_id / version
    folder = place / pack_id
    if not folder.is_dir():
        _fill(place, folder, pack_id, version, digest, registry())
    found = digest_folder(folder)
    if found != digest:
        raise PackError(f"{pack_id} {version}: expected the digest {digest}, found {found}", origin=str(place),
                        remedy="Remove this folder, so that it is taken from the registry again.")  # fmt: skip
    return folder


def _fill(place: Path, folder: Path, pack_id: str, version: str, digest: str, registry: Registry) -> None:
    release = registry.release(pack_id, version)
    if release.digest != digest:
        raise PackError(f"{pack_id} {version}: expected the digest {digest} as in pack.lock, found {release.digest}", origin=registry.address,
                        remedy="A published version must never change: ask whoever runs the registry, then run `endonym lock`.")  # fmt: skip
    files = registry.files(pack_id, version)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Another process may fill the same place: each writes beside it, and the first to finish takes it.
        beside = Path(tempfile.mkdtemp(prefix=f".{version}-", dir=place.parent))
    except OSError as error:
        raise PackError(f"cannot be written: {error.strerror}", origin=str(place.parent),
                        remedy="Set `state` to a folder that you may write to.") from None  # fmt: skip
    try:
        write_files(files, beside / pack_id)
        _expect(beside / pack_id, pack_id, version)
        if not folder.is_dir():
            beside.replace(place)
    except OSError as error:
        if not folder.is_dir():
            raise PackError(f"cannot be written: {error.strerror}", origin=str(place), remedy="Remove this folder.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _expect(folder: Path, pack_id: str, version: str) -> None:
    head = read_manifest(folder)
    if (head.id, head.version) != (pack_id, version):
        raise PackError(f"expected {pack_id} {version} as the index says, found {head.id} {head.version}", origin=str(folder / "pack.toml"),
                        remedy="Do not use this registry; tell whoever runs it.")  # fmt: skip


def make_lock(folder: Path, registry: Registry | None, state: Path) -> Lock:
    """Choose the packs that the pack in `folder` extends: sibling folders first, then the registry; those are taken into
    the cache, so that work can go on without a network.

    Raises:
        PackError: No choice fits, naming who wants what; or a pack cannot be read or had.
    """
    top = folder.resolve()
    chosen = choose_versions(read_manifest(top), lambda pack_id: _candidates(top, pack_id, registry))
    for candidate in chosen:
        if registry and candidate.origin == "registry":
            cached_pack(state, candidate.id, candidate.version, candidate.digest, lambda: registry)
    return Lock(pack=tuple(Locked.model_validate({"id": c.id, "version": c.version, "digest": c.digest, "from": c.origin}) for c in chosen))


def _candidates(top: Path, pack_id: str, registry: Registry | None) -> Sequence[Candidate]:
    if place := sibling(top, pack_id):
        head = read_manifest(place)
        return (Candidate(pack_id, head.version, head.extends, digest_folder(place), "sibling"),)
    if registry is None:
        return ()
    index = registry.index()
    releases = ((version, index.packs[pack_id][version]) for version in index.versions(pack_id))
    return tuple(Candidate(pack_id, version, release.extends, release.digest, "registry") for version, release in releases)
