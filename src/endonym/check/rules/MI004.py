"""MI004 feelings-inferred

What it does: Finds adaptations whose words ask to read feelings, moods or attention.

Why it matters: Inferring emotions in education is forbidden, by the red line and by Article 5 of the AI Act. What words mean, people judge.

Example: "Record whether the student is frustrated."

Use instead: What the student says and does with the task.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    if written.guides and (found := written.asserts("emotion")):
        yield Place(written.file, written.line), f"expected no reading of feelings, found {found!r}", "Take it out; work with what the student says about the task."


RULE = TextRule("MI004", "feelings-inferred", _judge, standing="judged")
