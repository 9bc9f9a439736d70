"""How a formula is read aloud in a language of the packs: the algebra of lessons, in the words of `speech.toml`.

Readers that know MathML often know no Estonian, Kazakh or Arabic. A formula with anything else in it is left to them.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any
from xml.etree import ElementTree

_SAME = {"−": "-", "–": "-", "⋅": "*", "·": "*", "×": "*", "∗": "*", "÷": "/", "∕": "/", "≤": "≤", "⩽": "≤", "≥": "≥", "⩾": "≥", "′": "'", "’": "'"}
_AFTER_WHICH_NEGATIVE = {"", "=", "(", "<", ">", "≤", "≥", "≠", "≈", "±", "*", "/"}
"""Signs after which a minus is the number's own."""


class _UnreadableError(Exception):
    """Something that these words cannot say."""


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files("endonym.web").joinpath("speech.toml").read_text("utf-8"))


def spoken(mathml: str, language: str) -> str:
    """The words of a formula, or "" where the language or something in the formula has none."""
    words = _words().get(language.split("-")[0])
    if words is None:
        return ""
    try:
        return _row(list(ElementTree.fromstring(mathml)), words)
    except (_UnreadableError, ElementTree.ParseError, RecursionError):
        return ""


def _row(nodes: list[ElementTree.Element], words: dict[str, Any]) -> str:
    said: list[str] = []
    before = ""
    for node in nodes:
        sign = _sign(node)
        if sign == "-" and before in _AFTER_WHICH_NEGATIVE:
            said.append(words["negative"])
        else:
            said.append(_node(node, words))
        before = sign if sign is not None else "x"
    return " ".join(part for part in said if part)


def _sign(node: ElementTree.Element) -> str | None:
    """The sign that a node is, as `speech.toml` writes it; None where it is no sign."""
    if _tag(node) != "mo":
        return None
    text = (node.text or "").strip()
    return _SAME.get(text, text)


def _node(node: ElementTree.Element, words: dict[str, Any]) -> str:
    tag, parts = _tag(node), list(node)
    if tag in ("mrow", "mstyle", "mpadded"):
        return _row(parts, words)
    if tag in ("mn", "mi") and not parts:
        return (node.text or "").strip()
    if tag == "mspace":
        return ""
    if (sign := _sign(node)) is not None:
        if sign not in words["signs"]:
            raise _UnreadableError(sign)
        return str(words["signs"][sign])
    read = [_row([part], words) for part in parts]
    long = "long_" if any(" " in part for part in read) else ""
    if tag == "msup" and _text(parts[1]) in ("2", "3"):
        return str(words["square" if _text(parts[1]) == "2" else "cube"]).format(x=read[0])
    if tag == "msup" and _sign(parts[1]) == "'":
        return f"{read[0]} {read[1]}"
    if tag == "msup":
        return str(words["power"]).format(x=read[0], n=read[1])
    if tag == "msub":
        return str(words["index"]).format(x=read[0], n=read[1])
    if tag == "mfrac":
        return str(words[f"{long}over"]).format(a=read[0], b=read[1])
    if tag == "msqrt":
        inside = _row(parts, words)
        return str(words["long_root" if " " in inside else "root"]).format(x=inside)
    if tag == "mroot":
        return str(words["nth_root"]).format(x=read[0], n=read[1])
    raise _UnreadableError(tag)


def _tag(node: ElementTree.Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _text(node: ElementTree.Element) -> str:
    return "".join(node.itertext()).strip()
