"""Reads HTML: one block for each heading that has text under it; what a reader of the page does not see is no text of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from endonym.adapters.readers.composition import Composition
from endonym.adapters.readers.file import MAX_TEXT, decode, read_bytes
from endonym.documents.fault import unreadable
from endonym.seams.passage import ReadDocument

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

NEVER_TEXT = (
    "script, style, noscript, template, iframe, object, embed, svg, canvas, audio, video, map, button, input, select, textarea, "
    "datalist, annotation, annotation-xml, head, dialog:not([open]), [hidden], [aria-hidden=true]"
)
AROUND = "nav, footer, aside, [role=navigation], [role=banner], [role=contentinfo], [role=search], [role=complementary]"
"""What stands around a page's own text."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PARAGRAPHS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
}) | HEADINGS  # fmt: skip

_CHARSET = re.compile(rb"""(?i)<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s*=\s*["']?\s*([\w.:-]{1,40})""")
_ENCODINGS = re.compile(r"utf-8|ascii|iso8859-\d+|cp(?:8|12|9)\d+|koi8-[rutk]|big5\w*|gb\w+|shift_jis\w*|euc_\w+|iso2022_\w+|mac[-_]\w+|tis-620")
_HIDING = re.compile(
    r"(?i)(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0*\.?0+(?![\d.])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3})"
)
_HEADING_TAG = re.compile(r"(?i)<(h[1-6])(?=[\s>/])")
_UNCLOSED = re.compile(r"<([A-Za-z][\w:-]*+)([^<>]*)/>")
_TAG = re.compile(r"<(!--|/?)([A-Za-z][\w:-]*+)?")
_SIMPLE = re.compile(r"[\w-]*(?:[.#][\w-]+)+|[\w-]+|\[[\w-]+(?:=[\"']?[\w-]*[\"']?)?\]")
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
# Elements whose end may be left out; they cannot hold one of their own kind.
_OPEN_ENDED = _VOID | {"html", "head", "body", "p", "li", "dd", "dt", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup",
                       "colgroup", "caption", "rt", "rp"}  # fmt: skip
