"""What changed from one spec to another, section by section and word by word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from endonym.spec.model import Example, Section, Spec


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that both texts have, or only the old or the new one."""

    side: Literal["both", "old", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """An example of a section; `words` is empty unless both specs have an example of this title."""

    kind: Literal["added", "removed", "changed"]
    title: str
    words: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that both specs have, and what differs.

    Attributes:
        text: The words of both texts; empty where they are the same but for white space.
    """

    old: Section
    new: Section
    text: tuple[Piece, ...]
    examples: tuple[ExampleChange, ...]

    @property
    def renamed(self) -> bool:
        return self.old.id != self.new.id

    @property
    def moved(self) -> bool:
        return self.old.authority != self.new.authority

    @property
    def retitled(self) -> bool:
        return self.old.title != self.new.title

    @property
    def retagged(self) -> bool:
        return set(self.old.tags) != set(self.new.tags)


@dataclass(frozen=True, slots=True)
class Differences:
    """Sections in the order of the spec that holds them; sections that stayed the same are left out."""

    added: tuple[Section, ...]
    removed: tuple[Section, ...]
    changed: tuple[SectionChange, ...]


def compare_specs(old: Spec, new: Spec) -> Differences:
    """What differs between two specs; their order, commentary and line numbers do not count.

    A section is the same one under another id where its heading says so (`was=old_id`, as `adopt_spec` writes) or where its
    text is the same and neither spec has both ids.
    """
    pairs = _pairs(old.sections, new.sections)
    changes = (_change(old.sections[first], new.sections[second]) for first, second in sorted(pairs.items(), key=lambda p: p[1]))
    return Differences(
        added=tuple(s for at, s in enumerate(new.sections) if at not in pairs.values()),
        removed=tuple(s for at, s in enumerate(old.sections) if at not in pairs),
        changed=tuple(c for c in changes if c.text or c.examples or c.renamed or c.moved or c.retitled or c.retagged),
    )


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """The words of both texts in order; empty where they differ in white space alone."""
    before, after = old.split(), new.split()
    if before == after:
        return ()
    found: list[Piece] = []
    for name, start, end, to, until in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if name == "equal":
            found.append(Piece("both", " ".join(before[start:end])))
            continue
        found += [Piece("old", " ".join(before[start:end]))] if end > start else []
        found += [Piece("new", " ".join(after[to:until]))] if until > to else []
    return tuple(found)


def _pairs(old: Sequence[Section], new: Sequence[Section]) -> dict[int, int]:
    """Index of each section in `old` to that of the same section in `new`."""
    pairs: dict[int, int] = {}
    places = {key: at for at, key in enumerate(_keys(old))}
    ids = {section.id for section in old}
    for at, section in enumerate(new):
        former = places.get((dict(section.attributes).get("was", ""), 0))
        if former is not None and section.id not in ids:
            pairs[former] = at
    for at, key in enumerate(_keys(new)):
        if at not in pairs.values() and key in places and places[key] not in pairs:
            pairs[places[key]] = at
    waiting: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, section in enumerate(new):
        if at not in pairs.values():
            waiting[_wording(section)].append(at)
    for at, section in enumerate(old):
        if at not in pairs and waiting[_wording(section)]:
            pairs[at] = waiting[_wording(section)].pop(0)
    return pairs


def _keys(sections: Sequence[Section]) -> Iterator[tuple[str, int]]:
    """Ids with a number: headings without an id of their own may share one."""
    seen: Counter[str] = Counter()
    for section in sections:
        yield section.id, seen[section.id]
        seen[section.id] += 1


def _wording(section: Section) -> tuple[str, ...]:
    words = " ".join(section.text.split())
    return (words,) if words else ("", section.title)


def _change(old: Section, new: Section) -> SectionChange:
    return SectionChange(old, new, compare_words(old.text, new.text), tuple(_example_changes(old.examples, new.examples)))


def _example_changes(old: Sequence[Example], new: Sequence[Example]) -> Iterator[ExampleChange]:
    gone, come = _without(old, new), _without(new, old)
    for example in come:
        before = next((e for e in gone if e.title == example.title), None)
        if before is None:
            yield ExampleChange("added", example.title)
            continue
        gone.remove(before)
        yield ExampleChange("changed", example.title, compare_words(_plain(before), _plain(example)))
    yield from (ExampleChange("removed", example.title) for example in gone)


def _without(examples: Sequence[Example], others: Sequence[Example]) -> list[Example]:
    """Those of `examples` that `others` lacks, each counted as often as it stands there."""
    left = Counter(example.substance for example in others)
    found = []
    for example in examples:
        if left[example.substance]:
            left[example.substance] -= 1
        else:
            found.append(example)
    return found


def _plain(example: Example) -> str:
    """An example as words, each role and verdict before what it says."""
    settings = [f"<settings> {name}: {value}" for name, value in example.settings]
    said = [f"<{' '.join((m.role, *(f'{k}={v}' for k, v in m.attributes)))}> {m.text}" for m in example.messages]
    replies = [f"<assistant> {r.verdict or ''}{': ' + r.reason if r.reason else ''} {r.text}" for r in example.replies]
    return "\n".join((*settings, *said, *replies))
