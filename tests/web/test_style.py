"""The style says each thing once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib import resources


def rules(text: str, media: str = "") -> Iterator[tuple[str, str]]:
    """(media query, selector) of each rule."""
    for head, inner in re.findall(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}", text):
        name = " ".join(head.split())
        if name.startswith("@media"):
            yield from rules(inner, name)
        elif not name.startswith("@"):
            yield media, name


def test_no_selector_stands_twice() -> None:
    text = resources.files("endonym.web").joinpath("static", "endonym.css").read_text("utf-8")
    counted = Counter(rules(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)))
    assert len(counted) > 150 and [rule for rule, count in counted.items() if count > 1] == []
