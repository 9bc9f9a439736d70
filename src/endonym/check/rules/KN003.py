"""KN003 hidden-comment

What it does: Finds HTML comments in documents and lessons.

Why it matters: Readers do not see a comment and a model does: nothing in a pack is hidden from its readers.

Example: `<!-- note to the assistant -->` in a document.

Use instead: The text in the open, or none.

Since: 0.2.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from endonym.check.subject import Circumstances, Found, Place, TextRule
from endonym.check.written import Written


def _judge(written: Written, _: Circumstances) -> Iterator[Found]:
    if written.kind in ("passage", "lesson") and (match := re.search(r"<!--(.*?)(?:-->|$)", written.text, re.DOTALL)):
        line = written.line + written.text[: match.start()].count("\n")
        yield Place(written.file, line), f"expected text that readers see, found a comment: {match.group(1).strip()[:60]!r}", "Remove the comment."


RULE = TextRule("KN003", "hidden-comment", _judge)
