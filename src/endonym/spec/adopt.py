"""Adopt a spec: join to it the floor that no base spec may lack.

The text of the spec stays as it is, line for line, with three exceptions that the commentary of the new part names: sections
whose id the floor needs get the id `adopted_…` and keep the old one as `was=…` in their heading; links follow them; examples
that stand in files of their own are written into the sections that name them, so that the result is one file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from endonym.core.errors import SpecError
from endonym.spec.base import BASE_ID, base_spec, base_text, floor, floor_digest
from endonym.spec.model import Section, Spec
from endonym.spec.parse import dialect, parse_spec
from endonym.spec.render import render_example, render_heading

PART = "endonym_floor"
"""Id of the part that holds the floor."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """A spec with the floor in it.

    Attributes:
        text: The whole in the dialect; the text that came in where nothing was missing.
        joined: Ids of the floor's sections that were missing or altered, in order.
        renamed: Old and new id of the sections that made room.
        examples: Number of examples brought in from files of their own.
    """

    text: str
    joined: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    examples: int = 0


def adopt_spec(text: str, origin: str, footnotes: Mapping[str, str] | None = None) -> Adoption:
    """The spec in `text` with every section of the floor in it, word for word; its own result comes back as it is.

    A part that an earlier adoption wrote is written anew where it no longer holds; sections that others put into it stay.

    Args:
        origin: Name of the file, for messages and for the commentary.
        footnotes: Texts of the example files by name, as `parse_spec` takes them.

    Raises:
        SpecError: The text has faults, or something in it keeps what is joined from being read.
    """
    spec = parse_spec(text, origin, footnotes)
    lacking = tuple(section.id for section in floor(base_spec()) if not _same(spec.section(section.id), section))
    outside = sum(len(_outside(section)) for section in spec.sections)
    if not lacking and not outside:
        return Adoption(text)
    part = _part(spec.sections) if lacking else ()
    kept = tuple(section for section in spec.sections if section not in part)
    if not kept:
        raise SpecError("expected a section beside the floor, found none", origin=f"{origin}:1", remedy="Name the file of a spec.")
    written = _written(kept) if lacking else ()
    names = _new_names(kept, written)
    renamed = {section.id: names[section.line] for section in reversed(kept) if section.line in names}
    blocks = list(_blocks(text, spec.sections, kept, names, renamed))
    if written:
        blocks[-1] = blocks[-1].rstrip() + "\n"
        blocks.append(_floor_part(spec, origin, part, kept, written, names))
    whole = "\n".join(blocks).rstrip() + "\n"
    _verify(parse_spec(whole, origin), kept, names, renamed, origin)
    return Adoption(whole, lacking, tuple(sorted(renamed.items())), outside)


def _same(found: Section | None, shipped: Section) -> bool:
    return found is not None and floor_digest(found) == floor_digest(shipped)


def _outside(section: Section) -> list[str]:
    """The lines of those examples of a section that stand in files of their own."""
    return ["\n".join(render_example(e)).rstrip() for e in section.examples if e.origin.startswith("examples/")]


def _part(sections: Sequence[Section]) -> tuple[Section, ...]:
    """What an earlier adoption wrote: the part's heading, and under it the floor and the headings above that."""
    ids = {name for section in floor(base_spec()) for name in (section.id, section.parent)}
    ours = (at for at, section in enumerate(sections) if section.id == PART and dict(section.attributes).get("from"))
    start = next(ours, len(sections))
    found = list(sections[start : start + 1])
    for section in sections[start + 1 :]:
        if section.depth <= found[0].depth:
            break
        if section.id in ids:
            found.append(section)
    return tuple(found)


def _written(kept: Sequence[Section]) -> tuple[Section, ...]:
    """The shipped sections to write, in order: the floor but for what stands unaltered, and the headings above it."""
    standing = {section.id: section for section in kept}
    wanted = [section for section in floor(base_spec()) if not _same(standing.get(section.id), section)]
    ids = {section.id for section in wanted} | {section.parent for section in wanted}
    return tuple(s for s in base_spec().sections if s.id in ids and not _same(standing.get(s.id), s))


def _new_names(kept: Sequence[Section], written: Sequence[Section]) -> dict[int, str]:
    """New ids of the sections that must make room, by the line of their heading."""
    needed = {section.id for section in written} | ({PART} if written else set())
    taken = {section.id for section in kept} | needed
    names: dict[int, str] = {}
    for section in kept:
        if section.id in needed:
            names[section.line] = next(name for name in _candidates(section.id) if name not in taken)
            taken.add(names[section.line])
    return names


def _candidates(section_id: str) -> Iterator[str]:
    yield f"adopted_{section_id}"
    number = 2
    while True:
        yield f"adopted_{section_id}_{number}"
        number += 1