_FORMATS = frozenset({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
_LINE = "data-endonym-line"
_MOST_RULES = 500
MAX_DEPTH = 1_000
"""Browsers show 512 levels; the time to parse grows with the square of the depth."""
_MOST_COPIES = 5_000_000
"""An element of format that is not closed is copied into every paragraph that follows."""


class HtmlReader:
    name = "html"
    version = "1"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")

    def read(self, path: Path) -> ReadDocument:
        data = read_bytes(path, MAX_TEXT)
        composition = Composition()
        read_page(decode(data, path, _encoding(data, path)), path, composition, xml=path.suffix.lower() == ".xhtml")
        return composition.document()


def read_page(source: str, path: Path, composition: Composition, *, xml: bool = False, line: int = 0) -> None:
    """Put the text of a page in.

    Args:
        path: The file that the page stands in, for messages.
        xml: Elements may be closed where they open, as in `<title/>`.
        line: What stands for the line of every heading; their own lines where 0.

    Raises:
        PackError: The page is made to keep a parser busy.
    """
    if xml:
        source = _UNCLOSED.sub(lambda m: m.group() if m[1].lower() in _VOID else f"<{m[1]}{m[2]}></{m[1]}>", source)
    if _exhausts(source):
        raise unreadable(path, "a page that browsers show whole", f"elements more than {MAX_DEPTH:,} deep", "Save the page anew.", line)
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_with_lines(source))
    # Some pages hide all of themselves until a script shows them.
    left_out = {node.mem_id for node in (*tree.css(NEVER_TEXT), *_hidden(tree)) if node.tag not in ("html", "body")}
    for root in _content(tree, left_out):
        _Page(composition, line, left_out).read(root)


def _encoding(data: bytes, path: Path) -> str:
    """What a page says of itself, UTF-8 where it says nothing; as browsers do, a byte order mark counts for more."""
    found = _CHARSET.search(data[:4096])
    if found is None or data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    label = found[1].decode("ascii")
    try:
        name = codecs.lookup(label).name
    except LookupError:
        name = ""
    if name.startswith("utf-16"):  # a page that can be read up to here is not in UTF-16, whatever it says
        return "utf-8-sig"
    if not _ENCODINGS.fullmatch(name):
        raise unreadable(path, "a known encoding", label, "Save the page as UTF-8.", 1)
    return {"utf-8": "utf-8-sig", "ascii": "utf-8-sig", "iso8859-1": "cp1252"}.get(name, name)


def _with_lines(source: str) -> str:
    """The page with its line in each tag of a heading: the parser does not keep lines."""
    parts: list[str] = []
    at, line = 0, 1
    for match in _HEADING_TAG.finditer(source):
        line += source.count("\n", at, match.start())
        parts += (source[at : match.start()], f'<{match[1]} {_LINE}="{line}"')
        at = match.end()
    return "".join((*parts, source[at:]))


def _exhausts(source: str) -> bool:
    """Whether elements are nested so deep, or so many of format left open, that parsing would not end in time."""
    depth = formats = most = tags = at = 0
    while match := _TAG.search(source, at):
        at = match.end()
        closing, name = match[1], (match[2] or "").lower()
        if closing == "!--":
            at = source.find("-->", at)
        elif name in ("script", "style") and not closing:
            at = source.find(f"</{name}", at)
        elif name and name not in _OPEN_ENDED:
            step = -1 if closing else 1
            depth = max(depth + step, 0)
            formats = max(formats + step, 0) if name in _FORMATS else formats
            most = max(most, formats)
        tags += 1
        if depth > MAX_DEPTH or most * tags > _MOST_COPIES:
            return True
        if at < 0:
            break
    return False


def _hidden(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """The elements that a style hides: their own, or a simple rule of the page's style sheets."""
    for node in tree.css("[style]"):
        if _HIDING.search(node.attributes.get("style") or ""):
            yield node
    left = _MOST_RULES
    for sheet in tree.css("style"):
        whole = "".join(part.partition("*/")[2] if number else part for number, part in enumerate(sheet.text().split("/*")))
        for rule in whole.split("}"):
            selectors, _, body = rule.rpartition("{")
            for selector in selectors.rpartition("{")[2].split(",") if _HIDING.search(body) else ():
                if left and _SIMPLE.fullmatch(selector.strip()):
                    left -= 1
                    yield from tree.css(selector.strip())


def _content(tree: LexborHTMLParser, left_out: set[int]) -> list[LexborNode]:
    """The page's `main` or its only `article`; else all of it, and what stands around is left out, too."""
    for selector in ("main, [role=main]", "article"):
        found = tree.css(selector)
        if len(found) == 1 and not left_out & {found[0].mem_id, *(parent.mem_id for parent in _parents(found[0]))}:
            return found
    left_out.update(node.mem_id for node in tree.css(AROUND))
    return [tree.body] if tree.body else []


def _parents(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


class _Page:
    """A walk over the nodes of a page: as deep as strangers like, so without recursion."""

    def __init__(self, composition: Composition, line: int, left_out: set[int]) -> None:
        self.composition = composition
        self.line = line
        self.left_out = left_out
        self.text: list[str] = []
        self.plain = 0

    def read(self, root: LexborNode) -> None:
        depth = 0
        node: LexborNode | None = root
        while node is not None:
            if node.mem_id not in self.left_out:
                self._enter(node)
                if node.child is not None:
                    node, depth = node.child, depth + 1
                    continue
                self._leave(node)
            while depth and node is not None and node.next is None:
                node, depth = node.parent, depth - 1
                if node is not None:
                    self._leave(node)
            node = node.next if depth and node is not None else None
        self._paragraph()

    def _enter(self, node: LexborNode) -> None:
        if node.is_text_node:
            text = node.text_content or ""
            if text.strip() or self.text:
                self.text.append(text if self.plain else re.sub(r"\s+", " ", text))
        elif node.tag == "br":
            self.text.append("\n")
        elif node.tag in ("td", "th") and self.text:
            self.text.append(" | ")
        elif node.tag in PARAGRAPHS:
            self._paragraph()
            self.plain += node.tag == "pre"

    def _leave(self, node: LexborNode) -> None:
        if node.tag in HEADINGS:
            title, self.text = " ".join("".join(self.text).split()), []
            line = self.line or int(node.attributes.get(_LINE) or 1)
            self.composition.heading(title, _anchor(node), line)
        elif node.tag in PARAGRAPHS:
            self._paragraph()
            self.plain -= node.tag == "pre"

    def _paragraph(self) -> None:
        self.composition.paragraph("".join(self.text))
        self.text = []


def _anchor(heading: LexborNode) -> str:
    """The id by which the page itself can be opened at this heading, or ""."""
    inside = heading.css_first("[id], a[name]")
    own = heading.attributes.get("id") or (inside and (inside.attributes.get("id") or inside.attributes.get("name")))
    parent = heading.parent
    if not own and parent is not None and parent.tag in ("section", "article") and parent.child is not None:
        first = parent.child.next if parent.child.is_text_node else parent.child
        own = parent.attributes.get("id") if first is not None and first.mem_id == heading.mem_id else ""
    return own or ""
