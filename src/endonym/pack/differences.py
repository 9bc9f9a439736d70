"""What changed from one version of a pack to another, and which version number that asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal, get_args

from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, Term

from endonym.core.diagnostics import Diagnostic, Span
from endonym.pack.entries import entries
from endonym.pack.load import Pack
from endonym.pack.locale import Locale
from endonym.pack.manifest import extended_id, version_parts
from endonym.pack.narrowing import LEVELS, MAJOR, MINOR, PATCH, Direction, Level, Weight, next_version
from endonym.pack.parts import GROUPS, Entry, Group, Kind, Part, patch, prose_part
from endonym.pack.stack import PackStack
from endonym.spec import Piece, Section, SectionChange, Spec, compare_specs, compare_words
from endonym.text.scripts import scripts

Event = Literal["added", "removed", "changed"]
_KINDS: tuple[Kind, ...] = get_args(Kind)
_UNSPACED = frozenset({"Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"})
"""Scripts that set no spaces between words."""
_LETTERS = re.compile(r"[A-Za-z]+|\d+|\s+|.", re.DOTALL)
_WORDS = re.compile(r"\s*(?:[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+)")
_SHORT = 30
"""Letters of a list that is shown whole before and after."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        pack: The pack whose version it asks to be raised.
        part: What of the entry differs, or "" where the whole entry came or went.
        before: As a reader sees it; "" where there was none.
        words: For running text and lists: what stayed, went and came, in order.
        direction: Narrower or wider where a machine can tell.
        span: In the new version, or in the old one where it is gone; `None` where it is not known.
        language: Of the text, "" where it is not known.
    """

    group: Group
    pack: str
    kind: Kind
    id: str
    part: str
    event: Event
    before: str
    after: str
    words: tuple[Piece, ...]
    direction: Direction
    level: Level
    span: Span | None
    language: str = ""

    @property
    def judged(self) -> bool:
        """Whether only people can say if it is narrower or wider."""
        return self.group == "behaviour" and not self.direction


@dataclass(frozen=True, slots=True)
class VersionStep:
    """The versions of one pack.

    Attributes:
        before: "" where the pack is new; `after` "" where it is gone.
        lowest: The lowest version that its changes ask for; `before` where nothing changed, "" where nothing can be said.
        cause: One of the changes that ask for it.
    """

    pack: str
    before: str
    after: str
    level: Level | None
    lowest: str
    cause: Change | None

    @property
    def enough(self) -> bool:
        """Whether the new version has the number that its changes ask for."""
        return not self.lowest or not self.after or version_parts(self.after) >= version_parts(self.lowest)


@dataclass(frozen=True, slots=True)
class PackDifferences:
    """What differs between two stacks.

    Attributes:
        changes: By group, then by pack from the lowest layer, kind and place.
        versions: One step for each pack, from the lowest layer.
        faults: Of both sides: what could not be read, and so could not be compared.
        missing: Packs that one side extends and does not have; they are left out on both sides.
    """

    changes: tuple[Change, ...]
    versions: tuple[VersionStep, ...]
    faults: tuple[Diagnostic, ...] = ()
    missing: tuple[str, ...] = ()

    def of(self, group: Group) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.group == group)


def compare_stacks(old: PackStack, new: PackStack) -> PackDifferences:
    """What differs between two versions of a pack and all that they extend. Order and white space do not count.

    The two packs on top are compared with each other whatever their ids are, all others by id.
    """
    missing = (_missing(old) & _ids(new)) | (_missing(new) & _ids(old))
    lawful = frozenset(source for rule in (*old.adaptations, *new.adaptations) if rule.basis == "law" for source in rule.cites)
    found: list[Change] = list(_sections(old.spec, new.spec, new.top.manifest.id))
    pairs = [pair for pair in _pairs(old, new) if not {pack.manifest.id for pack in pair if pack} & missing]
    for before, after in pairs:
        found += _pack(before, after, lawful)
    ids = {_name(before, after): number for number, (before, after) in enumerate(pairs)}
    found.sort(key=lambda c: (GROUPS.index(c.group), ids[c.pack], _KINDS.index(c.kind)))
    faults = dict.fromkeys(fault for pair in pairs for pack in pair if pack for fault in _unread(pack))
    return PackDifferences(tuple(found), tuple(_step(*pair, found) for pair in pairs), tuple(faults), tuple(sorted(missing)))


def folded(stack: PackStack) -> PackStack:
    """The stack as a bundle keeps it: passages, locale and interface strings of all packs stand with the top one."""
    languages = dict.fromkeys(language for pack in stack.packs for language in pack.interface)
    interface = {language: "\n".join(p.interface[language] for p in stack.packs if language in p.interface) for language in languages}
    top = replace(
        stack.top, locale=stack.locale, interface=interface, documents=(),
        passages=tuple(chain.from_iterable(pack.passages for pack in stack.packs)),
        places={k: v for pack in stack.packs for k, v in pack.places.items()},
        keys={name: lines for name, lines in stack.top.keys.items() if name != "locale.toml"},
    )  # fmt: skip
    bare = (replace(pack, locale=Locale(), interface={}, documents=(), passages=()) for pack in stack.packs[:-1])
    return replace(stack, packs=(*bare, top))


def _ids(stack: PackStack) -> set[str]:
    return {pack.manifest.id for pack in stack.packs}


def _missing(stack: PackStack) -> set[str]:
    return {extended_id(wanted) for pack in stack.packs for wanted in pack.manifest.extends} - _ids(stack)


def _pairs(old: PackStack, new: PackStack) -> Iterator[tuple[Pack | None, Pack | None]]:
    """The packs of both, the lowest layer first; those that only the old one has before the top."""
    before = {pack.manifest.id: pack for pack in old.packs[:-1]}
    for pack in new.packs[:-1]:
        yield before.pop(pack.manifest.id, None), pack
    yield from ((pack, None) for pack in before.values())
    yield old.top, new.top


def _name(before: Pack | None, after: Pack | None) -> str:
    pack = after or before
    return pack.manifest.id if pack else ""


def _unread(pack: Pack) -> Iterator[Diagnostic]:
    """Faults by which something in a pack could not be read."""
    return (d for d in pack.diagnostics if d.severity == "error" and d.code.startswith("PK") and d.name != "id-and-folder-differ")


def _pack(old: Pack | None, new: Pack | None, lawful: frozenset[str]) -> Iterator[Change]:
    """What differs; what a fault hides on one side was neither added nor removed."""
    hidden = {_inside(fault.span) for pack in (old, new) if pack for fault in _unread(pack)}
    for change in _all(old, new, lawful):
        gone = not change.part or change.kind in ("locale", "help line")
        if not (gone and change.span and _inside(change.span) in hidden):
            yield change


def _inside(span: Span) -> str:
    return span.file.partition("/")[2]


def _all(old: Pack | None, new: Pack | None, lawful: frozenset[str]) -> Iterator[Change]:
    name = _name(old, new)
    registers = all(pack is None or pack.documents or not pack.passages for pack in (old, new))
    before, after = (entries(pack, lawful, registers=registers) if pack else {} for pack in (old, new))
    for key in dict.fromkeys((*before, *after)):
        yield from _entry(before.get(key), after.get(key), name)
    yield from _interface(old, new, name)


def _entry(old: Entry | None, new: Entry | None, pack: str) -> Iterator[Change]:
    entry = new or old
    if entry is None:
        return
    if old is None or new is None:
        if any(part.shown for part in entry.parts.values()):
            yield _whole(entry, pack, "added" if new else "removed", entry.added if new else entry.removed)
        return
    for name in dict.fromkeys((*old.parts, *new.parts)):
        before, after = old.parts.get(name), new.parts.get(name)
        part = after or before
        if part is None or (before and after and before.value == after.value):
            continue
        group: Group = "behaviour" if "behaviour" in {p.group for p in (before, after) if p} else part.group
        weight = part.weigh(before and before.value, after and after.value) if group == "behaviour" else PATCH
        event: Event = "changed" if before and after else "added" if after else "removed"
        words = _words(before, after) if before and after else ()
        yield _change(new if after else old, pack, name, event, before.shown if before else "", after.shown if after else "",
                      words, weight, group, part.line, part.language)  # fmt: skip


def _whole(entry: Entry, pack: str, event: Event, weight: Weight) -> Change:
    before, after = (entry.label, "") if event == "removed" else ("", entry.label)
    return _change(entry, pack, "", event, before, after, (), weight, entry.group, entry.line, entry.language)


def _change(
    entry: Entry, pack: str, part: str, event: Event, before: str, after: str, words: tuple[Piece, ...], weight: Weight, group: Group,
    line: int, language: str,
) -> Change:  # fmt: skip
    span = Span(entry.file, line or max(entry.line, 1)) if entry.file else None
    return Change(group, pack, entry.kind, entry.id, part, event, before, after, words, weight.direction, weight.level, span, language)


def _words(before: Part, after: Part) -> tuple[Piece, ...]:
    if before.prose and after.prose:
        if _UNSPACED & {*scripts(before.shown), *scripts(after.shown)}:
            return _pieces(_LETTERS.findall(before.value), _LETTERS.findall(after.value), "")
        return compare_words(before.shown, after.shown)
    if before.items and after.items and len(before.shown) + len(after.shown) > 2 * _SHORT:
        return _pieces(before.items, after.items, "; ")
    return ()


def _pieces(before: Sequence[str], after: Sequence[str], mark: str) -> tuple[Piece, ...]:
    """What stayed, went and came of two lists."""
    found: list[Piece] = []
    for name, start, end, to, until in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if name == "equal":
            found.append(Piece("both", mark.join(before[start:end])))
            continue
        found += [Piece("old", mark.join(before[start:end]))] if end > start else []
        found += [Piece("new", mark.join(after[to:until]))] if until > to else []
    return tuple(found)


def _interface(old: Pack | None, new: Pack | None, pack: str) -> Iterator[Change]:
    """Interface strings, message by message; files that are the same are not parsed."""
    before, after = (p.interface if p else {} for p in (old, new))
    for language in dict.fromkeys((*before, *after)):
        if before.get(language) != after.get(language):
            yield from _entry(_strings(old, language), _strings(new, language), pack)


def _strings(pack: Pack | None, language: str) -> Entry | None:
    if pack is None or language not in pack.interface:
        return None
    parts = _messages(pack.interface[language], language)
    return Entry("interface", language, f"{len(parts)} strings", f"{pack.folder.name}/ui/{language}.ftl", 1, parts, "presentation",
                 PATCH, PATCH)  # fmt: skip


def _messages(source: str, language: str) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for message in FluentParser().parse(source).body:
        if isinstance(message, Message | Term) and message.id.span and message.span:
            start = message.id.span.start
            text = source[start : message.span.end].partition("=")[2]
            found[message.id.name] = prose_part(text, patch, group="presentation", language=language, line=source.count("\n", 0, start) + 1)
    return found


def _sections(old: Spec, new: Spec, pack: str) -> Iterator[Change]:
    """What changed in the base spec; the top pack answers for it."""
    if old.digest == new.digest:
        return
    differences = compare_specs(old, new)
    for section in differences.added:
        yield _whole(_section(section, new), pack, "added", MINOR)
    for section in differences.removed:
        yield _whole(_section(section, old), pack, "removed", MAJOR)
    for change in differences.changed:
        yield from _changed_section(change, _section(change.new, new), pack)


def _section(section: Section, spec: Spec) -> Entry:
    return Entry("section", section.id, section.title, spec.id, section.line, {})


def _changed_section(change: SectionChange, entry: Entry, pack: str) -> Iterator[Change]:
    def part(name: str, before: str, after: str, weight: Weight, group: Group = "behaviour", words: tuple[Piece, ...] = (),
             event: Event = "changed") -> Change:  # fmt: skip
        return _change(entry, pack, name, event, before, after, words, weight, group, entry.line, "")

    old, new = change.old, change.new
    if change.renamed:
        yield part("id", old.id, new.id, MAJOR)
    if change.moved:
        yield part("authority", old.authority or "none", new.authority or "none", MAJOR)
    if change.retagged:
        yield part("tags", ", ".join(old.tags), ", ".join(new.tags), MAJOR)
    if change.text:
        yield part("text", old.text, new.text, MINOR, words=change.text)
    if change.retitled:
        yield part("title", old.title, new.title, PATCH, "presentation")
    for example in change.examples:
        yield part(f"example {example.title or 'without a title'}", "", "", PATCH, "presentation", example.words, example.kind)


def _step(old: Pack | None, new: Pack | None, changes: Sequence[Change]) -> VersionStep:
    own = [change for change in changes if change.pack == _name(old, new)]
    before, after = old.manifest.version if old else "", new.manifest.version if new else ""
    cause = max(own, key=lambda change: LEVELS.index(change.level), default=None)
    known = old and new
    lowest = (next_version(before, cause.level) if cause else before) if known else ""
    return VersionStep(_name(old, new), before, after, cause.level if cause and known else None, lowest, cause if known else None)


def shortened(pieces: Sequence[Piece], keep: int = 8) -> tuple[Piece, ...]:
    """Both texts in one, of long stretches that stayed only `keep` words next to what changed, with … for the rest."""
    found = []
    for at, piece in enumerate(pieces):
        words = _WORDS.findall(piece.text)
        if piece.side == "both" and len(words) > 2 * keep:
            ends = ("".join(words[:keep]) if at else "", "".join(words[-keep:]) if at < len(pieces) - 1 else "")
            piece = Piece("both", " … ".join(end.strip() for end in ends).strip())
        found.append(piece)
    return tuple(found)
