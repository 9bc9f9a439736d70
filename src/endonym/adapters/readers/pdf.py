"""Reads PDF by its text layer, page by page: one block for each page, and on a page for each heading."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from endonym.adapters.readers.composition import Composition
from endonym.adapters.readers.file import MAX_BYTES
from endonym.core.ids import slug
from endonym.documents.fault import unreadable
from endonym.seams.passage import ReadDocument

LARGER = 1.12
"""How much larger than the body's letters those of a heading are."""
MAX_PAGES = 20_000

_LONGEST_HEADING = 200
_LINES_OF_A_HEADING = 3
_MARGIN_LINES = 2
_HYPHENS = ("\x02", "\ufffe")
_PAGE_NUMBER = re.compile(r"[\s\W]*(?:\d{1,4}|[ivxlc]{1,7})[\s\W]*", re.IGNORECASE)
_END = re.compile(r"[.!?:;…。！？؟۔।][\"'»”’)\]]*$")
# Behind a hyphen that stands for a word left out, as in "taime- ja loomarakk".
_CONJUNCTIONS = frozenset({"ja", "või", "ning", "ehk", "and", "or", "und", "oder", "et", "ou", "y", "o", "e", "и", "или", "та", "або", "un", "vai"})


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page: size of its letters in points, place of its first one from the page's lower left corner."""

    text: str
    size: float
    x: float
    y: float


class PdfReader:
    name = "pdf"
    version = "1"
    suffixes: tuple[str, ...] = (".pdf",)

    def read(self, path: Path) -> ReadDocument:
        pages = list(_pages(path))
        lines = [line for page in pages for line in page]
        if not lines:
            raise unreadable(path, "a PDF with a text layer", f"{len(pages)} page(s) that are pictures",
                             "Recognise the text first (OCR) and save the PDF with it.", fault="pictures")  # fmt: skip
        unknown = sum(line.text.count("\ufffd") for line in lines)
        if unknown * 3 > sum(len(line.text) for line in lines):
            raise unreadable(path, "a text layer that can be read", "letters that stand for no characters",
                             "Recognise the text anew (OCR), or get the document in another format.", fault="pictures")  # fmt: skip
        pages = _without_margins(pages)
        body, gap = _body_size(lines), _usual_gap(pages)
        composition = Composition()
        title = ""
        for number, page in enumerate(pages, 1):
            composition.begin(title, f"p{number}", number)
            for is_heading, text in _pieces(page, body, gap):
                if is_heading:
                    title = text
                    composition.heading(text, f"p{number}-{slug(text)}", number)
                else:
                    composition.paragraph(text)
        return composition.document()


