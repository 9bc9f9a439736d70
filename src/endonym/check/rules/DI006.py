"""DI006 disclosure-names-no-provision

What it does: Finds disclosures that do not name the provision they rest on.

Why it matters: A reader must be able to look up by which rule something is left out.

Example: "Something is left out by law."

Use instead: The name or number of the provision in every language.

Since: 0.2.0
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        provisions = [subject.stack.sources[s] for s in adaptation.cites if s in subject.stack.sources]
        numbers = {number for source in provisions for number in re.findall(r"\d+", source.pinpoint)}
        for language, text in adaptation.disclosure.items():
            told = set(re.findall(r"\d+", unicodedata.normalize("NFKC", text)))
            if numbers and not numbers & told:
                yield (
                    Place.of(adaptation, f"disclosure.{language}"),
                    f"{adaptation.id}: expected the disclosure in {language} to name {' or '.join(s.pinpoint for s in provisions if s.pinpoint)}, found no such number",
                    "Name the act and the provision, such as \"Language Act, § 4\".",
                )


RULE = Rule("DI006", "disclosure-names-no-provision", _judge)
