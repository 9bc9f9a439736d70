"""Reads EPUB: the pages of the book in the order of its spine, each as HTML."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from endonym.adapters.readers.composition import Composition
from endonym.adapters.readers.file import decode, read_bytes
from endonym.adapters.readers.html import read_page
from endonym.documents.archive import damaged, open_archive, read_entry
from endonym.documents.fault import unreadable
from endonym.seams.passage import ReadDocument
from endonym.text.xml import local_name, parse_xml

KIND = "an EPUB"
CONTAINER = "META-INF/container.xml"
LOCKS = "META-INF/encryption.xml"


class EpubReader:
    name = "epub"
    version = "1"
    suffixes: tuple[str, ...] = (".epub",)

    def read(self, path: Path) -> ReadDocument:
        composition = Composition()
        with open_archive(read_bytes(path), path, KIND) as archive:
            locked = _locked(archive, path)
            for number, name in enumerate(_chapters(archive, path), 1):
                if name in locked:
                    raise unreadable(path, "a book that can be read", "one that is locked for a shop's readers (DRM)",
                                     "Ask its publisher for a copy without a lock.")  # fmt: skip
                page = decode(read_entry(archive, name, path, KIND), path)
                composition.begin("", posixpath.splitext(posixpath.basename(name))[0], number)
                read_page(page, path, composition, xml=True, line=number)
        return composition.document()


def _chapters(archive: zipfile.ZipFile, path: Path) -> Iterator[str]:
    """The names of the book's pages in reading order, without the table of contents."""
    container = parse_xml(read_entry(archive, CONTAINER, path, KIND), path.name)
    package = next((e.get("full-path", "") for e in container.iter() if local_name(e) == "rootfile"), "")
    book = parse_xml(read_entry(archive, package, path, KIND), path.name)
    folder = posixpath.dirname(package)
    pages: dict[str, str] = {}
    for item in book.iter():
        if local_name(item) == "item" and "html" in item.get("media-type", "") and "nav" not in item.get("properties", "").split():
            pages[item.get("id", "")] = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", "")).partition("#")[0]))
    spine = [pages[e.get("idref", "")] for e in book.iter() if local_name(e) == "itemref" and e.get("idref", "") in pages]
    if not spine:
        raise damaged(path, KIND, "its spine names no page")
    yield from dict.fromkeys(spine)


def _locked(archive: zipfile.ZipFile, path: Path) -> set[str]:
    """The files that are encrypted; fonts often are, which keeps nobody from reading."""
    if LOCKS not in archive.namelist():
        return set()
    found = parse_xml(read_entry(archive, LOCKS, path, KIND), path.name)
    return {unquote(e.get("URI", "")) for e in found.iter() if local_name(e) == "CipherReference"}
