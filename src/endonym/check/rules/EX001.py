"""EX001 example-missing

What it does: Finds adaptations without a good and a bad example.

Why it matters: Examples say what is meant, evaluate it and train it.

Example: Only a GOOD reply.

Use instead: At least one of each.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        verdicts = {reply.verdict for example in adaptation.examples for reply in example.replies}
        for verdict in ("GOOD", "BAD"):
            if verdict not in verdicts:
                yield Place.of(adaptation), f"{adaptation.id}: expected a {verdict} example, found none", "Add an example with both; docs/packs.md shows one."


RULE = Rule("EX001", "example-missing", _judge)
