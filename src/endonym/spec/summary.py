"""What of a section always fits in a prompt."""

from __future__ import annotations

import re

from endonym.spec.model import Section

_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)


def first_sentence(section: Section) -> str:
    """The first sentence of a section, or its title where it has no text."""
    match = _SENTENCE.match(section.text.strip())
    return " ".join((match.group(1) if match else section.title).split())
