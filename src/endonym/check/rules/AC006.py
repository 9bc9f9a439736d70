"""AC006 suppression-refused

What it does: Finds suppressions of rules that nobody may silence, and suppressions that match no finding.

Why it matters: Authority rules hold everywhere; a suppression of nothing hides the next finding.

Example: `[[suppress]] code = \"AU001\"`.

Use instead: The finding mended; the suppression removed.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject
from endonym.check.suppress import PROTECTED


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for number, entry in enumerate(pack.manifest.suppress):
            if entry.code.startswith(PROTECTED):
                yield Place.manifest(pack, f"suppress.{number}.code", "suppress"), f"expected a rule that may be suppressed, found {entry.code}", "Mend the finding; rules about authority, layers, disclosure and reading of files hold everywhere."


RULE = Rule("AC006", "suppression-refused", _judge)
