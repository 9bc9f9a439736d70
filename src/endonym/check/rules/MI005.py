"""MI005 learner-rated-without-capability

What it does: Finds adaptations and lessons whose words grade, rank or profile learners, in packs without such a capability.

Why it matters: What assesses, grades, steers or profiles a learner is a named capability with a recorded legal basis, off by default.

Example: "Give each student a mark from 1 to 5."

Use instead: Comments on the work; or the capability with its law.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.wordings import says_plainly
from endonym.check.written import Written


def _judge(subject: Subject) -> Iterator[Found]:
    allowed = {name for pack in subject.stack.packs for name in pack.manifest.capabilities}
    for written in subject.texts():
        if not allowed and written.kind in ("instruction", "summary", "lesson") and (found := subject.memory.of("MI005", written, partial(_found, written))):
            yield Place(written.file, written.line), f"expected no grading or ranking of learners, found {found!r}", "Take it out, or record the capability and its legal basis in pack.toml."


def _found(written: Written) -> str:
    return says_plainly("profiling", written.plain_assertions)


RULE = Rule("MI005", "learner-rated-without-capability", _judge, standing="judged")
