"""Reads Akoma Ntoso: one block for each article, under its own eId, with the dates of its version and those of its validity.

Source: OASIS LegalDocML, Akoma Ntoso 1.0 (namespace …/akn/3.0); the names of elements are those of 2.0, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from endonym.adapters.readers.composition import Composition
from endonym.adapters.readers.file import MAX_TEXT, read_bytes
from endonym.documents.fault import unreadable
from endonym.seams.passage import ReadDocument
from endonym.text.xml import local_name, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_META = frozenset({"meta", "components", "attachments"})
_LEFT_OUT = frozenset({"authorialNote", "noteRef", "del", "meta", "toc"})
_PARTS = frozenset({"coverPage", "preface", "preamble", "conclusions"})
_TEXT = frozenset({"p", "heading", "subheading", "crossHeading", "block", "longTitle", "formula", "listIntroduction", "listConclusion",
                   "docTitle", "caption", "span"})  # fmt: skip


class AkomaNtosoReader:
    name = "akoma_ntoso"
    version = "2"
    suffixes: tuple[str, ...] = (".xml", ".akn")

    def read(self, path: Path) -> ReadDocument:
        root = parse_xml(read_bytes(path, MAX_TEXT), path.name)
        if local_name(root) != "akomaNtoso":
            raise unreadable(path, "Akoma Ntoso", f"XML of another kind (<{local_name(root)}>)",
                             "Get the text as Akoma Ntoso, HTML or PDF.", root.sourceline or 1)  # fmt: skip
        law = _Law(root)
        law.read(root, _Period(_version(root)))
        return law.composition.document()


@dataclass(frozen=True, slots=True)
class _Period:
    """When an article holds: in words for its title, and from its first to its last day, over any gap between."""

    shown: str
    first: str = ""
    last: str = ""


class _Law:
    """A walk over a law. `unit` is the element that is an article here."""

    def __init__(self, root: _Element) -> None:
        self.composition = Composition()
        self.periods = _periods(root)
        names = {local_name(element) for element in root.iter()}
        self.unit = next((name for name in ("article", "section", "rule", "clause", "paragraph") if name in names), "article")
        self.number = ""

    def read(self, element: _Element, dates: _Period) -> None:
        for child in element.iterchildren("*"):
            name = local_name(child)
            if name in _META or name in _LEFT_OUT:
                continue
            own = self.periods.get(child.get("period", "").lstrip("#"), dates)
            if name == self.unit:
                self._begin(child, own)
                self._text(child)
            elif name in _PARTS:
                self.composition.begin("", child.get("eId") or name, child.sourceline or 1)
                self._text(child)
            elif name == "num":
                self.number = _inline(child)
            elif name == "heading":
                self.composition.heading(f"{self._taken()} {_inline(child)}".strip(), element.get("eId", ""), element.sourceline or 1)
            elif name in _TEXT:
                self.composition.paragraph(f"{self._taken()} {_inline(child)}")
            else:
                self.read(child, own)

    def _begin(self, article: _Element, dates: _Period) -> None:
        parts = {local_name(child): _inline(child) for child in article.iterchildren("*") if local_name(child) in ("num", "heading")}
        title = " ".join(filter(None, (parts.get("num"), parts.get("heading"))))
        anchor = article.get("eId") or article.get("id") or article.get("wId") or ""
        self.composition.heading(title, anchor, article.sourceline or 1, f"({dates.shown})" if dates.shown else "",
                                 (dates.first, dates.last))  # fmt: skip

    def _text(self, element: _Element) -> None:
        """The paragraphs of an article, each behind its own number."""
        for child in element.iterchildren("*"):
            name = local_name(child)
            head = local_name(element) == self.unit and name in ("num", "heading")
            if name in _LEFT_OUT or head:
                continue
            if name == "num":
                self.number = f"{self.number} {_inline(child)}".strip()
            elif name in _TEXT:
                self.composition.paragraph(f"{self._taken()} {_inline(child)}")
            else:
                self._text(child)

    def _taken(self) -> str:
        number, self.number = self.number, ""
        return number


def _inline(element: _Element) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element.iterchildren("*"):
        if local_name(child) in ("br", "eol"):
            yield " "
        elif local_name(child) not in _LEFT_OUT:
            yield from _pieces(child)
        yield child.tail or ""


def _version(root: _Element) -> str:
    """The date of the expression: the version of the law that this text is; that of the work where it has none."""
    for level in ("FRBRExpression", "FRBRWork"):
        dates: list[str] = [e.get("date", "")[:10] for e in root.iter() if local_name(e) == "FRBRdate" and local_name(e.getparent()) == level]
        if any(dates):
            return max(dates)
    return ""


def _periods(root: _Element) -> Mapping[str, _Period]:
    """The period of each temporal group by its id, shown as `from – until`; an open side is left empty.

    Source: Akoma Ntoso Naming and vocabulary, `timeInterval`: `end` is the event by which validity ends, so the day of a
    repeal is no day of validity any more.
    """
    events = {e.get("eId") or e.get("id", ""): _iso(e.get("date", "")[:10]) for e in root.iter() if local_name(e) == "eventRef"}
    found: dict[str, _Period] = {}
    for group in root.iter():
        if local_name(group) == "temporalGroup":
            spans = [[events.get(i.get(side, "").lstrip("#"), "") for side in ("start", "end")] for i in group if local_name(i) == "timeInterval"]
            shown = ", ".join(f"{start} – {end}".strip() for start, end in spans if start or end)
            if shown:
                starts, ends = zip(*spans, strict=True)
                found[group.get("eId") or group.get("id", "")] = _Period(
                    shown, min(starts) if all(starts) else "", _day_before(max(ends)) if all(ends) else "")  # fmt: skip
    return found


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day > date.min.isoformat() else ""


def _iso(day: str) -> str:
    """`day` where it is a date of the calendar, else ""."""
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        return ""
