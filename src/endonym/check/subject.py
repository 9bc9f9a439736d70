"""What a rule looks at, and how it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from endonym.check.written import Origin, Written, written
from endonym.core.diagnostics import Diagnostic, Severity, Span, Standing
from endonym.core.memory import Memory
from endonym.pack.adaptations import Adaptation
from endonym.pack.load import Pack
from endonym.pack.stack import PackStack
from endonym.seams.language import LanguageTools
from endonym.spec import Section


@dataclass(frozen=True)
class Subject:
    """A stack, the language tools, the day, and what is known from the run before."""

    stack: PackStack
    tools: LanguageTools
    as_of: date
    memory: Memory = field(default_factory=Memory)

    def adaptations(self) -> Iterator[tuple[Pack, Adaptation]]:
        """Each adaptation with its pack, the lowest layer first."""
        for pack in self.stack.packs:
            for adaptation in pack.adaptations:
                yield pack, adaptation

    def extended(self) -> Iterator[tuple[Pack, str]]:
        """Each pack with each entry of its `extends`."""
        for pack in self.stack.packs:
            for requirement in pack.manifest.extends:
                yield pack, requirement

    def pack(self, pack_id: str) -> Pack | None:
        return next((pack for pack in self.stack.packs if pack.manifest.id == pack_id), None)

    def origins(self) -> Iterator[Origin]:
        """Everything that people wrote into the packs, for readers or for the assistant, by what holds it."""
        for pack in self.stack.packs:
            yield from written(pack)

    def instructions(self, adaptation: Adaptation) -> Iterator[tuple[int, str]]:
        """(line, text) of what an adaptation tells the assistant: its instruction and its summaries."""
        yield adaptation.lines.get("instruction", adaptation.line), adaptation.instruction
        for language, text in adaptation.summary.items():
            yield adaptation.lines.get(f"summary.{language}", adaptation.line), text

    def cited_sources(self) -> frozenset[str]:
        """Ids of the sources that anything in the stack rests on."""
        cited: set[str] = set()
        for pack in self.stack.packs:
            locale = pack.locale
            cited.update(source for adaptation in pack.adaptations for source in adaptation.cites)
            cited.update(outcome.source for outcome in pack.outcomes)
            cited.update(term.source for term in pack.glossary)
            cited.update(source for document in pack.documents for source in document.sources)
            cited.update(entry.source for entry in locale.help)
            cited.update((locale.formats.source, *(use.source for use in locale.languages.values())))
            # What python-stdnum and the holidays library know is registered under their own names (`endonym init`).
            cited.update(("python-stdnum",) if locale.identifiers else ())
            cited.update(("holidays",) if locale.holidays else ())
        return frozenset(cited)

    def section(self, adaptation: Adaptation) -> Section | None:
        """The base section that an adaptation aims at."""
        return self.stack.spec.section(adaptation.adapts) if adaptation.adapts else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding lies."""

    file: str
    line: int = 1

    @staticmethod
    def of(adaptation: Adaptation, key: str = "id") -> Place:
        return Place(adaptation.file, adaptation.lines.get(key, adaptation.line))

    @staticmethod
    def manifest(pack: Pack, *keys: str) -> Place:
        """A place in pack.toml: the first of `keys` that stands there."""
        return _in(pack, "pack.toml", keys)

    @staticmethod
    def locale(pack: Pack, *keys: str) -> Place:
        """A place in locale.toml: the first of `keys` that stands there."""
        return _in(pack, "locale.toml", keys)


def _in(pack: Pack, name: str, keys: tuple[str, ...]) -> Place:
    lines = pack.keys.get(name, {})
    return Place(f"{pack.folder.name}/{name}", next((lines[key] for key in keys if key in lines), 1))


Found = tuple[Place, str, str]
"""(place, message, remedy)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the checker about the stack; its page is the docstring of the module that defines it."""

    code: str
    name: str
    judge: Callable[[Subject], Iterator[Found]]
    severity: Severity = "error"
    standing: Standing = "proved"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that a rule about texts may know beside the text: while it stays the same, so does what the rule finds."""

    languages: tuple[str, ...]
    capabilities: frozenset[str]
    tools: LanguageTools

    @staticmethod
    def of(subject: Subject) -> Circumstances:
        capabilities = frozenset(name for pack in subject.stack.packs for name in pack.manifest.capabilities)
        return Circumstances(subject.stack.languages, capabilities, subject.tools)


@dataclass(frozen=True, slots=True)
class TextRule:
    """A rule about each text by itself, of whatever file; its page is the docstring of the module that defines it."""

    code: str
    name: str
    judge: Callable[[Written, Circumstances], Iterator[Found]]
    severity: Severity = "error"
    standing: Standing = "proved"


def diagnostic(rule: Rule | TextRule, found: Found) -> Diagnostic:
    place, message, remedy = found
    return Diagnostic(rule.code, rule.name, rule.severity, Span(place.file, place.line), message, remedy, rule.standing)
