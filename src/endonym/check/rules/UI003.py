"""UI003 interface-file-malformed

What it does: Finds lines of interface files that are no Fluent.

Why it matters: A string that cannot be read is shown in English instead.

Example: `tutor-send Saada`.

Use instead: `tutor-send = Saada`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.web.phrases import junk


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for language, text in pack.interface.items():
            for line, found in junk(text):
                yield Place(f"{pack.folder.name}/ui/{language}.ftl", line), f"expected `name = text`, found {found[:60]!r}", "Correct the line; a longer text goes on with four spaces."


RULE = Rule("UI003", "interface-file-malformed", _judge)
