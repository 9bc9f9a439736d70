"""Diagrams are drawn, told in words, and can do nothing."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.text.prose import prose
from endonym.web.diagram import diagram, diagram_fault, diagram_words
from endonym.web.markdown import to_html
from tests.conftest import PACKS

FLOW = "flowchart TD\n  V[Vesi] --> L(Leht)\n  L -->|valguses| S[Suhkur]\n  M[Muld]"
KINDS = (
    FLOW, "%% nii kirjutavad paljud\nflowchart TD\nV[Vesi]-->L(Leht)\nL-->|valguses|S[Suhkur]\nM[Muld]", "---\ntitle: x\n---\ngraph LR\n A --> B",
    "sequenceDiagram\n participant R as Riigikogu\n loop iga aasta\n R->>President: seadus\n end", "stateDiagram-v2\n [*] --> Vesi\n Vesi --> Aur: keeb",
    'pie title Õhk\n "Lämmastik" : 78\n "Hapnik" : 21', "mindmap\n  juur\n    leht\n      vars",
)  # fmt: skip
SHOWN = (["Vesi → Leht", "Leht → Suhkur (valguses)", "Muld"], ["Vesi → Leht", "Leht → Suhkur (valguses)", "Muld"], ["A → B"],
         ["iga aasta", "Riigikogu → President: seadus"], ["● → Vesi", "Vesi → Aur (keeb)"], ["Õhk", "Lämmastik: 78", "Hapnik: 21"], ["juur: leht", "leht: vars"])  # fmt: skip


def fenced(source: str) -> str:
    return f"```mermaid\n{source}\n```"


def picture(html: str) -> str:
    """The SVG of the one figure of a page."""
    (data,) = re.findall(r'<figure class="diagram"><img src="data:image/svg\+xml;base64,([^"]+)" alt="[^"]*"></figure>', html)
    return base64.b64decode(data).decode()


@pytest.mark.parametrize(("source", "shown"), list(zip(KINDS, SHOWN, strict=True)))
def test_each_kind_is_drawn_and_told_in_words(source: str, shown: list[str]) -> None:
    html = to_html(f"Vaata:\n\n{fenced(source)}\n\nMis sa näed?")
    root = ET.fromstring(picture(html))
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert list(diagram_words(source)) == shown and f'alt="{"; ".join(shown)}"' in html


@pytest.mark.parametrize("source", [
    "", "  ", "flowchart TD\n A -->", "no diagram at all", "flowchart TD\n" + "\n".join(f"n{i} --> n{i + 1}" for i in range(300)),
    "flowchart TD\n" + " & ".join("abcdefghijklmno") + " --> " + " & ".join("ABCDEFGHIJ"), "classDiagram\n Loom <|-- Koer", "timeline\n 1918 : vabariik", "flowchart TD\n A[a\x01b] --> B"])  # fmt: skip
def test_what_cannot_be_drawn_stays_as_it_was_written(source: str) -> None:
    html = to_html(fenced(source))
    assert "<figure" not in html and "<pre><code>" in html and diagram_fault(source) and list(diagram_words(source)) == source.splitlines()


@pytest.mark.parametrize("text", [
    "```&#109;ermaid\n{}\n```", "````mermaid\n{}\n````", "```mermaid x\n{}\n```", "> ```mermaid\n> graph LR\n> A[kurb] --> B\n> ```", "- a\n\n  ```mermaid\n  graph LR\n  A[kurb] --> B\n  ```"])  # fmt: skip
def test_nothing_is_drawn_that_verifiers_take_for_code(text: str) -> None:
    assert "<figure" not in to_html(text.format("graph LR\n A[kurb] --> B"))
    drawn = fenced("graph LR\n A[kurb] --> B")
    assert "<figure" in to_html(drawn) and "kurb" in prose(drawn) and len(prose(drawn)) == len(drawn)
    assert "kurb" not in prose("```python\nkurb\n```")


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
            ET.fromstring(base64.b64decode(str(attributes["src"]).partition(",")[2]))
            assert set(attributes) == {"src", "alt"} and str(attributes["src"]).startswith("data:image/svg+xml;base64,")


def test_the_diagrams_of_the_shipped_lessons_fit_a_phone() -> None:
    found = [source for path in sorted(PACKS.glob("*/lessons/*/*.md")) for source in re.findall(r"```mermaid\n(.*?)```", path.read_text("utf-8"), re.DOTALL)]
    assert len(found) >= 10
    for source in found:
        width = float(ET.fromstring(picture(diagram(source))).attrib["width"])
        assert width < 560, source
