"""MI002 capability-without-law

What it does: Finds capabilities that no adaptation with a legal source stands behind.

Why it matters: What assesses, grades, steers or profiles a learner is high-risk and off until its legal basis is recorded.

Example: `capabilities = ["grading"]` alone.

Use instead: An adaptation with `basis: law` that names the provision, or no capability.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        lawful = any(a.basis == "law" and a.adapts == "u18_no_profiling" for a in pack.adaptations)
        if pack.manifest.capabilities and not lawful:
            yield (
                Place.manifest(pack),
                f"capabilities: expected a recorded legal basis for {', '.join(pack.manifest.capabilities)}, found none",
                "Add an adaptation of u18_no_profiling with basis law and its source, or leave the capability out.",
            )


RULE = Rule("MI002", "capability-without-law", _judge)
