"""Identifiers: random ones for turns and conversations, readable ones for anchors."""

from __future__ import annotations

import re
import secrets
import unicodedata

PACK_ID = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
SECTION_ID = re.compile(r"^[a-z][a-z0-9_]*$")


def new_id(prefix: str) -> str:
    """An unguessable id with 128 random bits, such as `turn_3f…`; holding it is the right to read what it names."""
    return f"{prefix}_{secrets.token_hex(16)}"


def slug(text: str) -> str:
    """A readable anchor: lower case, letters of any script kept, everything else turned into single hyphens."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return re.sub(r"[^\w]+", "-", folded).strip("-") or "section"
