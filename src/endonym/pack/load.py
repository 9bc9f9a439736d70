"""Read a pack's folder: every file strictly, every fault as a diagnostic."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from endonym.core.diagnostics import Diagnostic, Span, sort_diagnostics
from endonym.core.errors import EndonymError, PackError
from endonym.core.halves import in_halves
from endonym.core.memory import Memory
from endonym.documents.segment import Provenance
from endonym.pack.adaptations import Adaptation, parse_adaptation
from endonym.pack.case import parse_case
from endonym.pack.cases import Case
from endonym.pack.knowledge import read_passages
from endonym.pack.lessons import Lesson, parse_lesson
from endonym.pack.locale import Locale
from endonym.pack.manifest import Manifest
from endonym.pack.migrate import expect_format
from endonym.pack.positions import Faults, Lines, M, build, line_of, parse_toml, parse_yaml, read_text
from endonym.pack.sources import Source, SourceFile
from endonym.pack.tables import DocumentEntry, KnowledgeFile, Outcome, Term, parse_glossary, parse_outcomes
from endonym.pack.tbx import parse_tbx
from endonym.seams.passage import Passage, Reader

T = TypeVar("T")
Parsed = tuple[T | None, tuple[Diagnostic, ...]]
Parser = Callable[[str, str], Parsed[T]]
"""From a file's text and name."""
Progress = Callable[[str], None]
_SILENT_S = 1.0
"""Seconds of reading before there is word of progress."""

KNOWN_FILES = ("pack.toml", "pack.lock", "glossary.csv", "glossary.*.csv", "glossary.tbx", "glossary.*.tbx", "locale.toml", "CHANGELOG.md",
               "README.md", "LICENSE")  # fmt: skip
KNOWN_FOLDERS = ("adaptations", "sources", "curriculum", "lessons", "knowledge", "ui", "cases")


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as read.

    Attributes:
        documents: What the registers say of the documents that could be read.
        places: (file, line) of each passage by its id.
        keys: For pack.toml and locale.toml the line of each key, as `title.et`.
        diagnostics: What is wrong with the files; what could be read is here all the same.
    """

    folder: Path
    manifest: Manifest
    adaptations: tuple[Adaptation, ...] = ()
    sources: tuple[Source, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    passages: tuple[Passage, ...] = ()
    documents: tuple[DocumentEntry, ...] = ()
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    keys: dict[str, dict[str, int]] = field(default_factory=dict)
    glossary: tuple[Term, ...] = ()
    locale: Locale = field(default_factory=Locale)
    interface: dict[str, str] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    changelog: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


class UnreadablePack(PackError):
    """pack.toml cannot be read, so nothing else can be judged.

    Args:
        diagnostics: Every fault of it; the message holds the first.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        first = diagnostics[0]
        super().__init__(first.message, remedy=first.remedy, origin=str(first.span))
        self.diagnostics = diagnostics


def load(folder: Path, readers: Sequence[Reader], memory: Memory | None = None, progress: Progress | None = None) -> Pack:
    """Read the pack in `folder`.

    Args:
        memory: What was parsed before; files of the same size and time are not read again.
        progress: Told about documents while reading them takes more than a second.

    Raises:
        PackError: There is no pack.toml, or (`UnreadablePack`) none that can be read.
    """
    return _Loader(folder, readers, memory or Memory(), progress or (lambda _: None)).load()


def read_manifest(folder: Path) -> Manifest:
    """pack.toml alone.

    Raises:
        PackError: As `load`.
    """
    return _Loader(folder, (), Memory(), lambda _: None).manifest()


