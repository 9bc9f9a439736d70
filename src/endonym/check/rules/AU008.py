"""AU008 floor-missing

What it does: Finds base specs that lack a red line or a section for minors which every spec under a pack must hold.

Why it matters: A country may choose its own spec; the floor under it is the same everywhere, and no law takes it away.

Example: `base_spec = "../specs/ours.md"`, where ours.md has no section `no_emotion_inference`.

Use instead: The file that `endonym spec adopt` writes: the same spec, with the floor joined to it.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.spec import base_spec, floor


def _judge(subject: Subject) -> Iterator[Found]:
    spec, wanted = subject.stack.spec, floor(base_spec())
    missing = [section.id for section in wanted if spec.section(section.id) is None]
    if missing:
        yield (
            Place(spec.id),
            f"expected all {len(wanted)} sections of the floor, found {len(wanted) - len(missing)}; missing: {', '.join(missing)}",
            f"In the folder of the packs, `endonym spec adopt {spec.id} -o {spec.id}` joins them, word for word.",
        )


RULE = Rule("AU008", "floor-missing", _judge)
