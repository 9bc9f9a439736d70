"""Diagrams written in Mermaid's words, drawn here: a picture that runs nothing and fetches nothing, and what it shows in words.

Source: Mermaid, diagram syntax. The renderer (merm) knows flow charts, sequences, states, classes, pies, mind maps and timelines.
"""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache

_MOST_CHARACTERS = 1_500
_MOST_JOINED = 12
"""Of `&`, each of which joins many to many."""
_MOST_DRAWN = 60_000
_ROOT = re.compile(r"<svg ")
_FONT = '<svg font-family="system-ui, sans-serif" '


@lru_cache(maxsize=256)
def diagram(source: str) -> str:
    """A figure as HTML, safe to show; "" where the source is none, is too large, or means nothing to the renderer."""
    if not source.strip() or len(source) > _MOST_CHARACTERS or source.count("&") > _MOST_JOINED:
        return ""
    from merm import render_diagram
    from merm.theme import Theme

    theme = Theme(node_fill="#e6f1ef", node_stroke="#0b5d57", node_text_color="#1c2321", edge_stroke="#55605c", text_color="#1c2321",
                  font_family="system-ui, sans-serif", edge_label_bg="#ffffff", subgraph_fill="#fbfaf7", subgraph_stroke="#d9d8d0", rank_sep=48.0)  # fmt: skip
    try:
        drawn, words = render_diagram(source, theme=theme), "; ".join(diagram_words(source))
    except Exception:  # of a renderer that reads what a model wrote: the source is shown instead
        return ""
    if len(drawn) > _MOST_DRAWN:
        return ""
    data = b64encode(_ROOT.sub(_FONT, drawn, count=1).encode()).decode()
    return f'<figure class="diagram"><img src="data:image/svg+xml;base64,{data}" alt="{html.escape(words)}"></figure>'


def diagram_words(source: str) -> list[str]:
    """What a diagram shows, for whoever does not see it: each arrow, share or line; as it stands where it means nothing to the renderer."""
    try:
        return list(_read(source))
    except Exception:  # as above
        return source.splitlines()


def _read(source: str) -> Iterator[str]:
    kind = source.split(None, 1)[0].lower()
    if kind in ("flowchart", "graph"):
        from merm.parser import parse_flowchart

        found = parse_flowchart(source)
        labels = {node.id: " ".join(re.sub(r"<br\s*/?>", " ", node.label).split()) for node in found.nodes}
        joined = {end for edge in found.edges for end in (edge.source, edge.target)}
        yield from (f"{labels[edge.source]} → {labels[edge.target]}" + (f" ({edge.label})" if edge.label else "") for edge in found.edges)
        yield from (label for name, label in labels.items() if name not in joined)
    elif kind == "pie":
        from merm.parser.pie import parse_pie

        pie = parse_pie(source)
        yield from ([pie.title] if pie.title else [])
        yield from (f"{part.label}: {part.value:g}" for part in pie.slices)
    else:
        yield from (line.strip() for line in source.splitlines()[1:] if line.strip())
