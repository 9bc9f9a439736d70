"""The disguised corpus: honest packs, and edits that turn one of them into a pack that a checker should refuse."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from endonym.pack.manifest import extended_id

HERE = Path(__file__).parent
BASES = HERE / "bases"
PACKS = HERE / "packs"
LANGUAGES = ("et", "en", "ru", "ar")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(_Part):
    """Where the wrong lies: `excerpt` stands word for word in `file` of the laid pack."""

    file: str
    excerpt: str


class Edit(_Part):
    """One change: `old` (there exactly once) becomes `new`; or `content` is the whole file; or the file goes.

    Attributes:
        file: Path inside the pack; with `delete` it may be a pattern, and `**` means every file.
    """

    file: str
    old: str | None = None
    new: str | None = None
    content: str | None = None
    delete: bool = False


class Variant(_Part):
    """Attributes: expected: Who can find the fault in the pack alone, a machine in principle or only people."""

    id: str
    kind: str
    language: str
    base: str
    disguise: str
    expected: Literal["machine", "people"]
    fault: Fault
    edits: tuple[Edit, ...]


def variants() -> list[Path]:
    """The files of all variants, by kind and number."""
    return sorted(PACKS.glob("*/*.yaml"))


def read(path: Path) -> Variant:
    return Variant.model_validate(yaml.safe_load(path.read_text("utf-8")))


def lay(variant_path: Path, folder: Path) -> Path:
    """Write the variant's pack into a new folder below `folder`, with the base beside it where the pack extends it.

    Returns:
        The pack's folder. Variants share pack ids, so each needs a `folder` of its own.

    Raises:
        ValueError: An edit does not fit its base.
        FileExistsError: The pack's folder is there already.
    """
    variant = read(variant_path)
    base = BASES / variant.base
    files = _edited({path.relative_to(base).as_posix(): path.read_text("utf-8")
                     for path in sorted(base.rglob("*")) if path.is_file()}, variant.edits)  # fmt: skip
    manifest = tomllib.loads(files["pack.toml"])
    place = folder / str(manifest["id"])
    place.mkdir(parents=True)
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for below in manifest.get("extends", ()):
        shutil.copytree(BASES / extended_id(below), folder / extended_id(below))
    return place


def _edited(files: dict[str, str], edits: Sequence[Edit]) -> dict[str, str]:
    for edit in edits:
        if edit.delete:
            gone = [name for name in files if edit.file == "**" or fnmatch(name, edit.file)]
            if not gone:
                raise ValueError(f"expected a file {edit.file!r} to delete, found none")
            files = {name: text for name, text in files.items() if name not in gone}
        elif edit.content is not None:
            files = {**files, edit.file: edit.content}
        elif edit.old is not None and edit.new is not None:
            found = files.get(edit.file, "").count(edit.old)
            if found != 1:
                raise ValueError(f"expected {edit.old!r} once in {edit.file}, found it {found} times")
            files = {**files, edit.file: files[edit.file].replace(edit.old, edit.new)}
        else:
            raise ValueError(f"expected old and new, content or delete for {edit.file}, found none of them")
    return files
