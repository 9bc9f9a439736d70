"""CU010 lesson-language-missing

What it does: Finds lessons in a language that the pack does not have.

Why it matters: Nobody would be offered it.

Example: `fotosuntees.lv.md` in a pack of et and en.

Use instead: The language in `pack.toml`, or another file name.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for lesson in pack.lessons:
            if lesson.language not in pack.manifest.languages:
                yield Place(lesson.file), f"expected a language of the pack ({', '.join(pack.manifest.languages)}), found {lesson.language!r}", "Correct the file name or add the language to pack.toml."


RULE = Rule("CU010", "lesson-language-missing", _judge)
