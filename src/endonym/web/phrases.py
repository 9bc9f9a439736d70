"""Interface strings: Fluent files of the packs over the product's English ones.

Source: Project Fluent syntax 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk, Message, Resource, VariableReference
from fluent.syntax.visitor import Visitor


@lru_cache(maxsize=1)
def product_strings() -> str:
    """The product's English interface strings, as Fluent source."""
    return resources.files("endonym.web").joinpath("ui/en.ftl").read_text("utf-8")


@lru_cache(maxsize=64)
def _parsed(source: str) -> Resource:
    return FluentResource(source)


class Phrases:
    """Args: files: Fluent sources per language, the lowest layer first; later ones replace earlier messages."""

    def __init__(self, files: Mapping[str, Sequence[str]]) -> None:
        self._bundles = {language: _bundle(language, sources) for language, sources in files.items()}
        english = (product_strings(), *files.get("en", ()))
        self._bundles["en"] = _bundle("en", english)

    def text(self, message_id: str, language: str, /, **arguments: object) -> str:
        """A message in `language`, else in English, else its id (the checker reports missing messages)."""
        for candidate in (language, language.split("-")[0], "en"):
            bundle = self._bundles.get(candidate)
            if bundle is None or not bundle.has_message(message_id):
                continue
            pattern = bundle.get_message(message_id).value
            if pattern is None:
                continue
            text, _ = bundle.format_pattern(pattern, dict(arguments))
            return str(text)
        return message_id

    def has(self, message_id: str, language: str) -> bool:
        bundle = self._bundles.get(language)
        return bundle is not None and bundle.has_message(message_id)


def _bundle(language: str, sources: Sequence[str]) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for source in sources:
        bundle.add_resource(_parsed(source), allow_overrides=True)
    return bundle


def message_ids(source: str) -> tuple[str, ...]:
    """Ids of the messages in a Fluent source, in order."""
    return tuple(entry.id.name for entry in _parsed(source).body if isinstance(entry, Message))


def variables(source: str) -> dict[str, tuple[int, frozenset[str]]]:
    """For each message of a Fluent source its line and the names of its variables."""
    collected: dict[str, tuple[int, frozenset[str]]] = {}
    for entry in _parsed(source).body:
        if isinstance(entry, Message) and entry.span is not None:
            finder = _Variables()
            finder.visit(entry)
            collected[entry.id.name] = (source.count("\n", 0, entry.span.start) + 1, frozenset(finder.names))
    return collected


def junk(source: str) -> tuple[tuple[int, str], ...]:
    """(line, text) of what in a Fluent source is no message."""
    entries = (entry for entry in _parsed(source).body if isinstance(entry, Junk))
    return tuple((source.count("\n", 0, entry.span.start) + 1 if entry.span else 1, str(entry.content).strip().split("\n")[0])
                 for entry in entries)  # fmt: skip


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:
        self.names.add(node.id.name)
