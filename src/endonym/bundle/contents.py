"""What a bundle holds, as an explicit versioned schema."""

from __future__ import annotations

from typing import Literal

from endonym.pack.adaptations import Adaptation
from endonym.pack.cases import Case
from endonym.pack.lessons import Lesson
from endonym.pack.locale import Locale
from endonym.pack.manifest import Audience, Manifest
from endonym.pack.positions import FileModel
from endonym.pack.sources import Source
from endonym.pack.tables import Outcome, Term
from endonym.seams.passage import Passage
from endonym.spec import Section

BUNDLE_FORMAT = 1


class SpecContents(FileModel):
    id: str
    title: str
    digest: str
    sections: tuple[Section, ...]


class Head(FileModel):
    """What is said of the bundle as a whole; taken from the top pack."""

    format: Literal[1] = 1
    id: str
    version: str
    title: dict[str, str]
    description: dict[str, str]
    languages: tuple[str, ...]
    default_language: str
    jurisdiction: str
    status: Literal["illustrative", "official"]
    audiences: dict[str, Audience]


class Contents(FileModel):
    """Everything in a bundle. Lists are in a fixed order: packs from the lowest layer, the rest by id."""

    head: Head
    packs: tuple[Manifest, ...]
    spec: SpecContents
    adaptations: tuple[Adaptation, ...]
    sources: tuple[Source, ...]
    outcomes: tuple[Outcome, ...]
    lessons: tuple[Lesson, ...]
    passages: tuple[Passage, ...]
    glossary: tuple[Term, ...]
    locale: Locale
    interface: dict[str, tuple[str, ...]]
    cases: tuple[Case, ...]
    changelogs: dict[str, str]
