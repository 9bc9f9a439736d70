"""Pack stacks by the name that somebody gives: a folder, a bundle file, or the id of a pack under packs/."""

from __future__ import annotations

from pathlib import Path

from endonym.bundle import Contents, read_bundle
from endonym.core.errors import PackError
from endonym.pack.load import Pack
from endonym.pack.stack import PackStack, resolve
from endonym.spec import Spec
from endonym.wiring.packs import read_stack
from endonym.wiring.registry import Progress

SHELF = Path("packs")
"""Where a pack is looked for that is named by its id alone."""


def find_pack(name: str) -> Path:
    """The folder or bundle file that `name` stands for.

    Raises:
        PackError: There is none.
    """
    for path in (Path(name), SHELF / name):
        if path.is_file() or (path / "pack.toml").is_file():
            return path
    there = ", ".join(sorted(path.parent.name for path in SHELF.glob("*/pack.toml")))
    raise PackError("expected the folder of a pack, a bundle file or the id of a pack under packs/, found none", origin=name,
                    remedy=f"There are {there}." if there else "Check the path.")  # fmt: skip


def open_stack(path: Path, progress: Progress = lambda _: None) -> PackStack:
    """The pack in a folder with everything that it extends, or what a bundle file holds.

    Raises:
        PackError: The folder cannot be read.
        BundleError: The file is no bundle, or a damaged one.
    """
    return stack_of(read_bundle(path).contents) if path.is_file() else read_stack(path, progress=progress)


def stack_of(contents: Contents) -> PackStack:
    """The packs of a bundle; what a bundle keeps of all of them together stands with the top one, as `folded` has it."""
    def own(manifest_id: str) -> dict[str, object]:
        kept = {name: getattr(contents, name) for name in ("adaptations", "sources", "outcomes", "lessons", "glossary", "cases")}
        return {name: tuple(item for item in items if item.pack == manifest_id) for name, items in kept.items()}

    packs = []
    for manifest in contents.packs:
        whole: dict[str, object] = {}
        if manifest.id == contents.head.id:
            interface = {language: "\n".join(texts) for language, texts in contents.interface.items()}
            whole = {"passages": contents.passages, "locale": contents.locale, "interface": interface}
        packs.append(Pack(Path(manifest.id), manifest, changelog=contents.changelogs.get(manifest.id, ""), **own(manifest.id), **whole))  # type: ignore[arg-type]
    spec = contents.spec
    return resolve(Spec(spec.id, spec.title, spec.sections, spec.digest), packs)
