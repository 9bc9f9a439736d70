"""LO008 child-help-line-missing

What it does: Finds country packs that serve minors and name no help line for self-harm or abuse.

Why it matters: Somebody in distress must be told whom to call, without a model or a network.

Example: Only an emergency number.

Use instead: `[[help]]` with `topics = [\"self_harm\", \"abuse\"]` and its source.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        topics = {topic for entry in pack.locale.help for topic in entry.topics}
        if pack.manifest.layer == "country" and not {"self_harm", "abuse"} <= topics:
            yield Place.locale(pack), "expected help lines for self_harm and abuse, found none", "Add the child or crisis help line of the country with its source."


RULE = Rule("LO008", "child-help-line-missing", _judge, severity="warning")
