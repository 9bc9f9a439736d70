"""LO001 emergency-number-missing

What it does: Finds country packs without an emergency number.

Why it matters: Somebody in danger must be told whom to call, without a model or a network.

Example: No `[[help]]` with the topic `emergency`.

Use instead: An entry with number and source.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        if pack.manifest.layer == "country" and not any("emergency" in entry.topics for entry in pack.locale.help):
            yield Place(f"{pack.folder.name}/locale.toml"), "expected a help entry with the topic emergency, found none", "Add [[help]] with the emergency number and its source."


RULE = Rule("LO001", "emergency-number-missing", _judge)
