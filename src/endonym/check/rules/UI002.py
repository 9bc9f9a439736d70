"""UI002 interface-string-differs

What it does: Finds interface strings whose variables differ from the English ones.

Why it matters: A missing `{ $number }` leaves the number out of the sentence; a misspelt one shows its name to readers.

Example: `{ $numer }` in a translation.

Use instead: The variables of the English string.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.web.phrases import product_strings, variables


def _judge(subject: Subject) -> Iterator[Found]:
    wanted = variables(product_strings())
    for pack in subject.stack.packs:
        for language, text in pack.interface.items():
            for name, (line, found) in variables(text).items():
                if name in wanted and not found <= wanted[name][1]:
                    yield (
                        Place(f"{pack.folder.name}/ui/{language}.ftl", line),
                        f"{name}: expected {', '.join(sorted(wanted[name][1])) or 'no variables'}, found {', '.join(sorted(found))}",
                        "Use the variables of the English string.",
                    )


RULE = Rule("UI002", "interface-string-differs", _judge)
