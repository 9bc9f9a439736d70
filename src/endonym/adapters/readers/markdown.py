"""Reads Markdown: one block for each heading that has text under it."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt

from endonym.core.ids import slug
from endonym.documents.fault import unreadable
from endonym.seams.passage import Block, ReadDocument

_ANCHOR = re.compile(r"\s*\{#([\w-]+)\}\s*$")
_markdown = MarkdownIt("commonmark")


class MarkdownReader:
    name = "markdown"
    version = "1"
    suffixes: tuple[str, ...] = (".md",)

    def read(self, path: Path) -> ReadDocument:
        try:
            text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(path, "a UTF-8 Markdown file", f"a fault: {error}", "Save the file as UTF-8.", fault="encoding") from None
        return ReadDocument(text, _blocks(text))


def _blocks(text: str) -> tuple[Block, ...]:
    tokens = _markdown.parse(text)
    lines = text.splitlines(keepends=True)
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    heads = [
        (token.map[0], token.map[1], tokens[index + 1].content)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
    if not heads or heads[0][0] > 0:
        heads.insert(0, (0, 0, ""))
    blocks: list[Block] = []
    used: set[str] = set()
    for position, (_, start, heading) in enumerate(heads):
        end = heads[position + 1][0] if position + 1 < len(heads) else len(lines)
        raw = "".join(lines[start:end])
        body = raw.strip()
        if not body:
            continue
        match = _ANCHOR.search(heading)
        title = _ANCHOR.sub("", heading).strip()
        anchor = unique = match.group(1) if match else slug(title or "text")
        count = 2
        while unique in used:
            unique = f"{anchor}-{count}"
            count += 1
        used.add(unique)
        lead = len(raw) - len(raw.lstrip())
        blocks.append(Block(unique, title, body, offsets[start] + lead, start + 1))
    return tuple(blocks)
