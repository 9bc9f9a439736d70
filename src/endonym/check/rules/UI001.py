"""UI001 interface-string-missing

What it does: Finds languages whose interface strings are not complete.

Why it matters: A reader meets English in the middle of another language.

Example: `ui/et.ftl` without `tutor-send`.

Use instead: Every id of the product's English file.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.web.phrases import message_ids, product_strings


def _judge(subject: Subject) -> Iterator[Found]:
    if not subject.stack.audiences:
        return  # nobody is served by this stack itself
    wanted = set(message_ids(product_strings()))
    for language in subject.stack.languages:
        own = {name for pack in subject.stack.packs for name in message_ids(pack.interface.get(language, ""))}
        missing = sorted(wanted - own)
        if language.split("-")[0] != "en" and missing:
            place = Place(f"{subject.stack.top.folder.name}/ui/{language}.ftl")
            yield place, f"{len(missing)} interface strings are missing in {language}, such as {', '.join(missing[:3])}", "Copy them from the product's English file and translate."


RULE = Rule("UI001", "interface-string-missing", _judge, "warning")