class _Loader:
    def __init__(self, folder: Path, readers: Sequence[Reader], memory: Memory, progress: Progress) -> None:
        self.folder = folder
        self.readers = readers
        self.memory = memory
        self.progress = progress
        self.found: list[Diagnostic] = []
        self.documents: list[DocumentEntry] = []
        self.places: dict[str, tuple[str, int]] = {}
        self.keys: dict[str, dict[str, int]] = {}
        self.links = True

    def load(self) -> Pack:
        manifest = self.manifest()
        self._strays()
        self._links()
        locale = self._toml(Locale, "locale.toml", optional=True) or Locale()
        pack = Pack(
            folder=self.folder,
            manifest=manifest,
            adaptations=self._adaptations(manifest),
            sources=self._sources(manifest),
            outcomes=self._tables("curriculum", {".csv": parse_outcomes, ".json": parse_case}, manifest.id),
            lessons=self._lessons(manifest),
            passages=self._passages(manifest.id),
            documents=tuple(self.documents),
            places=self.places,
            keys=self.keys,
            glossary=self._tables(".", {".csv": parse_glossary, ".tbx": parse_tbx}, manifest.id),
            locale=locale,
            interface={path.stem: text for path in self._files("ui", ".ftl") if (text := self._text(path)) is not None},
            cases=self._cases(manifest),
            changelog=(self._text(self.folder / "CHANGELOG.md") or "") if (self.folder / "CHANGELOG.md").is_file() else "",
        )  # fmt: skip
        return Pack(**{name: getattr(pack, name) for name in Pack.__slots__ if name != "diagnostics"},
                    diagnostics=sort_diagnostics(self.found))  # fmt: skip

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder.parent).as_posix()

    def _files(self, folder: str, suffix: str, *, deep: bool = False) -> list[Path]:
        """Files of a folder in a fixed order; links that lead outside the pack are refused, hidden files are no part of it."""
        base = self.folder / folder
        if not base.is_dir():
            return []
        paths = sorted(base.rglob(f"*{suffix}") if deep else base.glob(f"*{suffix}"), key=lambda p: p.as_posix())
        return [path for path in paths if self._inside(path)]

    def _inside(self, path: Path) -> bool:
        if not self.links and ".." not in path.parts:
            return path.is_file() and "/." not in path.as_posix()[len(self.folder.as_posix()) :]
        if not path.resolve().is_relative_to(self.folder.resolve()):
            faults = Faults(self._name(path))
            faults.add("PK008", "path-outside-pack", 1, "expected a file inside the pack, found a link that leads outside",
                       "Copy the file into the pack.")  # fmt: skip
            self.found.extend(faults.found)
            return False
        hidden = any(part.startswith(".") for part in path.resolve().relative_to(self.folder.resolve()).parts)
        return path.is_file() and not hidden

    def _text(self, path: Path) -> str | None:
        faults = Faults(self._name(path))
        text = read_text(path, faults)
        self.found.extend(faults.found)
        return text

    def manifest(self) -> Manifest:
        path = self.folder / "pack.toml"
        if not path.is_file():
            raise PackError("expected a pack, found no pack.toml in this folder", origin=str(self.folder),
                            remedy="Name the folder of a pack, such as packs/estonia-upper-secondary.")  # fmt: skip
        manifest = self._toml(Manifest, "pack.toml")
        if manifest is None:
            # Keys of another format are no faults of their own.
            other = [fault for fault in self.found if fault.code == "PK016"]
            raise UnreadablePack(sort_diagnostics(other or self.found))
        if manifest.id != self.folder.resolve().name:
            self.found.append(Diagnostic("PK011", "id-and-folder-differ", "error", Span(self._name(path)),
                f"expected the folder's name {self.folder.resolve().name!r} as id, found {manifest.id!r}",
                "Rename the folder or the id."))  # fmt: skip
        return manifest

    def _links(self) -> None:
        """Refuse every link in the pack that leads outside, also those to folders, which are never followed."""
        links = [Path(place) / name for place, folders, files in os.walk(self.folder) for name in sorted((*folders, *files))
                 if os.path.islink(f"{place}/{name}")]  # noqa: PTH114  # fmt: skip
        self.links = bool(links)
        for path in links:
            self._inside(path)

    def _strays(self) -> None:
        for path in sorted(self.folder.iterdir()):
            known = path.name in KNOWN_FOLDERS if path.is_dir() else any(fnmatch(path.name, name) for name in KNOWN_FILES)
            if not known and not path.name.startswith("."):
                self.found.append(Diagnostic("PK009", "unknown-file", "warning", Span(self._name(path)),
                    "expected only the files that docs/packs.md lists, found another", "Move it into a known folder or remove it."))  # fmt: skip

    def _toml(self, model: type[M], name: str, *, optional: bool = False) -> M | None:
        path = self.folder / name
        if optional and not path.is_file():
            return None
        read = self._toml_data(path)
        if read is None:
            return None
        data, lines, faults = read
        self.keys[name] = {".".join(map(str, key)): line for key, line in lines.items() if key}
        built = build(model, expect_format(data, lines, faults) if name == "pack.toml" else data, lines, faults)
        self.found.extend(faults.found)
        return built

    def _toml_data(self, path: Path) -> tuple[dict[str, Any], Lines, Faults] | None:
        faults = Faults(self._name(path))
        text = read_text(path, faults)
        parsed = parse_toml(text, faults) if text is not None else None
        if parsed is None:
            self.found.extend(faults.found)
            return None
        return parsed[0], parsed[1], faults

    def _adaptations(self, manifest: Manifest) -> tuple[Adaptation, ...]:
        def parse(text: str, name: str) -> Parsed[Adaptation]:
            return parse_adaptation(text, name, manifest)

        state = (manifest.id, manifest.layer)
        found = self._parsed_all([(path, state, parse) for path in self._files("adaptations", ".md")])
        return tuple(sorted(found, key=lambda a: a.id))

    def _sources(self, manifest: Manifest) -> tuple[Source, ...]:
        found: list[Source] = []
        for path in self._files("sources", ".toml"):
            read = self._toml_data(path)
            if read is None:
                continue
            data, lines, faults = read
            book = build(SourceFile, data, lines, faults)
            self.found.extend(faults.found)
            for index, source in enumerate(book.source if book else ()):
                place = {"pack": manifest.id, "file": self._name(path), "line": line_of(lines, ("source", index))}
                found.append(source.model_copy(update=place))
        return tuple(sorted(found, key=lambda s: s.id))

    def _parsed(self, path: Path, state: Hashable, parse: Parser[T]) -> T | None:
        """What `parse` makes of a file's text and name, kept while size, time and `state` are the same."""
        value, found = self.memory.at(*self._state(path, state), lambda: self._parse(path, parse))
        self.found.extend(found)
        return value

    def _parsed_all(self, jobs: Sequence[tuple[Path, Hashable, Parser[T]]]) -> list[T]:
        """As `_parsed` for each (path, state, parse), what cannot be read left out; many new files are read by two processes."""
        new = [job for job in jobs if not self.memory.has(*self._state(job[0], job[1]))]
        for (path, state, _), result in zip(new, in_halves(lambda job: self._parse(job[0], job[2]), new), strict=True):
            self.memory.keep(*self._state(path, state), result)
        values = [self._parsed(*job) for job in jobs]
        return [value for value in values if value is not None]

    def _parse(self, path: Path, parse: Parser[T]) -> Parsed[T]:
        faults = Faults(self._name(path))
        text = read_text(path, faults)
        return parse(text, faults.file) if text is not None else (None, tuple(faults.found))

    def _state(self, path: Path, state: Hashable) -> tuple[Hashable, Hashable]:
        """What a file is remembered by, and what must not have changed."""
        stat = path.stat()
        return ("file", path), (stat.st_size, stat.st_mtime_ns, state)

    def _tables(self, folder: str, formats: Mapping[str, Callable[[str, str, Faults], tuple[T, ...]]], pack: str) -> tuple[T, ...]:
        """The rows of a folder's tables, those of one format after those of another."""
        def rows(path: Path, parse: Callable[[str, str, Faults], tuple[T, ...]]) -> tuple[T, ...]:
            def work(text: str, name: str) -> Parsed[tuple[T, ...]]:
                faults = Faults(name)
                return parse(text, pack, faults), tuple(faults.found)

            return self._parsed(path, pack, work) or ()

        return tuple(row for suffix, parse in formats.items() for path in self._files(folder, suffix) for row in rows(path, parse))

    def _lessons(self, manifest: Manifest) -> tuple[Lesson, ...]:
        jobs: list[tuple[Path, Hashable, Parser[Lesson]]] = []
        for path in self._files("lessons", ".md", deep=True):
            parts = path.relative_to(self.folder / "lessons").parts
            topic, _, language = path.stem.rpartition(".")
            if len(parts) != 2 or not topic:
                faults = Faults(self._name(path))
                faults.add("PK012", "lesson-path", 1, "expected lessons/<subject>/<topic>.<language>.md, found another path",
                           "Move or rename the file.")  # fmt: skip
                self.found.extend(faults.found)
                continue
            names = {"lesson_id": f"{parts[0]}/{topic}", "language": language, "subject": parts[0], "pack": manifest.id}
            jobs.append((path, manifest.id, partial(parse_lesson, **names)))
        return tuple(sorted(self._parsed_all(jobs), key=lambda lesson: (lesson.id, lesson.language)))

    def _passages(self, pack: str) -> tuple[Passage, ...]:
        return tuple(passage for path in self._files("knowledge", ".toml") for passage in self._register(path, pack))

    def _register(self, path: Path, pack: str) -> tuple[Passage, ...]:
        """The passages of the documents that one register names."""
        read = self._toml_data(path)
        if read is None:
            return ()
        data, keys, faults = read
        book = build(KnowledgeFile, data, keys, faults)
        found: list[Passage] = []
        entries, started, told = book.document if book else (), perf_counter(), False
        for index, entry in enumerate(entries):
            if told or perf_counter() - started > _SILENT_S:
                self.progress(f"reading {self._name(path)}: {index} of {len(entries)} documents")
                told = True
            line = line_of(keys, ("document", index))
            document = (self.folder / "knowledge" / entry.file)
            reader = next((reader for reader in self.readers if document.suffix.lower() in reader.suffixes), None)
            if not document.is_file() or not self._inside(document):
                faults.add("PK013", "document-missing", line, f"expected the file {entry.file!r} in knowledge/, found none",
                           "Correct the path or add the file.")  # fmt: skip
                continue
            if reader is None:
                faults.add("PK014", "no-reader", line, f"expected a kind of file that can be read, found {document.suffix!r}",
                           f"Readable here: {', '.join(s for r in self.readers for s in r.suffixes)}.")  # fmt: skip
                continue
            try:
                provenance = Provenance(entry.id, entry.title, entry.language, entry.subject, entry.licence, entry.author,
                                        entry.sources[0] if entry.sources else "", entry.reviewed_by, pack, entry.grades,
                                        entry.audience)  # fmt: skip
                passages, lines = read_passages(document, reader, provenance, self.memory)
                self.places |= {passage.id: (self._name(document), lines[passage.anchor]) for passage in passages}
                self.documents.append(entry.model_copy(update={"register_file": self._name(path), "line": line}))
                found.extend(passages)
            except EndonymError as error:
                faults.add("PK015", "document-unreadable", line, f"{error.origin or entry.file}: {error.message}",
                           error.remedy or "Correct the document.")  # fmt: skip
        if told:
            self.progress(f"reading {self._name(path)}: {len(entries)} of {len(entries)} documents")
        self.found.extend(faults.found)
        return tuple(found)

    def _cases(self, manifest: Manifest) -> tuple[Case, ...]:
        found: list[Case] = []
        for path in self._files("cases", ".yaml"):
            faults = Faults(self._name(path))
            text = read_text(path, faults)
            parsed = parse_yaml(text, faults) if text is not None else None
            if parsed is not None and parsed[0] is not None:
                items, lines = parsed
                for index, item in enumerate(items if isinstance(items, list) else [items]):
                    at = line_of(lines, (index,))
                    place = {"pack": manifest.id, "file": faults.file, "line": at}
                    case = build(Case, {**item, **place} if isinstance(item, dict) else item, lines, faults, (index,))
                    if case:
                        found.append(case)
            self.found.extend(faults.found)
        return tuple(found)
