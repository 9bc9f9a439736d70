"""EX002 example-and-verifier-disagree

What it does: Finds good examples that a verifier rejects, and bad ones that every verifier lets pass.

Why it matters: The same verifiers guard live replies: one that rejects the good or passes the bad guards nothing.

Example: A BAD reply in the right language under the verifier `language` alone.

Use instead: Another example or another verifier.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.examples import example_turn
from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.adaptations import Adaptation
from endonym.seams.verifier import Reply
from endonym.verify import VERIFIERS, faults


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        name = ("EX002", subject.stack.languages[0])
        yield from subject.memory.of(name, adaptation, lambda adaptation=adaptation: tuple(_disagreements(subject, adaptation)))  # type: ignore[misc]


def _disagreements(subject: Subject, adaptation: Adaptation) -> Iterator[Found]:
    verifiers = [VERIFIERS[check.use](check.options) for check in adaptation.verify if check.use != "disclosure" and not faults(check.use, check.options)]
    for example in adaptation.examples if verifiers else ():
        turn = example_turn(subject, adaptation, example)
        for reply in example.replies:
            failed = [
                f"{verifier.name}: {outcome.evidence}"
                for verifier in verifiers
                if not (outcome := verifier.verify(turn, Reply(reply.text), subject.tools)).passed
            ]
            if reply.verdict == "GOOD" and failed:
                yield Place(adaptation.file, reply.line), f"{adaptation.id}: expected this good example to pass, found {failed[0]}", "Mend the example or the verifier's options."
            if reply.verdict == "BAD" and not failed:
                yield Place(adaptation.file, reply.line), f"{adaptation.id}: expected a verifier to reject this bad example, found that all pass", "Mend the example or the verifier's options."


RULE = Rule("EX002", "example-and-verifier-disagree", _judge)
