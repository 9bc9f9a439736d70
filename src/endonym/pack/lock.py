"""pack.lock: which version of each extended pack a stack is made of.

Format 1 is TOML in the pack's folder: `format = 1`, then one `[[pack]]` for each pack that the stack extends, sorted by id,
with `id`, `version`, `digest` (`endonym.pack.archive.digest_files`) and `from` ("sibling" or "registry").
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from endonym.core.diagnostics import Diagnostic, Span
from endonym.core.errors import PackError
from endonym.core.ids import PACK_ID
from endonym.pack.archive import LOCK_FILE, digest_folder
from endonym.pack.load import Pack
from endonym.pack.manifest import VERSION, extended_id, version_fits
from endonym.pack.positions import Faults, FileModel, build, line_of, parse_toml, read_text
from endonym.pack.versions import Origin

_REMEDY = "Run `endonym lock` on this pack and look at what changed."


class Locked(FileModel):
    """One extended pack.

    Attributes:
        origin: A folder beside the pack, or the registry; `from` in the file.
    """

    id: str = Field(pattern=PACK_ID.pattern)
    version: str = Field(pattern=VERSION)
    digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    origin: Origin = Field(alias="from")
    line: int = Field(default=1, exclude=True)


class Lock(FileModel):
    """pack.lock."""

    format: Literal[1] = 1
    pack: tuple[Locked, ...] = ()

    def entry(self, pack_id: str) -> Locked | None:
        return next((entry for entry in self.pack if entry.id == pack_id), None)


def read_lock(folder: Path) -> tuple[Lock | None, tuple[Diagnostic, ...]]:
    """(the lock of the pack in `folder`, what is wrong with it); (None, ()) where there is none."""
    path = folder / LOCK_FILE
    if not path.is_file():
        return None, ()
    faults = Faults(f"{folder.name}/{LOCK_FILE}")
    text = read_text(path, faults)
    parsed = parse_toml(text, faults) if text is not None else None
    if parsed is None:
        return None, tuple(faults.found)
    data, lines = parsed
    lock = build(Lock, data, lines, faults)
    if lock:
        entries = (entry.model_copy(update={"line": line_of(lines, ("pack", index))}) for index, entry in enumerate(lock.pack))
        lock = lock.model_copy(update={"pack": tuple(entries)})
    return lock, tuple(faults.found)


def write_lock(lock: Lock, folder: Path) -> bool:
    """Write pack.lock, whole or not at all; False where it held the same already.

    Raises:
        PackError: The folder cannot be written.
    """
    path = folder / LOCK_FILE
    lines = ["# Written by `endonym lock`. Keep it with the pack; do not edit it.", "format = 1"]
    for entry in lock.pack:
        lines += ["", "[[pack]]", f'id = "{entry.id}"', f'version = "{entry.version}"', f'digest = "{entry.digest}"', f'from = "{entry.origin}"']
    data = ("\n".join(lines) + "\n").encode()
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        partial = path.with_name(f".{LOCK_FILE}.part")
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise PackError(f"cannot be written: {error.strerror}", origin=str(path), remedy="Check the folder's permissions.") from None
    return True


def lock_differences(lock: Lock, top: Pack, extended: Sequence[Pack]) -> list[Diagnostic]:
    """LY006 for each pack in which a stack differs from its lock.

    Args:
        extended: The packs below `top` that were found.

    Raises:
        PackError: A folder cannot be digested (`digest_folder`).
    """
    file = f"{top.folder.name}/{LOCK_FILE}"
    here = {pack.manifest.id: pack for pack in extended}
    wanted: dict[str, list[str]] = {}
    for pack in (top, *extended):
        for requirement in pack.manifest.extends:
            wanted.setdefault(extended_id(requirement), []).append(requirement)
    wanted.pop(top.manifest.id, None)
    found = [_outdated(file, entry.line, f"expected packs that the stack extends, found {entry.id}, which it does not")
             for entry in lock.pack if entry.id not in wanted]  # fmt: skip
    for pack_id, requirements in wanted.items():
        entry = lock.entry(pack_id)
        message = _difference(entry, here.get(pack_id), requirements) if entry else f"expected an entry for {pack_id}, found none"
        if message:
            found.append(_outdated(file, entry.line if entry else 1, message))
    return found


def _difference(entry: Locked, pack: Pack | None, requirements: Sequence[str]) -> str:
    if pack is None:
        return f"expected {entry.id} {entry.version} from {_PLACES[entry.origin]}, found none"
    digest = digest_folder(pack.folder)
    if digest != entry.digest:
        return (f"expected {entry.id} {entry.version} with the digest {entry.digest}, "
                f"found {pack.manifest.version} with {digest}")  # fmt: skip
    unfit = [requirement for requirement in requirements if not version_fits(requirement, entry.version)]
    return f"expected {unfit[0]!r} as `extends` says, found {entry.version}" if unfit else ""


_PLACES = {"sibling": "the folder beside this pack", "registry": "the registry"}


def _outdated(file: str, line: int, message: str) -> Diagnostic:
    return Diagnostic("LY006", "lock-outdated", "warning", Span(file, line), message, _REMEDY)
