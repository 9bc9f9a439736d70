"""CU008 outcome-twice

What it does: Finds two statements of one outcome in one language.

Why it matters: A code names one outcome; two statements leave open which is meant.

Example: Two rows `X.1,…,et,…`.

Use instead: One row, or another code.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        seen: dict[tuple[str, str], int] = {}
        for outcome in pack.outcomes:
            first = seen.setdefault((outcome.code, outcome.language), outcome.line)
            if first != outcome.line:
                yield Place(outcome.file, outcome.line), f"{outcome.code}: expected one statement in {outcome.language}, found another on line {first}", "Remove one of the rows or correct its code."


RULE = Rule("CU008", "outcome-twice", _judge)
