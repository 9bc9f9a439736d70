"""Glossaries as TBX, in and out.

Source: ISO 30042:2019 (TBX 3), dialect TBX-Basic. Written in the style DCA; read in DCA and DCT, and as TBX 2 (martif).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from endonym.core.errors import PackError
from endonym.pack.manifest import Manifest
from endonym.pack.positions import Faults, build
from endonym.pack.tables import Term
from endonym.text.xml import XML_LANG, local_name, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:iso:std:iso:30042:ed-2"

_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>")
"""What it says of the encoding has been done by then."""
_STATUS = {"preferred": "preferredTerm-admn-sts", "admitted": "admittedTerm-admn-sts", "forbidden": "deprecatedTerm-admn-sts"}
_READ_STATUS = {name: status for status, long in _STATUS.items() for name in (long, long.removesuffix("-admn-sts"))} | {
    "supersededTerm-admn-sts": "forbidden", "supersededTerm": "forbidden",
}  # fmt: skip
_CONCEPTS = frozenset({"conceptEntry", "termEntry"})
_LANGUAGES = frozenset({"langSec", "langSet"})
_TERMS = frozenset({"termSec", "tig", "ntig"})
_GROUPS = frozenset({"descripGrp", "adminGrp", "termNoteGrp", "termGrp"})


def to_tbx(terms: Sequence[Term], manifest: Manifest) -> str:
    """The terms by concept and language, in the order in which each is first named.

    Raises:
        PackError: A text holds a character that XML cannot hold.
    """
    from lxml import etree

    root = etree.Element(f"{{{NAMESPACE}}}tbx", {"type": "TBX-Basic", "style": "dca", XML_LANG: manifest.default_language}, {None: NAMESPACE})
    description = _add(_add(root, "tbxHeader"), "fileDesc")
    _add(_add(description, "titleStmt"), "title", manifest.title.get(manifest.default_language, manifest.id))
    _add(_add(description, "sourceDesc"), "p", f"{manifest.id} {manifest.version}, {', '.join(manifest.maintainers)}, {manifest.licence}")
    body = _add(_add(root, "text"), "body")
    try:
        for concept, own in _grouped(terms, "concept"):
            _write_concept(body, concept, own)
    except ValueError as error:
        raise PackError(f"expected texts that XML can hold, found a fault: {error}", origin=manifest.id,
                        remedy="Remove control characters from the glossary.") from None  # fmt: skip
    etree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{etree.tostring(root, encoding="unicode")}\n'


def parse_tbx(text: str, pack: str, faults: Faults) -> tuple[Term, ...]:
    """The terms of a file. Faults go to `faults`, and the term is left out."""
    try:
        root = parse_xml(_DECLARATION.sub("", text).encode(), faults.file)
    except PackError as error:
        said = error.origin.rpartition(":")[2]
        faults.add("PK045", "malformed-tbx", int(said) if said.isdigit() else 1, error.message, error.remedy)
        return ()
    if local_name(root) not in ("tbx", "martif"):
        faults.add("PK045", "malformed-tbx", root.sourceline or 1, f"expected TBX, found XML of another kind (<{local_name(root)}>)",
                   "Export the glossary as TBX-Basic.")  # fmt: skip
        return ()
    found = []
    for concept in root.iter():
        if local_name(concept) in _CONCEPTS:
            for line, data in _read_concept(concept):
                term = build(Term, {**data, "pack": pack, "file": faults.file, "line": line}, {(): line}, faults)
                if term:
                    found.append(term)
    return tuple(found)


def _write_concept(body: _Element, concept: str, terms: Sequence[Term]) -> None:
    entry = _add(body, "conceptEntry", id=_to_id(concept))
    subject = _common(terms, "subject")
    if subject:
        _add(entry, "descrip", subject, type="subjectField")
    for language, own in _grouped(terms, "language"):
        section = _add(entry, "langSec", **{XML_LANG: language})
        definition = _common(own, "definition")
        if definition:
            _add(_add(section, "descripGrp"), "descrip", definition, type="definition")
        for term in own:
            part = _add(section, "termSec")
            _add(part, "term", term.term)
            _add(part, "termNote", _STATUS[term.status], type="administrativeStatus")
            if term.subject and not subject:
                _add(part, "descrip", term.subject, type="subjectField")
            if term.definition and not definition:
                _add(part, "descrip", term.definition, type="definition")
            if term.source:
                _add(part, "admin", term.source, type="source")


def _add(parent: _Element, name: str, text: str = "", **attributes: str) -> _Element:
    from lxml import etree

    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    child.text = text or None
    return child


def _grouped(terms: Sequence[Term], key: str) -> Iterator[tuple[str, list[Term]]]:
    order = {value: index for index, value in enumerate(dict.fromkeys(getattr(term, key) for term in terms))}
    for value, own in groupby(sorted(terms, key=lambda term: order[getattr(term, key)]), lambda term: getattr(term, key)):
        yield value, list(own)


def _common(terms: Sequence[Term], key: str) -> str:
    """What all the terms have as `key`, or ""."""
    values = {getattr(term, key) for term in terms}
    return str(values.pop()) if len(values) == 1 else ""


def _read_concept(concept: _Element) -> Iterator[tuple[int, dict[str, str | None]]]:
    """(line, fields) of each term of a concept; what is said of the concept or the language holds for each of its terms."""
    of_concept = _said(concept)
    for section in (child for child in concept if local_name(child) in _LANGUAGES):
        language = section.get(XML_LANG) or section.get("lang")
        of_language = of_concept | _said(section)
        parts = [_said(child) | {"line": str(child.sourceline or 1)} for child in section if local_name(child) in _TERMS]
        statuses = [_READ_STATUS.get(part.get("administrativeStatus", "")) for part in parts]
        for index, part in enumerate(parts):
            own = of_language | part
            status = statuses[index] or ("admitted" if index or "preferred" in statuses else "preferred")
            yield int(part["line"]), {
                "concept": _from_id(concept.get("id") or own.get("term", "")), "language": language, "term": own.get("term"),
                "status": status, "definition": own.get("definition", ""), "subject": own.get("subjectField", ""),
                "source": part.get("source", ""),
            }  # fmt: skip


def _said(element: _Element) -> dict[str, str]:
    """What is said of an element itself, by data category: its `type` in DCA, its name in DCT."""
    found: dict[str, str] = {}
    for child in element.iterchildren("*"):
        name = local_name(child)
        if name in _GROUPS:
            found = _said(child) | found
        elif name not in _LANGUAGES and name not in _TERMS:
            found.setdefault(child.get("type") or name, "".join(child.itertext()).strip())
    return found


def _to_id(concept: str) -> str:
    """An XML id; characters that none may have are written `_x20_`."""
    return re.sub(r"^[^A-Za-z_]|[^A-Za-z0-9_.-]|_(?=x[0-9a-f]+_)", lambda match: f"_x{ord(match.group()):x}_", concept)


def _from_id(name: str) -> str:
    return re.sub(r"_x([0-9a-f]{1,5}|10[0-9a-f]{4})_", lambda match: chr(int(match[1], 16)), name)


