"""Diagrams written in Mermaid's words, drawn here: a picture that runs nothing and fetches nothing, and what it shows in words.

Source: Mermaid, diagram syntax: flow charts, sequences, states, pies and mind maps, as the renderer (merm) knows them.
"""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

_MOST_CHARACTERS = 1_500
_MOST_JOINED = 12
"""Of `&`, each of which joins many to many."""
_MOST_DRAWN = 60_000
_NO_WORDS = re.compile(r"\A---\n.*?^---\n|^[ \t]*%%[^\n]*\n?", re.DOTALL | re.MULTILINE)
"""Front matter, comments and directives."""
_TIGHT = re.compile(r"[ \t]*(<?(?:--+[>xo]|---+|==+>|===+|-\.+->?)(?:\|[^|\n]*\|)?)[ \t]*(?=\S)")
"""`A-->B`, as many write it; the renderer wants spaces."""
_FLOWS = ("flowchart", "graph")


@dataclass(frozen=True, slots=True)
class _Read:
    """Attributes: fault: Why it cannot be drawn, or "": then `svg` is the picture and `words` what it shows."""

    svg: str = ""
    words: tuple[str, ...] = ()
    fault: str = ""


def diagram(source: str) -> str:
    """A figure as HTML, safe to show; "" where there is a `diagram_fault`."""
    read = _read(source)
    if read.fault:
        return ""
    data = b64encode(read.svg.replace("<svg ", '<svg font-family="system-ui, sans-serif" ', 1).encode()).decode()
    return f'<figure class="diagram"><img src="data:image/svg+xml;base64,{data}" alt="{html.escape("; ".join(read.words))}"></figure>'


def diagram_fault(source: str) -> str:
    """Why it cannot be drawn, or ""."""
    return _read(source).fault


def diagram_words(source: str) -> tuple[str, ...]:
    """What a diagram shows, for whoever does not see it: each arrow, share or branch; its lines where it cannot be drawn."""
    read = _read(source)
    return tuple(source.splitlines()) if read.fault else read.words


@lru_cache(maxsize=256)
def _read(source: str) -> _Read:
    plain = _NO_WORDS.sub("", source).strip()
    if len(source) > _MOST_CHARACTERS or source.count("&") > _MOST_JOINED:
        return _Read(fault=f"expected at most {_MOST_CHARACTERS} characters and {_MOST_JOINED} times '&', found {len(source)} and {source.count('&')}")
    kind = plain.split(None, 1)[0].lower().removesuffix("-v2") if plain else ""
    if kind not in _WORDS:
        return _Read(fault=f"expected a {', '.join(_WORDS)}, found {kind[:40]!r}")
    for written in dict.fromkeys((plain, _TIGHT.sub(r" \1 ", plain)) if kind in _FLOWS else (plain,)):
        read = _drawn(written, kind)
        if not read.fault:
            break
    return read


def _drawn(source: str, kind: str) -> _Read:
    from merm import render_diagram
    from merm.theme import Theme

    theme = Theme(node_fill="#e6f1ef", node_stroke="#0b5d57", node_text_color="#1c2321", edge_stroke="#55605c", text_color="#1c2321",
                  font_family="system-ui, sans-serif", edge_label_bg="#ffffff", subgraph_fill="#fbfaf7", subgraph_stroke="#d9d8d0", rank_sep=48.0)  # fmt: skip
    try:
        svg = render_diagram(source, theme=theme)
        ElementTree.fromstring(svg)
        words = tuple(filter(None, _WORDS[kind](source)))
    except Exception as error:  # of a renderer that reads what a model wrote
        return _Read(fault=" ".join(str(error).split())[:200] or type(error).__name__)
    if len(svg) > _MOST_DRAWN:
        return _Read(fault=f"expected a picture of at most {_MOST_DRAWN // 1000} kB, found {len(svg) // 1000}")
    return _Read(svg, words)


# ---- in words


def _flow(source: str) -> Iterator[str]:
    from merm.parser import parse_flowchart

    found = parse_flowchart(source)
    yield from _arrows(((node.id, node.label) for node in found.nodes), found.edges)


def _states(source: str) -> Iterator[str]:
    from merm.parser import parse_state_diagram

    found = parse_state_diagram(source)
    yield from _arrows(((state.id, state.label if state.label and "[*]" not in state.id else "●") for state in found.states), found.transitions)
    yield from (note.text for note in found.notes)


def _arrows(named: Iterable[tuple[str, str]], edges: Iterable[Any]) -> Iterator[str]:
    labels = {name: " ".join(re.sub(r"<br\s*/?>", " ", label).split()) for name, label in named}
    joined = {end for edge in edges for end in (edge.source, edge.target)}
    yield from (f"{labels.get(edge.source, edge.source)} → {labels.get(edge.target, edge.target)}" + (f" ({edge.label})" if edge.label else "") for edge in edges)
    yield from (label for name, label in labels.items() if name not in joined)


def _sequence(source: str) -> Iterator[str]:
    from merm.parser.sequence import parse_sequence

    found = parse_sequence(source)
    labels = {one.id: one.label for one in found.participants}

    def told(items: Iterable[Any]) -> Iterator[str]:
        for item in items:
            if hasattr(item, "sender"):
                yield f"{labels.get(item.sender, item.sender)} → {labels.get(item.receiver, item.receiver)}: {item.text}"
            elif hasattr(item, "items"):
                yield item.label
                yield from told(item.items)
            else:
                yield item.text

    yield from told(found.items)


def _pie(source: str) -> Iterator[str]:
    from merm.parser.pie import parse_pie

    pie = parse_pie(source)
    yield pie.title
    yield from (f"{part.label}: {part.value:g}" for part in pie.slices)


def _mindmap(source: str) -> Iterator[str]:
    from merm.parser.mindmap import parse_mindmap

    def told(node: Any) -> Iterator[str]:
        yield f"{node.label}: {', '.join(child.label for child in node.children)}" if node.children else ""
        for child in node.children:
            yield from told(child)

    root = parse_mindmap(source).root
    yield from told(root) if root.children else (root.label,)


_WORDS = {"flowchart": _flow, "graph": _flow, "sequencediagram": _sequence, "statediagram": _states, "pie": _pie, "mindmap": _mindmap}
