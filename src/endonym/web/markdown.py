"""Markdown with formulas and diagrams to HTML that is safe to show.

What students and engines write is untrusted: raw HTML is off, the result is sanitised, links open nothing but https.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin

from endonym.text.prose import is_diagram
from endonym.web.diagram import diagram
from endonym.web.speech import spoken

_MATHML = {
    "math", "mrow", "mi", "mn", "mo", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mtext", "mspace", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mfenced", "menclose",
}  # fmt: skip
_TAGS = {
    "p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "h2", "h3", "h4", "h5", "h6", "table",
    "thead", "tbody", "tr", "th", "td", "a", "hr", "sup", "sub", "span", "ins", "del",
} | _MATHML  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"}, "math": {"display", "xmlns", "alttext", "aria-label"}, "mo": {"stretchy", "fence", "separator", "form"},
    "mi": {"mathvariant"}, "mspace": {"width"}, "mtable": {"columnalign"}, "mtd": {"columnalign"}, "code": {"class"},
    "span": {"class"}, "ol": {"start"},
}  # fmt: skip
_MARK = re.compile(r"\[(\d{1,2})\]")
_DIAGRAM = re.compile(r'<pre><code class="diagram">(.*?)</code></pre>', re.DOTALL)
_ASIDE = re.compile("\0(\\d+)\0")
_MATH = re.compile(r"<math\b([^>]*)>.*?</math>", re.DOTALL)


def _formula(content: str, options: dict[str, bool]) -> str:
    display = "block" if options.get("display_mode") else "inline"
    try:
        return str(convert(content, display=display))
    except Exception:  # latex2mathml raises many kinds; the source is shown instead
        return f"<code>{html.escape(content)}</code>"


def _fence(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """Code, or what a diagram is drawn from: only where `prose` sees it as one, so that nothing is drawn that was not judged."""
    token = tokens[at]
    if token.level or not is_diagram(f"{token.markup}{token.info}"):
        return renderer.fence(tokens, at, options, env)
    return f'<pre><code class="diagram">{html.escape(token.content)}</code></pre>\n'


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("fence", _fence)
    return parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, renderer=_formula)


def _aloud(found: re.Match[str], language: str) -> str:
    """A formula with its words in `language`, where there are some."""
    words = html.escape(spoken(found[0], language))
    return f'<math{found[1]} alttext="{words}" aria-label="{words}">{found[0][len(found[1]) + 6:]}' if words else found[0]


def _put_aside(found: re.Match[str], drawn: list[str]) -> str:
    """A mark where a diagram or its source will stand, so that nothing in it is taken for a citation."""
    drawn.append(diagram(html.unescape(found[1])) or found[0].replace(' class="diagram"', "", 1))
    return f"\0{len(drawn) - 1}\0"


def to_html(text: str, *, cite: str = "", language: str = "", growing: bool = False) -> str:
    """Safe HTML. With `cite`, marks such as `[1]` become links to `#<cite>-1`; with `language`, formulas carry how they are read aloud; diagrams of a
    text that is `growing` are not drawn yet.
    """
    dirty = _parser().render(text)
    if language:
        dirty = _MATH.sub(lambda found: _aloud(found, language), dirty)
    clean = nh3.clean(dirty, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https", "http"}, link_rel="noopener noreferrer")
    drawn: list[str] = []
    if not growing:
        clean = _DIAGRAM.sub(lambda found: _put_aside(found, drawn), clean)
    if cite:
        clean = _MARK.sub(lambda m: f'<sup><a href="#{html.escape(cite)}-{m[1]}">[{m[1]}]</a></sup>', clean)
    return _ASIDE.sub(lambda m: drawn[int(m[1])], clean)
