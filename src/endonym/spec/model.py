"""Specs as values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Authority = Literal["root", "system", "developer", "user", "guideline"]
AUTHORITIES: tuple[Authority, ...] = ("root", "system", "developer", "user", "guideline")
Verdict = Literal["GOOD", "BAD", "OK"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message of an example; `attributes` are those of its tag, such as `recipient`."""

    role: str
    text: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply offered for comparison; `verdict` is None where the spec gives none."""

    verdict: Verdict | None
    reason: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """An example conversation with the replies that are compared."""

    title: str
    messages: tuple[Utterance, ...]
    replies: tuple[Reply, ...]
    settings: tuple[tuple[str, str], ...]
    origin: str
    line: int

    @property
    def substance(self) -> tuple[object, ...]:
        """What the example says, wherever it stands: two with one substance are the same example."""
        said = tuple((message.role, message.text, message.attributes) for message in self.messages)
        compared = tuple((reply.verdict, reply.reason, reply.text) for reply in self.replies)
        return (self.title, said, compared, self.settings)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a spec or of an adaptation.

    Attributes:
        text: The section's own Markdown without heading, commentary and examples.
        footnotes: Ids of the example files that it names, in order.
        references: Ids of the sections that it links to, in order.
        parent: Id of the section that it stands in, or "".
    """

    id: str
    title: str
    depth: int
    authority: Authority | None
    attributes: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    text: str
    commentary: tuple[str, ...]
    examples: tuple[Example, ...]
    footnotes: tuple[str, ...]
    references: tuple[str, ...]
    parent: str
    line: int


@dataclass(frozen=True)
class Spec:
    """A behaviour spec; `digest` covers ids, authorities, tags and texts, not line numbers."""

    id: str
    title: str
    sections: tuple[Section, ...]
    digest: str

    @cached_property
    def _by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    def section(self, section_id: str) -> Section | None:
        return self._by_id.get(section_id)
