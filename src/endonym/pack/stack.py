"""Pack stacks: packs resolved and put in the order of their layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from endonym.core.diagnostics import Diagnostic, sort_diagnostics
from endonym.core.errors import PackError, SpecError
from endonym.core.memory import Memory
from endonym.pack.adaptations import Adaptation
from endonym.pack.load import Pack, Progress, load
from endonym.pack.locale import Locale
from endonym.pack.lock import Lock, Locked, lock_differences, read_lock
from endonym.pack.manifest import LAYERS, Audience, extended_id
from endonym.pack.sources import Source
from endonym.seams.passage import Reader
from endonym.spec import BASE_ID, Spec, read_spec


@dataclass(frozen=True, slots=True)
class PackStack:
    """A spec and the packs over it, the lowest layer first."""

    spec: Spec
    packs: tuple[Pack, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def top(self) -> Pack:
        return self.packs[-1]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that the stack serves: those of its top pack, the default first."""
        manifest = self.top.manifest
        return tuple(dict.fromkeys((manifest.default_language, *manifest.languages)))

    @property
    def audiences(self) -> dict[str, Audience]:
        """Audiences of the nearest pack that declares some; minors stay minors in every layer above."""
        named: dict[str, Audience] = {}
        for pack in self.packs:
            own = pack.manifest.audiences
            named = {key: value.model_copy(update={"minors": value.minors or (key in named and named[key].minors)})
                     for key, value in own.items()} or named  # fmt: skip
        return named

    @property
    def adaptations(self) -> tuple[Adaptation, ...]:
        return tuple(adaptation for pack in self.packs for adaptation in pack.adaptations)

    @property
    def sources(self) -> dict[str, Source]:
        """By id; where two packs register one id, the lower layer's entry stands (the checker reports it)."""
        return {source.id: source for pack in reversed(self.packs) for source in pack.sources}

    @property
    def locale(self) -> Locale:
        merged = Locale()
        for pack in self.packs:
            merged = pack.locale.over(merged)
        return merged


def resolve(spec: Spec, packs: Sequence[Pack]) -> PackStack:
    """Put `packs` (any order) over `spec`; what does not fit together, the checker finds.

    Raises:
        PackError: `packs` is empty.
    """
    if not packs:
        raise PackError("expected at least one pack, found none", remedy="Name the folder of a pack.")
    by_id = {pack.manifest.id: pack for pack in packs}
    ordered = tuple(sorted(by_id.values(), key=lambda p: (LAYERS.index(p.manifest.layer), p.manifest.id)))
    found = [diagnostic for pack in ordered for diagnostic in pack.diagnostics]
    return PackStack(spec, ordered, sort_diagnostics(found))


def load_stack(
    folder: Path, spec: Spec, readers: Sequence[Reader], find: Callable[[Locked], Path] | None = None,
    memory: Memory | None = None, progress: Progress | None = None,
) -> PackStack:  # fmt: skip
    """Load the pack in `folder` and everything that it extends: from its sibling folders first, then as pack.lock says.

    Args:
        spec: What `endonym-base` stands for; a pack that names a file is put over that one.
        find: The folder of a pack that is locked to the registry; without it, only siblings are found.
        memory, progress: As for `load`.
    """
    memory = memory or Memory()
    top = load(folder.resolve(), readers, memory, progress)
    lock, found = read_lock(top.folder)
    loaded = {top.manifest.id: top}
    waiting = [top]
    while waiting:
        for requirement in waiting.pop().manifest.extends:
            wanted = extended_id(requirement)
            if wanted not in loaded and (place := sibling(top.folder, wanted) or _from_registry(wanted, lock, find)):
                loaded[wanted] = load(place, readers, memory, progress)
                waiting.append(loaded[wanted])
    stack = resolve(_adapted(top, spec), list(loaded.values()))
    differences = lock_differences(lock, top, [pack for pack in loaded.values() if pack is not top]) if lock else []
    return replace(stack, diagnostics=sort_diagnostics((*stack.diagnostics, *found, *differences)))


def _adapted(pack: Pack, shipped: Spec) -> Spec:
    """The spec that a pack adapts; one from a file has its path from the folder of the packs as id.

    Raises:
        PackError: The file is not there, leads out of the folder that holds the packs, or is no spec.
    """
    wanted, home = pack.manifest.base_spec, pack.folder.parent
    if not wanted.endswith(".md"):
        return shipped
    file = home / wanted
    files = [path.resolve() for path in (file, *file.parent.glob("examples/*.md"))]
    if not file.is_file() or not all(path.is_relative_to(home.resolve()) for path in files):
        place = f"{pack.folder.name}/pack.toml:{pack.keys['pack.toml']['base_spec']}"
        raise PackError(f"expected the file {wanted} in the folder that holds the packs, found none", origin=place,
                        remedy=f"Put the spec into {home.name}/, or write `base_spec = \"{BASE_ID}\"`.")  # fmt: skip
    try:
        spec = read_spec(file)
    except SpecError as error:
        where = wanted if error.origin == str(file) else wanted.removesuffix(file.name) + error.origin
        raise PackError(error.message, origin=where, remedy=error.remedy) from None
    return Spec(wanted, spec.title, spec.sections, spec.digest)


def sibling(folder: Path, pack_id: str) -> Path | None:
    """The folder of a pack beside the one in `folder`, or None."""
    place = folder.parent / pack_id
    return place if (place / "pack.toml").is_file() else None


def _from_registry(pack_id: str, lock: Lock | None, find: Callable[[Locked], Path] | None) -> Path | None:
    entry = lock.entry(pack_id) if lock else None
    return find(entry) if find and entry and entry.origin == "registry" else None
