"""Reads DOCX: one block for each heading that has text under it; deleted and hidden text is no text of the document."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endonym.adapters.readers.composition import Composition
from endonym.adapters.readers.file import read_bytes
from endonym.documents.archive import damaged, open_archive, read_entry
from endonym.documents.fault import unreadable
from endonym.seams.passage import ReadDocument

if TYPE_CHECKING:
    from lxml.etree import _Element

KIND = "a DOCX"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset({_W + "del", _W + "moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_ON = frozenset({None, "1", "true", "on"})


class DocxReader:
    name = "docx"
    version = "1"
    suffixes: tuple[str, ...] = (".docx",)

    def read(self, path: Path) -> ReadDocument:
        data = read_bytes(path)
        with open_archive(data, path, KIND) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")) and b"<!" in (part := read_entry(archive, name, path, KIND)):
                    _refuse_entities(part, name, path)
        from docx import Document

        try:
            document = Document(io.BytesIO(data))
            headings = _headings(document)
            body = document.element.body
        except Exception as error:  # python-docx fails with whatever the part lacks that it came to
            raise damaged(path, KIND, f"{type(error).__name__}: {error}") from None
        composition = Composition()
        for number, (kind, element) in enumerate(_parts(body), 1):
            if kind == "row":
                composition.paragraph(" | ".join(filter(None, (" ".join(_text(cell).split()) for cell in element.iterchildren(_W + "tc")))))
            elif _is_heading(element, headings):
                composition.heading(_text(element), line=number)
            else:
                composition.paragraph(_text(element))
        return composition.document()


def _refuse_entities(part: bytes, name: str, path: Path) -> None:
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise unreadable(path, "XML without a document type", f"<!DOCTYPE or <!ENTITY in {name}",
                         "Do not use it: a few entities can grow without end. Save the document anew.")  # fmt: skip


def _headings(document: Any) -> set[str]:
    """The ids of the styles that make a paragraph a heading, whatever Word's language: by name, outline level or parent."""
    styles = {style.style_id: style.element for style in document.styles}

    def is_heading(style_id: str | None, seen: frozenset[str] = frozenset()) -> bool:
        if style_id is None or style_id in seen or style_id not in styles or len(seen) > 20:
            return False
        element = styles[style_id]
        name = element.find(_W + "name")
        said = (name.get(_W + "val") or "").casefold() if name is not None else ""
        parent = element.find(_W + "basedOn")
        return (said.startswith("heading ") or said == "title" or _outlined(element)
                or is_heading(parent.get(_W + "val") if parent is not None else None, seen | {style_id}))  # fmt: skip

    return {style_id for style_id in styles if is_heading(style_id)}


def _outlined(element: _Element) -> bool:
    level = element.find(f"{_W}pPr/{_W}outlineLvl")
    return level is not None and level.get(_W + "val") in set("012345678")


def _is_heading(paragraph: _Element, headings: set[str]) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return (style is not None and style.get(_W + "val") in headings) or _outlined(paragraph)


def _parts(body: _Element) -> Iterator[tuple[str, _Element]]:
    """("paragraph" or "row", element) in order; what controls and tracked changes wrap is unwrapped."""
    for child in body.iterchildren():
        if child.tag == _W + "p":
            yield "paragraph", child
        elif child.tag == _W + "tr":
            yield "row", child
        elif child.tag not in _LEFT_OUT and child.tag != _W + "sectPr":
            yield from _parts(child)


def _text(element: _Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: _Element) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _LEFT_OUT and not (child.tag == _W + "r" and _vanishes(child)):
            yield from _pieces(child)
            if child.tag == _W + "p":
                yield "\n"


def _vanishes(run: _Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val") in _ON
