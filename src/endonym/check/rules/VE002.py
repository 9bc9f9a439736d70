"""VE002 neither-verified-nor-judged

What it does: Finds adaptations that no machine checks and that are not declared as judged by people.

Why it matters: Readers are told for each change how it is checked.

Example: No `verify` and no `judged_by`.

Use instead: `verify:` or `judged_by: people`.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        if not adaptation.verify and not adaptation.judged_by:
            yield Place.of(adaptation), f"{adaptation.id}: expected `verify` or `judged_by: people`, found neither", "Add a verifier, or say that people judge it."


RULE = Rule("VE002", "neither-verified-nor-judged", _judge)