def _blocks(
    text: str, sections: Sequence[Section], kept: Sequence[Section], names: Mapping[int, str], renamed: Mapping[str, str]
) -> Iterator[str]:
    """The text before the first heading, then each section that stays with all that stands in it."""
    lines, heads = _lines(text, renamed)
    starts = [*(section.line - 1 for section in sections), len(lines)]
    if starts[0]:
        yield "\n".join(lines[: starts[0]])
    for section, start, stop in zip(sections, starts, starts[1:], strict=False):
        if section not in kept:
            continue
        body = lines[start:stop]
        if section.line in names:
            attributes = tuple(sorted((*section.attributes, ("was", section.id))))
            body = [render_heading(replace(section, id=names[section.line], attributes=attributes)), *lines[heads[start] : stop]]
        block = "\n".join(body)
        if more := _outside(section):
            block = "\n\n".join((block.rstrip(), *more, ""))
        yield block


def _lines(text: str, renamed: Mapping[str, str]) -> tuple[list[str], dict[int, int]]:
    """The lines with links to renamed sections set right, code and examples left alone; and where each heading ends."""
    lines = text.split("\n")
    heads: dict[int, int] = {}
    code: set[int] = set()
    for token in dialect.parse(text):
        start, stop = token.map or (0, 0)
        if token.type == "heading_open":
            heads[start] = stop
        elif token.type in ("fence", "code_block"):
            code.update(range(start, stop))
    for old, new in renamed.items():
        link = re.compile(rf"(\]\(\s*<?|^\s*\[[^\]]+\]:\s*<?)#{re.escape(old)}(?=[\s)>]|$)")
        lines = [line if at in code else link.sub(rf"\g<1>#{new}", line) for at, line in enumerate(lines)]
    return lines, heads


def _floor_part(
    spec: Spec, origin: str, part: Sequence[Section], kept: Sequence[Section], written: Sequence[Section], names: Mapping[int, str]
) -> str:
    """The part that holds the floor; where the spec came from is taken over from an earlier adoption."""
    came = dict(part[0].attributes) if part else {}
    source = came.get("from", re.sub(r"[^\w .-]", "-", origin))
    former = ((names.get(s.line, s.id), s.id if s.line in names else dict(s.attributes).get("was")) for s in kept)
    renamed = [f"    - `{was}` is now `{now}`" for now, was in former if was]
    lines = base_text().split("\n")
    starts = [*(section.line - 1 for section in base_spec().sections), len(lines)]
    shipped = ["\n".join(lines[start:stop]).strip() for section, start, stop in zip(base_spec().sections, starts, starts[1:], strict=False)
               if section in written]  # fmt: skip
    head = _HEAD.format(part=PART, source=source, digest=came.get("digest", spec.digest), base=BASE_ID, floor=base_spec().digest)
    return "\n\n".join(("\n".join((head, *(["", *renamed] if renamed else []))), _RANK, *shipped))


_HEAD = """# The floor {{#{part} from="{source}" digest="{digest}"}}

!!! meta "Commentary"
    The sections of this part stand word for word in {base}, the base spec that ships with Endonym
    ({floor}).
    They are the red lines and the protection of minors that no spec under a pack may lack or alter.
    `endonym spec adopt` wrote this part and writes it anew where it no longer holds: put your own sections elsewhere.

    Everything outside this part comes word for word from {source}
    ({digest}), but for two things.
    A section whose id the floor needs has another one, with the old one as `was` in its heading, and links follow it.
    Examples from files of their own stand in the sections that name them."""
_RANK = "The sections below hold everywhere and for everybody. Where another section could be read against them, they stand."


def _verify(found: Spec, kept: Sequence[Section], names: Mapping[int, str], renamed: Mapping[str, str], origin: str) -> None:
    """Raises: SpecError: A section of the old text or of the floor is not read as it was."""
    for old, new in zip(kept, found.sections, strict=False):
        links = tuple(renamed.get(reference, reference) for reference in old.references)
        if (names.get(old.line, old.id), old.authority, old.tags, links) != (new.id, new.authority, new.tags, new.references) or (
            Counter(e.substance for e in old.examples) != Counter(e.substance for e in new.examples)
        ):
            raise SpecError(f"expected {old.id!r} to be read as before once the floor is joined, found a difference",
                            origin=f"{origin}:{old.line}", remedy="Look for a block without an end there; write links as [text](#id).")  # fmt: skip
    missing = [section.id for section in floor(base_spec()) if not _same(found.section(section.id), section)]
    if missing:
        raise SpecError(f"expected {missing[0]!r} to be read once the floor is joined, found it swallowed",
                        origin=f"{origin}:{kept[-1].line}", remedy="Look for a block or an HTML comment without an end in this section.")  # fmt: skip
