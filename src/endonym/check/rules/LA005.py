"""LA005 mixed-script-word

What it does: Finds words that mix Latin and Cyrillic letters.

Why it matters: Letters that look alike hide a word from every search, glossary and check.

Example: The Cyrillic `о` in `fоtosüntees`.

Use instead: The word typed anew on one keyboard.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written
from endonym.text.scripts import mixed_word


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    if word := mixed_word(written.text):
        yield (
            Place(written.file, written.line),
            f"expected a word in one script, found {word!r} with Latin and Cyrillic letters",
            "Type the word anew on one keyboard.",
        )


RULE = TextRule("LA005", "mixed-script-word", _judge)
