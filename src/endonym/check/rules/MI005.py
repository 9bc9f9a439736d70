"""MI005 learner-rated-without-capability

What it does: Finds adaptations and lessons whose words grade, rank or profile learners, in packs without such a capability.

Why it matters: What assesses, grades, steers or profiles a learner is a named capability with a recorded legal basis, off by default.

Example: "Give each student a mark from 1 to 5."

Use instead: Comments on the work; or the capability with its law.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written


def _judge(written: Written, circumstances: Circumstances) -> Iterator[Found]:
    if written.guides and not circumstances.capabilities and (found := written.asserts("profiling")):
        yield Place(written.file, written.line), f"expected no grading or ranking of learners, found {found!r}", "Take it out, or record the capability and its legal basis in pack.toml."


RULE = TextRule("MI005", "learner-rated-without-capability", _judge, standing="judged")
