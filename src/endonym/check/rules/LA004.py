"""LA004 wrong-script

What it does: Finds texts that are not written in a script of their language.

Why it matters: A text in the wrong script was pasted under the wrong language, and its readers cannot read it.

Example: A Russian summary in Latin letters.

Use instead: The text in its own script.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.text.scripts import main_script, scripts_of


def _judge(subject: Subject) -> Iterator[Found]:
    for written in subject.texts():
        expected = scripts_of(written.language)
        found = subject.memory.of("LA004", written, partial(main_script, written.text))
        if expected and found and found not in expected:
            yield (
                Place(written.file, written.line),
                f"{written.language}: expected {' or '.join(sorted(expected))} letters, found {found}: {written.text.strip()[:60]!r}",
                "Move the text under its own language, or write it anew.",
            )


RULE = Rule("LA004", "wrong-script", _judge)
