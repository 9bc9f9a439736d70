"""A compiled bundle with quick look-ups."""

from __future__ import annotations

from functools import cached_property

from endonym.bundle.contents import Contents
from endonym.pack.adaptations import Adaptation
from endonym.pack.lessons import Lesson
from endonym.pack.sources import Source
from endonym.pack.tables import Outcome
from endonym.seams.passage import Passage
from endonym.seams.turn import SourceRef
from endonym.spec import Section


class Bundle:
    """Contents and the digest that names them (`sha256:…`)."""

    def __init__(self, contents: Contents, digest: str) -> None:
        self.contents = contents
        self.digest = digest

    @property
    def id(self) -> str:
        return self.contents.head.id

    @property
    def languages(self) -> tuple[str, ...]:
        return self.contents.head.languages

    @property
    def retention_days(self) -> int | None:
        """Days that conversations are kept at most: the strictest of the adaptations; None where none says."""
        said = [a.sets.retention_days for a in self.contents.adaptations if a.sets.retention_days is not None]
        return min(said, default=None)

    @cached_property
    def capabilities(self) -> frozenset[str]:
        """The named capabilities that packs of the stack have turned on; the checker has seen the law that each rests on."""
        return frozenset(name for pack in self.contents.packs for name in pack.capabilities)

    @cached_property
    def sections(self) -> dict[str, Section]:
        return {section.id: section for section in self.contents.spec.sections}

    @cached_property
    def adaptations(self) -> dict[str, Adaptation]:
        return {adaptation.id: adaptation for adaptation in self.contents.adaptations}

    @cached_property
    def sources(self) -> dict[str, Source]:
        return {source.id: source for source in self.contents.sources}

    @cached_property
    def passages(self) -> dict[str, Passage]:
        return {passage.id: passage for passage in self.contents.passages}

    @cached_property
    def lessons(self) -> dict[tuple[str, str], Lesson]:
        """By (lesson id, language)."""
        return {(lesson.id, lesson.language): lesson for lesson in self.contents.lessons}

    def lesson(self, lesson_id: str, language: str) -> Lesson | None:
        """The lesson in `language`, or in the first language of the stack that has it."""
        for candidate in (language, *self.languages):
            if found := self.lessons.get((lesson_id, candidate)):
                return found
        return None

    @cached_property
    def outcomes(self) -> dict[tuple[str, str], Outcome]:
        """By (code, language)."""
        return {(outcome.code, outcome.language): outcome for outcome in self.contents.outcomes}

    def outcome(self, code: str, language: str) -> Outcome | None:
        for candidate in (language, *self.languages):
            if found := self.outcomes.get((code, candidate)):
                return found
        return None

    def source_refs(self, ids: tuple[str, ...]) -> tuple[SourceRef, ...]:
        return tuple(
            SourceRef(s.id, s.title, s.pinpoint, s.url, s.kind, s.force)
            for source_id in ids
            if (s := self.sources.get(source_id))
        )
