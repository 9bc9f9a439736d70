"""AU009 floor-altered

What it does: Finds base specs in which a section of the floor differs, by digest, in title, authority, tags, text or examples.

Why it matters: A red line with one word changed is another line. A pack may make it stricter, in the open; nobody rewrites it.

Example: "in no country, under most laws" in a section that ships as "in no country, under no law".

Use instead: The section as it ships, and an adaptation with `effect: specialise` for what should be stricter.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.spec import Section, base_spec, compare_words, floor, floor_digest


def _judge(subject: Subject) -> Iterator[Found]:
    spec = subject.stack.spec
    for shipped in floor(base_spec()):
        found = spec.section(shipped.id)
        if found is not None and floor_digest(found) != floor_digest(shipped):
            yield (
                Place(spec.id, found.line),
                f"{shipped.id}: expected the section as it ships, found {_difference(shipped, found)}",
                f"In the folder of the packs, `endonym spec adopt {spec.id} -o {spec.id}` restores it. A pack may make it stricter.",
            )


def _difference(shipped: Section, found: Section) -> str:
    """The first thing that differs, in words."""
    if found.authority != shipped.authority:
        return f"authority {found.authority or 'none'} instead of {shipped.authority}"
    if set(found.tags) != set(shipped.tags):
        return f"tags {', '.join(found.tags) or 'none'} instead of {', '.join(shipped.tags) or 'none'}"
    if found.title != shipped.title:
        return f"the title {found.title!r} instead of {shipped.title!r}"
    words = compare_words(shipped.text, found.text)
    if not words:
        return "other examples"
    at = next(at for at, piece in enumerate(words) if piece.side != "both")
    before = words[at - 1].text.split()[-4:] if at else []
    changed = {piece.side: piece.text for piece in words[at : at + 2]}
    lead = f" after {' '.join(before)!r}" if before else ""
    return f"{_brief(changed.get('new', ''))} instead of {_brief(changed.get('old', ''))}{lead}"


def _brief(text: str) -> str:
    words = text.split()
    return repr(" ".join(words[:8]) + (" …" if len(words) > 8 else "")) if words else "nothing"


RULE = Rule("AU009", "floor-altered", _judge)
