"""CU006 lesson-differs-between-languages

What it does: Finds lessons that serve other outcomes in one language than in another.

Why it matters: Students learn the same, whatever their language.

Example: `outcomes: [A]` in Estonian and `[B]` in Russian.

Use instead: The same outcomes in every language.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        first: dict[str, tuple[str, frozenset[str]]] = {}
        for lesson in pack.lessons:
            language, outcomes = first.setdefault(lesson.id, (lesson.language, frozenset(lesson.outcomes)))
            if outcomes != frozenset(lesson.outcomes):
                yield (
                    Place(lesson.file),
                    f"expected the outcomes of the lesson in {language} ({', '.join(sorted(outcomes))}), found {', '.join(lesson.outcomes)}",
                    "Use the same outcomes in both.",
                )


RULE = Rule("CU006", "lesson-differs-between-languages", _judge)
