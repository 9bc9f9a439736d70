"""CU013 diagram-not-drawn

What it does: Finds diagrams of lessons that cannot be drawn.

Why it matters: Students would see the words of the diagram's language instead of a picture, at the moment when it should help.

Example: `A -->` without what the arrow points to.

Use instead: Up to 1,500 characters of a Mermaid flow chart, sequence, state diagram, pie or mind map.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.web.diagram import diagram_fault


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            if lesson.diagram and (fault := diagram_fault(lesson.diagram)):
                yield (
                    Place(lesson.file, lesson.lines.get("explain", 1)),
                    f"expected a diagram that can be drawn, found one that cannot: {fault}",
                    "Write it as docs/packs.md shows, with fewer parts where it is large.",
                )


RULE = Rule("CU013", "diagram-not-drawn", _judge)
