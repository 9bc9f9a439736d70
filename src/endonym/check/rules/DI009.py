"""DI009 help-line-forbidden

What it does: Finds checks that forbid the numbers or names of help lines, and bad examples that are bad for naming one.

Why it matters: Emergency numbers and help lines are given whenever they could matter; no check may stop a reply that holds one.

Example: `pattern: {forbidden: ['\\d{3}']}` in a country whose emergency number is 112.

Use instead: A narrower pattern.

Since: 0.2.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from endonym.check.forbidden import forbidden_words
from endonym.check.subject import Found, Place, Rule, Subject
from endonym.verify.words import WrittenText

_NUMBER = re.compile(r"\d[\d \u00a0-]*\d")


def _judge(subject: Subject) -> Iterator[Found]:
    lines = [(entry.number, WrittenText(f"{title} {entry.number}", language, subject.tools, exact=True), language)
             for entry in subject.stack.locale.help for language, title in entry.title.items()]  # fmt: skip
    for place, language, words in forbidden_words(subject):
        for word in words:
            if hit := next((number for number, text, spoken in lines if (not language or language == spoken) and word.found_in(text)), ""):
                yield place, f"expected a check that lets help lines pass, found {word.shown!r}, which forbids {hit}", "Make the pattern narrower: a reply may always name a help line."
    numbers = {re.sub(r"\D", "", number) for number, _, _ in lines}
    for _, adaptation in subject.adaptations():
        for example in adaptation.examples:
            for reply in example.replies:
                told = {re.sub(r"\D", "", number) for number in _NUMBER.findall(reply.text)}
                good = any(numbers & {re.sub(r"\D", "", n) for n in _NUMBER.findall(r.text)} for r in example.replies if r.verdict == "GOOD")
                if reply.verdict == "BAD" and numbers & told and not good:
                    yield Place(adaptation.file, reply.line), f"{adaptation.id}: expected help lines in good replies, found one in a bad reply and in no good one", "A reply that names a help line is not bad for that."


RULE = Rule("DI009", "help-line-forbidden", _judge)
