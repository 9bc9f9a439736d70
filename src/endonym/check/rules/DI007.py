"""DI007 disclosure-reveals

What it does: Finds disclosures that hold what the rule leaves out.

Why it matters: A disclosure names the kind of information, never the content itself.

Example: "The name of Mari Maasikas is left out."

Use instead: The kind of information.

Since: 0.2.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        for language, text in adaptation.disclosure.items():
            for pattern in adaptation.trigger.reveals if adaptation.trigger else ():
                if match := re.search(pattern, text):
                    yield (
                        Place.of(adaptation, f"disclosure.{language}"),
                        f"{adaptation.id}: expected the kind of information in the disclosure in {language}, found {match.group()[:60]!r}",
                        "Name the kind of information only, or make the pattern under `reveals` narrower.",
                    )
                    break


RULE = Rule("DI007", "disclosure-reveals", _judge)
