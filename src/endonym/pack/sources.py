"""The register of sources: every claim of a pack rests on an entry here."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_serializer
from pydantic.json_schema import SkipJsonSchema

from endonym.pack.positions import FileModel

Force = Literal["in_force", "partial", "enacted_not_commenced", "draft", "repealed"]
LEGAL_KINDS = ("statute", "regulation")


class Source(FileModel):
    """One entry of the register.

    Attributes:
        id: What adaptations cite: lower-case letters, digits and hyphens.
        kind: What sort of source it is.
        jurisdiction: ISO 3166-1 code of the country whose law it is, or EU.
        title: In the source's own language.
        title_en: In English.
        issuer: Who issued it.
        scheme: The system that `identifier` belongs to.
        identifier: Stable over versions in the given `scheme`, such as a CELEX number or a gazette id.
        version: The consolidated version that was read, where known.
        pinpoint: The provision, such as `§ 8(1)`.
        force: Whether the provision binds.
        valid_from: First day in force.
        valid_until: Last day in force.
        applies_from: Where application starts later than force.
        languages: Languages in which the text is authentic.
        translations: Languages it is translated into.
        licence: Licence of the text.
        url: Where the public reads it.
        retrieved: The day on which it was read.
        quote: The provision in its own words.
        sha256: Digest of `quote`, where a quotation is given.
        paraphrase: What the source says, in the pack's own words.
        verified_by: Who compared it with the source, or `unreviewed`.
        verified_on: The day of the comparison.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    kind: Literal["statute", "regulation", "guideline", "curriculum", "standard", "study", "consultation", "custom"]
    jurisdiction: str = ""
    title: str
    title_en: str = ""
    issuer: str = ""
    scheme: Literal["eli", "celex", "gazette", "doi", "isbn", "url"]
    identifier: str = Field(min_length=1)
    version: str = ""
    pinpoint: str = ""
    force: Force = "in_force"
    valid_from: date | None = None
    valid_until: date | None = None
    applies_from: date | None = None
    languages: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    licence: str = ""
    url: str = Field(default="", pattern=r"^(https?://.*)?$")
    retrieved: date | None = None
    quote: str = ""
    sha256: str = ""
    paraphrase: str = ""
    verified_by: str = "unreviewed"
    verified_on: date | None = None
    pack: SkipJsonSchema[str] = ""
    file: SkipJsonSchema[str] = ""
    line: SkipJsonSchema[int] = 1

    @field_serializer("valid_from", "valid_until", "applies_from", "retrieved", "verified_on")
    def _date(self, value: date | None) -> str | None:
        return value.isoformat() if value else None

    def in_force_on(self, day: date) -> bool:
        """Whether a legal provision binds on `day`. `partial` counts once it applies."""
        if self.force not in ("in_force", "partial"):
            return False
        starts = self.applies_from or self.valid_from
        return (starts is None or starts <= day) and (self.valid_until is None or day <= self.valid_until)


class SourceFile(FileModel):
    """A file of sources/.

    Attributes:
        source: The entries.
    """

    source: tuple[Source, ...]