def _pages(path: Path) -> Iterator[list[_Line]]:
    """The lines of each page, one page at a time in memory."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        if path.stat().st_size > MAX_BYTES:
            raise unreadable(path, f"at most {MAX_BYTES:,} bytes", f"{path.stat().st_size:,}", "Split the document.", fault="large")
        document = pypdfium2.PdfDocument(path)
    except OSError as error:
        raise unreadable(path, "a file that can be read", f"a fault: {error.strerror}", "Check its rights.") from None
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise unreadable(path, "a PDF that can be read", "one that is locked with a password", "Save it without a password.", fault="locked") from None
        raise unreadable(path, "a PDF", "another or a damaged file", "Get the document again, or save it anew.") from None
    try:
        if len(document) > MAX_PAGES:
            raise unreadable(path, f"at most {MAX_PAGES:,} pages", f"{len(document):,}", "Split the document.", fault="large")
        for number in range(len(document)):
            try:
                page = document[number]
                text = page.get_textpage()
            except pypdfium2.PdfiumError:
                raise unreadable(path, "a PDF", "a damaged page", "Get the document again, or save it anew.", number + 1) from None
            lines = list(_lines(text, raw))
            text.close()
            page.close()
            yield lines
    finally:
        document.close()


def _lines(text: Any, raw: Any) -> Iterator[_Line]:
    codes = [raw.FPDFText_GetUnicode(text, index) for index in range(raw.FPDFText_CountChars(text))]
    start = 0
    for end in (*(index for index, code in enumerate(codes) if code in (10, 13)), len(codes)):
        said = "".join(chr(code) if code and code <= 0x10FFFF else "\ufffd" for code in codes[start:end])
        if said.strip():
            first = start + len(said) - len(said.lstrip())
            yield _Line(said.strip(" \t\xa0"), _size(text, (first + start + len(said.rstrip())) // 2, raw), *_origin(text, first, raw))
        start = end + 1


def _size(text: Any, index: int, raw: Any) -> float:
    """In points, as shown: some programs write every letter at size 1 and enlarge it."""
    matrix = raw.FS_MATRIX()
    known = raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
    size = float(raw.FPDFText_GetFontSize(text, index) * (math.hypot(matrix.b, matrix.d) if known else 1))
    return round(size, 1) if math.isfinite(size) else 0.0


def _origin(text: Any, index: int, raw: Any) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
    return (x.value, y.value) if math.isfinite(x.value) and math.isfinite(y.value) else (0.0, 0.0)


def _without_margins(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without page numbers and the lines that most pages repeat at their top or bottom."""
    pages = [list(page) for page in pages]
    if len(pages) < 2:
        return pages
    for at in (0, -1) * _MARGIN_LINES:
        seen = Counter(_shape(page[at]) for page in pages if len(page) > 1)
        common = {shape for shape, count in seen.items() if count >= max(3, 0.4 * len(pages))}
        for page in pages:
            if len(page) > 1 and (_shape(page[at]) in common or _PAGE_NUMBER.fullmatch(page[at].text)):
                del page[at]
    return pages


def _shape(line: _Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _body_size(lines: Sequence[_Line]) -> float:
    """The size that most letters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], -size))


def _usual_gap(pages: Sequence[Sequence[_Line]]) -> float:
    """From line to line, as a multiple of the letters' size."""
    gaps = Counter(round((a.y - b.y) / a.size, 1) for page in pages for a, b in pairwise(page) if a.size and a.y > b.y)
    likely = {gap: count for gap, count in gaps.items() if 0.8 <= gap <= 3}
    return max(likely, key=lambda gap: (likely[gap], -gap)) if likely else 1.2


def _pieces(page: Sequence[_Line], body: float, gap: float) -> Iterator[tuple[bool, str]]:
    """(whether it is a heading, text) of each heading and paragraph of a page."""
    group: list[_Line] = []
    left = min((line.x for line in page), default=0.0)
    for line in page:
        if group and _breaks(group[-1], line, body, gap, left):
            yield _piece(group, body)
            group = []
        group.append(line)
    if group:
        yield _piece(group, body)


def _breaks(above: _Line, line: _Line, body: float, gap: float, left: float) -> bool:
    """Whether a new piece begins with `line`."""
    sizes = (_is_large(above, body), _is_large(line, body))
    if sizes[0] != sizes[1] or (sizes[0] and abs(above.size - line.size) > 0.5):
        return True
    apart = (above.y - line.y) / (max(above.size, line.size) or 1)
    ended = bool(_END.search(above.text))
    return apart > 1.3 * max(gap, 1) or (ended and (apart < 0 or line.x - left > 0.8 * line.size))


def _is_large(line: _Line, body: float) -> bool:
    return line.size >= LARGER * body


def _piece(lines: Sequence[_Line], body: float) -> tuple[bool, str]:
    text = _joined(lines)
    letters = sum(char.isalpha() for char in text)
    fits = len(lines) <= _LINES_OF_A_HEADING and letters > 1 and len(text) <= _LONGEST_HEADING
    return fits and _is_large(lines[0], body), text


def _joined(lines: Sequence[_Line]) -> str:
    """One paragraph; words that were divided at the end of a line are whole again."""
    text = lines[0].text
    for line in lines[1:]:
        if text.endswith(_HYPHENS):
            word = (line.text.split() or [""])[0].strip(".,;:")
            text = text[:-1] + ("- " if word.casefold() in _CONJUNCTIONS else "") + line.text
        else:
            text = f"{text} {line.text}"
    return text[:-1] + "-" if text.endswith(_HYPHENS) else text
