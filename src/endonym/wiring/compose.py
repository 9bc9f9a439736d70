"""The composition root: packs or bundles in, assistants out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import endonym
from endonym.assistant import Assistant
from endonym.assistant.circuit import Circuits
from endonym.assistant.parts import Parts
from endonym.bundle import Bundle, read_bundle, write_bundle
from endonym.core.clock import today
from endonym.core.errors import EndonymError, PackError, RetrievalError, SettingsError
from endonym.retrieval import Index, build_index, open_index
from endonym.retrieval.gather import gather_prompts
from endonym.seams.classifier import Classifier
from endonym.seams.embedder import Embedder
from endonym.seams.engine import Declaration, Engine, Price
from endonym.seams.identity import Identity
from endonym.seams.passage_index import PassageStore
from endonym.seams.recogniser import Recogniser
from endonym.store import Store
from endonym.web.phrases import Phrases
from endonym.wiring.packs import compile_pack, language_tools
from endonym.wiring.plugins import load_plugin
from endonym.wiring.registry import Progress
from endonym.wiring.settings import FILE, EngineSettings, Settings
from endonym.wiring.state import lti_key, open_store

_KEPT = 3
"""Compiled bundles of a pack that stay."""


class Composition:
    """Everything one process serves, made from settings; close it at the end."""

    def __init__(self, settings: Settings, progress: Progress = lambda _: None) -> None:
        self.settings = settings
        self.progress = progress
        self.tools = language_tools()
        self.embedder: Embedder | None = (
            None if settings.embedder == "none" else load_plugin("endonym.embedders", settings.embedder)(settings.embedding)
        )
        self._passages: PassageStore | None = None if settings.index == "sqlite" else load_plugin("endonym.indexes", settings.index)(settings)
        self._recognisers: tuple[Recogniser, ...] = tuple(load_plugin("endonym.recognisers", name)() for name in settings.recognisers)
        self._engines: dict[str, Engine] = {}
        self._circuits = Circuits()
        self._classifier: Classifier | None = (
            None if settings.classifier == "none" else load_plugin("endonym.classifiers", settings.classifier)(settings.moderation)
        )
        self._indexes: list[Index] = []
        self._store: Store | None = None

    def bundle(self, path: Path) -> Bundle:
        """A bundle file, or a pack's folder compiled."""
        return read_bundle(self.bundle_file(path))

    def bundle_file(self, path: Path) -> Path:
        """The file of the bundle at `path`; those compiled from folders are kept under `state` while nothing changes."""
        if path.is_file():
            return path
        if not path.is_dir():
            raise PackError("expected a pack's folder or a bundle file, found neither", origin=str(path),
                            remedy="Check the path.")  # fmt: skip
        kept = self.settings.state / "bundles" / f"{path.resolve().name}.{_fingerprint(path)}.bundle"
        if kept.is_file():
            try:
                read_bundle(kept)
                return kept
            except EndonymError:
                kept.unlink(missing_ok=True)
        self.progress(f"compiling {path.name}")
        contents, _ = compile_pack(path, settings=self.settings, progress=self.progress)
        write_bundle(contents, kept)
        old = sorted(kept.parent.glob(f"{path.resolve().name}.*.bundle"), key=lambda file: file.stat().st_mtime)
        for file in old[:-_KEPT]:  # servers that still serve the one before may start another worker
            file.unlink(missing_ok=True)
        return kept

    def index(self, bundle: Bundle) -> Index:
        """The index of a bundle, built where there is none for its digest."""
        path = self.settings.state / "indexes" / f"{bundle.id}.sqlite"
        try:
            index = open_index(path, bundle.digest, self.tools, self.embedder, self._passages)
        except RetrievalError:
            self.progress(f"indexing {bundle.id}")
            build_index(path, bundle.digest, bundle.contents.passages, gather_prompts(bundle), self.tools, self.embedder,
                        lambda done, total: self.progress(f"indexing {bundle.id}: {done} of {total} texts"), self._passages)  # fmt: skip
            index = open_index(path, bundle.digest, self.tools, self.embedder, self._passages)
        self._indexes.append(index)
        return index

    def assistant(self, bundle: Bundle, chain: Sequence[str] | None = None, *, demonstration: bool | None = None) -> Assistant:
        """Args: chain: Names of engines; the settings' chain where None."""
        usual = self.settings.chain_of(bundle.id) if chain is None else chain
        own = {audience: self._chain(self.settings.chain_of(bundle.id, audience)) for audience in bundle.contents.head.audiences
               if chain is None and f"{bundle.id}/{audience}" in self.settings.chains}  # fmt: skip
        shown = self.settings.demonstration if demonstration is None else demonstration
        parts = Parts(bundle, self.index(bundle), self.tools, Phrases(bundle.contents.interface), self._chain(usual), shown, self._recognisers,
                      own, self._circuits, self._classifier)  # fmt: skip
        return Assistant(parts, self.embedder)

    def _chain(self, names: Sequence[str]) -> list[Engine]:
        """The engines so called; the guide stands last in any case."""
        return [self.engine(name) for name in names if name != "guide"]

    def engine(self, name: str) -> Engine:
        if name not in self._engines:
            wanted = self.settings.engine(name)
            self._engines[name] = load_plugin("endonym.engines", wanted.kind)(declared(name, wanted), wanted)
        return self._engines[name]

    @property
    def store(self) -> Store:
        if self._store is None:
            self._store = open_store(self.settings)
        return self._store

    @cached_property
    def identity(self) -> Identity:
        """Who may say who somebody is. What it takes is loaded where the settings name any."""
        wanted = self.settings
        providers = {name: load_plugin("endonym.identity_providers", one.kind)(name, one) for name, one in wanted.sign_in.items()}
        pem = lti_key(wanted) if wanted.platforms else ""
        platforms = {name: load_plugin("endonym.learning_platforms", one.kind)(name, one, pem) for name, one in wanted.platforms.items()}
        return Identity(providers, platforms, wanted.address.rstrip("/"))

    async def close(self) -> None:
        for engine in self._engines.values():
            await engine.close()
        if self._classifier:
            await self._classifier.close()
        for index in self._indexes:
            index.close()
        if self._store:
            self._store.close()


def declared(name: str, wanted: EngineSettings) -> Declaration:
    """What the settings declare of an engine.

    Raises:
        SettingsError: It reads images outside the operator's own machines.
    """
    if wanted.images and wanted.route == "external":
        raise SettingsError(f"engines.{name}.images: expected false for an external engine, found true", origin=FILE,
                            remedy="Images cannot be masked: let an engine on your own machines read them.")  # fmt: skip
    return Declaration(
        name=name, route=wanted.route, context_tokens=wanted.context_tokens, languages=wanted.languages, demonstrates=wanted.demonstrates,
        demonstration=wanted.kind == "embedded", storage_region=wanted.storage_region, inference_region=wanted.inference_region,
        key_holder=wanted.key_holder, jurisdiction=wanted.jurisdiction, training_use=wanted.training_use, telemetry=wanted.telemetry,
        price=Price(wanted.price_in or Decimal(0), wanted.price_out or Decimal(0)), images=wanted.images,
    )  # fmt: skip


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
