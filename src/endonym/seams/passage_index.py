"""Where passages are searched: by words, by character 4-grams and by meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from endonym.seams.passage import Passage

Arm = Literal["word", "gram"]
Weighed = list[tuple[str, float]]
"""(passage id, weight), the greatest weight first, then by id."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a filter asks of a passage; many passages stand on one shelf. Attributes: as in `Passage`."""

    language: str
    pack: str
    subject: str
    source: str
    grades: tuple[str, ...]
    audiences: tuple[str, ...]
    valid_from: str
    valid_until: str

    @classmethod
    def of(cls, passage: Passage) -> Shelf:
        """Where `passage` stands."""
        return cls(passage.language, passage.pack, passage.subject, passage.source, passage.grades, passage.audiences,
                   passage.valid_from, passage.valid_until)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Where:
    """Which passages a search may find; what is empty restricts nothing.

    Attributes:
        languages: One of these; `but` is a language that they must not be in.
        packs: One of these packs.
        grade: Passages that name grades name this one.
        audience: Passages that name audiences name this one.
        day: ISO date: passages with dates of validity are valid on it.
        lapsed: Sources that are not in force, so that passages resting on them are left out.
    """

    languages: tuple[str, ...] = ()
    but: str = ""
    packs: tuple[str, ...] = ()
    subject: str = ""
    grade: str = ""
    audience: str = ""
    day: str = ""
    lapsed: frozenset[str] = frozenset()

    def admits(self, passage: Passage | Shelf) -> bool:
        """Whether a search may find `passage`, or whatever stands on a shelf."""
        return (
            (not self.languages or passage.language in self.languages)
            and passage.language != (self.but or None)
            and (not self.packs or passage.pack in self.packs)
            and self.subject in ("", passage.subject)
            and (not self.grade or not passage.grades or self.grade in passage.grades)
            and (not self.audience or not passage.audiences or self.audience in passage.audiences)
            and (not self.day or (passage.valid_from <= self.day and (not passage.valid_until or self.day <= passage.valid_until)))
            and passage.source not in self.lapsed
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as an index takes it in.

    Attributes:
        titles, words, grams: Terms of letters, digits, `_` and `§`, parted by spaces, as they are searched for.
        vector: Centred unit vector, little-endian float32; empty where nothing is searched by meaning.
    """

    passage: Passage
    titles: str
    words: str
    grams: str
    vector: bytes


class PassageIndex(Protocol):
    """The passages of one bundle, open for searching. Safe to use from several threads."""

    @property
    def size(self) -> int:
        """How many passages there are."""
        ...

    def frequencies(self, arm: Arm, terms: Sequence[str]) -> Mapping[str, int]:
        """In how many passages each of `terms` stands that any holds, wherever they are shelved."""
        ...

    def weigh(self, arm: Arm, terms: Sequence[str], where: Where, limit: int) -> Weighed:
        """Passages that hold any of `terms`, by BM25 (k1 = 1.2) or what comes near it; titles count twice."""
        ...

    def nearest(self, vector: bytes, where: Where, limit: int) -> Weighed:
        """Passages by the cosine of their vector with the unit vector given; none where there are no vectors."""
        ...

    def similarities(self, vector: bytes, ids: Sequence[str]) -> Mapping[str, float]:
        """That cosine for passages named by id."""
        ...

    def close(self) -> None: ...


class PassageStore(Protocol):
    """Keeps indexes of passages outside the index file; `name` changes whenever what is written does."""

    name: str

    def write(
        self, name: str, key: str, wanted: Mapping[str, str], entries: Callable[[Sequence[str]], Iterable[Entry]]
    ) -> None:
        """Make the index `name` hold the passages `wanted`, whole or not at all; whoever reads the old one goes on.

        Args:
            key: What `open` must name.
            wanted: Digest by passage id; a passage of the same digest need not be written again.
            entries: Prepares the passages of the ids given, in their order.

        Raises:
            RetrievalError: The index cannot be written.
        """
        ...

    def open(self, name: str, key: str) -> PassageIndex:
        """The index `name` as it was written for `key`.

        Raises:
            RetrievalError: There is none, or it cannot be reached.
        """
        ...
