"""AC003 left-to-do

What it does: Warns of everything that a pack itself lists as not done yet.

Why it matters: What public data cannot know, the country must say; until then readers should see what is missing.

Example: `todo = ["Name the law on the language of instruction."]`.

Use instead: The thing itself; then take the line out of `todo`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for entry in pack.manifest.todo:
            yield Place.manifest(pack), f"left to do: {entry}", "Do it, then take the line out of `todo` in pack.toml."


RULE = Rule("AC003", "left-to-do", _judge, severity="warning")
