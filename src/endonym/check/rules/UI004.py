"""UI004 interface-string-unknown

What it does: Finds interface strings that the product does not have.

Why it matters: A misspelt name is never shown, and the string that was meant stays English.

Example: `tutor-sendd = Saada`.

Use instead: The name as in the English file.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.web.phrases import message_ids, product_strings, variables


def _judge(subject: Subject) -> Iterator[Found]:
    known = set(message_ids(product_strings()))
    for pack in subject.stack.packs:
        for language, text in pack.interface.items():
            for name, (line, _) in variables(text).items():
                if name not in known and not name.startswith("tutor-subject-"):
                    yield Place(f"{pack.folder.name}/ui/{language}.ftl", line), f"expected a string of the product, found {name!r}", "Correct the name or remove the line."


RULE = Rule("UI004", "interface-string-unknown", _judge, severity="warning")
