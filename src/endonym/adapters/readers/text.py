"""Reads plain text: one block for each underlined heading; where there are form feeds, one for each page."""

from __future__ import annotations

import re
from pathlib import Path

from endonym.adapters.readers.composition import Composition
from endonym.adapters.readers.file import MAX_TEXT, decode, read_bytes
from endonym.core.ids import slug
from endonym.seams.passage import ReadDocument

_RULE = re.compile(r"([=\-~*])\1{2,}\s*")
_LONGEST_HEADING = 150


class TextReader:
    name = "text"
    version = "1"
    suffixes: tuple[str, ...] = (".txt",)

    def read(self, path: Path) -> ReadDocument:
        text = decode(read_bytes(path, MAX_TEXT), path)
        composition = Composition()
        paged = "\f" in text
        title, line = "", 1
        for number, page in enumerate(text.split("\f"), 1):
            if paged:
                composition.begin(title, f"p{number}", line)
            title = _page(page, composition, line, title, f"p{number}-" if paged else "")
            line += page.count("\n")
        return composition.document()


def _page(text: str, composition: Composition, first: int, title: str, prefix: str) -> str:
    """Put the lines of a page in; returns the heading that stands at its end."""
    lines = text.split("\n")
    paragraph: list[str] = []
    skip = False
    for index, line in enumerate(lines):
        under = lines[index + 1] if index + 1 < len(lines) else ""
        if skip:
            skip = False
        elif not paragraph and line.strip() and len(line) <= _LONGEST_HEADING and _RULE.fullmatch(under.lstrip()):
            title, skip = line.strip(), True
            composition.heading(title, prefix + slug(title), first + index)
        elif line.strip():
            paragraph.append(line)
        else:
            composition.paragraph("\n".join(paragraph))
            paragraph = []
    composition.paragraph("\n".join(paragraph))
    return title
