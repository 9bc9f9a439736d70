"""KN004 licence-unknown

What it does: Finds documents whose licence is neither an SPDX identifier nor in plain words that the text may be reused.

Why it matters: Other countries reuse a pack; nobody may without a licence.

Example: `licence = \"?\"`.

Use instead: An SPDX identifier such as `CC-BY-4.0`, or `public domain (official text)`.

Since: 0.2.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject

_LICENCE = re.compile(r"(?i)^(?:CC0-1\.0|CC-BY(?:-SA|-NC|-ND|-NC-SA|-NC-ND)?-[1-4]\.\d(?:-[A-Z]+)?|public domain.*|Apache-2\.0|MIT|OGL-UK-[123]\.0|ODbL-1\.0|GFDL-1\.[123].*|LicenseRef-[\w.-]+)$")


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for document in pack.documents:
            if not _LICENCE.match(document.licence.strip()):
                yield (
                    Place(document.register_file, document.line),
                    f"{document.id}: expected an SPDX identifier, found {document.licence!r}",
                    "Write for example CC-BY-4.0, CC0-1.0, or `public domain (official text)`.",
                )


RULE = Rule("KN004", "licence-unknown", _judge, severity="warning")
