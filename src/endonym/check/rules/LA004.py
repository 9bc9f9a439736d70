"""LA004 wrong-script

What it does: Finds texts that are not written in a script of their language.

Why it matters: A text in the wrong script was pasted under the wrong language, and its readers cannot read it.

Example: A Russian summary in Latin letters.

Use instead: The text in its own script.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written
from endonym.text.scripts import main_script, scripts_of


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    expected = scripts_of(written.language)
    found = main_script(written.text) if expected else ""
    if found and found not in expected:
        yield (
            Place(written.file, written.line),
            f"{written.language}: expected {' or '.join(sorted(expected))} letters, found {found}: {written.text.strip()[:60]!r}",
            "Move the text under its own language, or write it anew.",
        )


RULE = TextRule("LA004", "wrong-script", _judge)
