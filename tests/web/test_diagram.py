"""Diagrams are drawn, told in words, and can do nothing."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.web.diagram import diagram, diagram_words
from endonym.web.markdown import to_html
from tests.conftest import PACKS

FLOW = "flowchart TD\n  V[Vesi] --> L(Leht)\n  L -->|valguses| S[Suhkur]\n  M[Muld]"
KINDS = (
    FLOW, "graph LR\n A --> B", "sequenceDiagram\n Riigikogu->>President: seadus", "stateDiagram-v2\n [*] --> Vesi\n Vesi --> Aur: keeb",
    "classDiagram\n Loom <|-- Koer", 'pie title Õhk\n "Lämmastik" : 78\n "Hapnik" : 21', "mindmap\n  juur\n    leht",
)  # fmt: skip


def fenced(source: str) -> str:
    return f"```mermaid\n{source}\n```"


def picture(html: str) -> str:
    """The SVG of the one figure of a page."""
    (data,) = re.findall(r'<figure class="diagram"><img src="data:image/svg\+xml;base64,([^"]+)" alt="[^"]*"></figure>', html)
    return base64.b64decode(data).decode()


@pytest.mark.parametrize("source", KINDS)
def test_each_kind_is_drawn(source: str) -> None:
    root = ET.fromstring(picture(to_html(f"Vaata:\n\n{fenced(source)}\n\nMis sa näed?")))
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and list(root.iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize(("source", "words"), [
    (FLOW, ["Vesi → Leht", "Leht → Suhkur (valguses)", "Muld"]), (KINDS[5], ["Õhk", "Lämmastik: 78", "Hapnik: 21"]),
    (KINDS[2], ["Riigikogu->>President: seadus"]), ("flowchart TD\n A -->", ["flowchart TD", " A -->"])])  # fmt: skip
def test_what_it_shows_is_told_in_words(source: str, words: list[str]) -> None:
    assert diagram_words(source) == words
    if diagram(source):
        assert f'alt="{"; ".join(words)}"'.replace(">>", "&gt;&gt;") in to_html(fenced(source))


@pytest.mark.parametrize("source", [
    "", "  ", "flowchart TD\n A -->", "no diagram at all", "flowchart TD\n" + "\n".join(f"n{i} --> n{i + 1}" for i in range(300)),
    "flowchart TD\n" + " & ".join("abcdefghijklmno") + " --> " + " & ".join("ABCDEFGHIJ"), "gantt\ndateFormat YYYY-MM-DD\nt: 2024-01-01, 9999999d"])  # fmt: skip
def test_what_cannot_be_drawn_stays_as_it_was_written(source: str) -> None:
    html = to_html(fenced(source))
    assert "<figure" not in html and '<pre><code class="language-mermaid">' in html


def test_while_a_reply_grows_nothing_is_drawn_and_marks_in_a_diagram_are_no_citations() -> None:
    assert "<figure" not in to_html(fenced(FLOW), growing=True)
    html = to_html(f"Nii [1].\n\n{fenced('flowchart TD' + chr(10) + ' A[1] --> B[2]')}", cite="c")
    assert html.count("<sup>") == 1 and "1 → 2" in html
    assert to_html(f"{fenced('x [1]')}", cite="c").count("<sup>") == 0


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


EVIL = ('"><script>alert(1)</script>', "</svg><script>1</script>", 'A["<img src=x onerror=alert(1)>"]', 'click A "javascript:alert(1)"', "style A fill:url(http://x/y)",
        "%%{init: {'theme':'dark'}}%%", "A --> B", "-->", "[", "]", "\n", "subgraph x", "end", "participant <b>", "->>", "0\0", "\0" + "0\0", "&", "&lt;", "ض", "😀")  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["flowchart TD", "sequenceDiagram", "pie", "mindmap", "stateDiagram", "gantt", "erDiagram", "classDiagram", "gitGraph"]),
       st.lists(st.one_of(st.sampled_from(EVIL), st.text(max_size=8)), max_size=25))  # fmt: skip
def test_nothing_in_a_diagram_becomes_a_part_of_the_page(kind: str, pieces: list[str]) -> None:
    tags = _Tags()
    tags.feed(to_html(fenced(f"{kind}\n{' '.join(pieces)}"), cite="c"))
    for tag, attributes in tags.found:
        assert tag not in ("script", "svg", "iframe", "style", "object") and not any(name.startswith("on") for name in attributes)
        if tag == "img":
            assert set(attributes) == {"src", "alt"} and str(attributes["src"]).startswith("data:image/svg+xml;base64,")


def test_the_diagrams_of_the_shipped_lessons_fit_a_phone() -> None:
    found = [source for path in sorted(PACKS.glob("*/lessons/*/*.md")) for source in re.findall(r"```mermaid\n(.*?)```", path.read_text("utf-8"), re.DOTALL)]
    assert len(found) >= 10
    for source in found:
        width = float(ET.fromstring(picture(diagram(source))).attrib["width"])
        assert width < 560, source
