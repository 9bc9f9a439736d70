"""The composition root: packs or bundles in, assistants out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import endonym
from endonym.assistant import Assistant
from endonym.assistant.parts import Parts
from endonym.bundle import Bundle, read_bundle, write_bundle
from endonym.core.clock import today
from endonym.core.errors import EndonymError, PackError, RetrievalError
from endonym.retrieval import Index, build_index, open_index
from endonym.retrieval.gather import gather_prompts
from endonym.seams.embedder import Embedder
from endonym.seams.engine import Declaration, Engine
from endonym.seams.recogniser import Recogniser
from endonym.store import Store
from endonym.store.seal import key_file
from endonym.web.phrases import Phrases
from endonym.wiring.packs import compile_pack, language_tools
from endonym.wiring.plugins import load_plugin
from endonym.wiring.registry import Progress
from endonym.wiring.settings import Settings


class Composition:
    """Everything one process serves, made from settings; close it at the end."""

    def __init__(self, settings: Settings, progress: Progress = lambda _: None) -> None:
        self.settings = settings
        self.progress = progress
        self.tools = language_tools()
        self.embedder: Embedder | None = (
            None if settings.embedder == "none" else load_plugin("endonym.embedders", settings.embedder)(settings.embedding)
        )
        self._recognisers: tuple[Recogniser, ...] = tuple(load_plugin("endonym.recognisers", name)() for name in settings.recognisers)
        self._engines: dict[str, Engine] = {}
        self._indexes: list[Index] = []
        self._store: Store | None = None

    def bundle(self, path: Path) -> Bundle:
        """A bundle file, or a pack's folder compiled; compiled ones are kept under `state` while nothing changes."""
        if path.is_file():
            return read_bundle(path)
        if not path.is_dir():
            raise PackError("expected a pack's folder or a bundle file, found neither", origin=str(path),
                            remedy="Check the path.")  # fmt: skip
        kept = self.settings.state / "bundles" / f"{path.resolve().name}.{_fingerprint(path)}.bundle"
        if kept.is_file():
            try:
                return read_bundle(kept)
            except EndonymError:
                kept.unlink(missing_ok=True)
        self.progress(f"compiling {path.name}")
        contents, _ = compile_pack(path, settings=self.settings, progress=self.progress)
        for old in kept.parent.glob(f"{path.resolve().name}.*.bundle"):
            old.unlink(missing_ok=True)
        write_bundle(contents, kept)
        return read_bundle(kept)

    def index(self, bundle: Bundle) -> Index:
        """The index of a bundle, built where there is none for its digest."""
        path = self.settings.state / "indexes" / f"{bundle.id}.sqlite"
        try:
            index = open_index(path, bundle.digest, self.tools, self.embedder)
        except RetrievalError:
            self.progress(f"indexing {bundle.id}")
            build_index(path, bundle.digest, bundle.contents.passages, gather_prompts(bundle), self.tools, self.embedder,
                        lambda done, total: self.progress(f"indexing {bundle.id}: {done} of {total} texts"))  # fmt: skip
            index = open_index(path, bundle.digest, self.tools, self.embedder)
        self._indexes.append(index)
        return index

    def assistant(self, bundle: Bundle, chain: Sequence[str] | None = None, *, demonstration: bool | None = None) -> Assistant:
        """Args: chain: Names of engines; the settings' chain where None."""
        engines = [self.engine(name) for name in (self.settings.chain if chain is None else chain) if name != "guide"]
        shown = self.settings.demonstration if demonstration is None else demonstration
        parts = Parts(bundle, self.index(bundle), self.tools, Phrases(bundle.contents.interface), engines, shown, self._recognisers)
        return Assistant(parts, self.embedder)

    def engine(self, name: str) -> Engine:
        if name not in self._engines:
            wanted = self.settings.engine(name)
            declaration = Declaration(
                name=name, route=wanted.route, context_tokens=wanted.context_tokens, languages=wanted.languages,
                demonstrates=wanted.demonstrates, demonstration=wanted.kind == "embedded",
                storage_region=wanted.storage_region, inference_region=wanted.inference_region,
                key_holder=wanted.key_holder, jurisdiction=wanted.jurisdiction, training_use=wanted.training_use,
                telemetry=wanted.telemetry,
            )  # fmt: skip
            self._engines[name] = load_plugin("endonym.engines", wanted.kind)(declaration, wanted)
        return self._engines[name]

    @property
    def store(self) -> Store:
        if self._store is None:
            state = self.settings.state
            seal = key_file(state / "store.key")
            self._store = Store(self.settings.store, seal) if self.settings.store else Store.sqlite(state / "store.sqlite", seal)
        return self._store

    async def close(self) -> None:
        for engine in self._engines.values():
            await engine.close()
        for index in self._indexes:
            index.close()
        if self._store:
            self._store.close()


def _fingerprint(folder: Path) -> str:
    """Changes whenever a file beside or in the pack, or the product itself, does. Sibling packs count: a pack extends them."""
    digest = hashlib.sha256(endonym.__version__.encode())
    product = Path(endonym.__file__).parent
    for base in (folder.resolve().parent, product):
        for path in sorted(base.rglob("*")):
            if path.is_file() and path.suffix not in (".pyc", ".bundle"):
                stat = path.stat()
                digest.update(f"{path.relative_to(base)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    digest.update(today().isoformat().encode())
    return digest.hexdigest()[:16]
