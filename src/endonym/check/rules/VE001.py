"""VE001 verifier-misused

What it does: Finds verifiers that do not exist and options that they do not know.

Why it matters: A check that cannot run proves nothing.

Example: `use: langauge`.

Use instead: A verifier of docs/packs.md with its options.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.verify import faults


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        for check in adaptation.verify:
            yield from ((Place.of(adaptation, "verify"), f"{adaptation.id}: {message}", "docs/packs.md lists the verifiers and their options.") for message in faults(check.use, check.options))
    for pack in subject.stack.packs:
        for case in pack.cases:
            for check in case.expect:
                yield from ((Place(case.file, case.line), f"{case.id}: {message}", "docs/packs.md lists the verifiers and their options.") for message in faults(check.use, check.options))


RULE = Rule("VE001", "verifier-misused", _judge)
