"""TX003 instruction-too-long

What it does: Finds instructions of more than 300 words.

Why it matters: Long instructions crowd out the question and are followed less well.

Example: A legal commentary in the instruction.

Use instead: What to do in the instruction; the reasons under `## Why`.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject

_MOST = 300


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        if (count := len(adaptation.instruction.split())) > _MOST:
            yield Place.of(adaptation, "instruction"), f"{adaptation.id}: expected at most {_MOST} words, found {count}", "Move reasons to `## Why`, or make two adaptations of it."


RULE = Rule("TX003", "instruction-too-long", _judge, severity="warning")
