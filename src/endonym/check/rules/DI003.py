"""DI003 trigger-misses-bad-example

What it does: Finds triggers that do not match the adaptation's own bad examples.

Why it matters: A trigger that misses the very reply it was written against lets it through in silence.

Example: A bad reply in Russian and a trigger with Estonian terms only.

Use instead: Terms in every language of the stack.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.pack.adaptations import Adaptation
from endonym.verify.words import WrittenText, triggered


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        name = ("DI003", subject.stack.languages)
        yield from subject.memory.of(name, adaptation, lambda adaptation=adaptation: tuple(_misses(subject, adaptation)))  # type: ignore[misc]


def _misses(subject: Subject, adaptation: Adaptation) -> Iterator[Found]:
    trigger = adaptation.trigger
    for example in adaptation.examples if trigger else ():
        question = " ".join(message.text for message in example.messages)
        for reply in example.replies:
            text = f"{question} {reply.text}"
            if trigger and reply.verdict == "BAD" and not any(
                triggered(trigger.all, trigger.patterns, WrittenText(text, language, subject.tools, exact=True))
                for language in subject.stack.languages
            ):
                yield (
                    Place(adaptation.file, reply.line),
                    f"{adaptation.id}: expected the trigger to match this bad example, found no match",
                    "Add the words of the example to the trigger's groups.",
                )


RULE = Rule("DI003", "trigger-misses-bad-example", _judge)
