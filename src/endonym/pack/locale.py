"""locale.toml: languages, forms of address, formats, help lines, identifiers to mask, names of grades."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_serializer

from endonym.pack.manifest import Texts
from endonym.pack.positions import FileModel


class Help(FileModel):
    """A number or address where people help.

    Attributes:
        id: `emergency` is required in a country pack.
        topics: When it is shown.
        number: The telephone number as people dial it.
        url: Where more is said.
        hours: When somebody answers, such as 24/7.
        source: Register entry (sources/*.toml) that the number is from.
        verified_by: Who confirmed it with the service, or `unreviewed`.
        verified_on: The day of the confirmation.
        title: Name of the service, per language.
    """

    id: str
    topics: tuple[Literal["emergency", "self_harm", "abuse", "bullying", "violence", "health"], ...]
    number: str
    url: str = ""
    hours: str = ""
    source: str
    verified_by: str = "unreviewed"
    verified_on: date | None = None
    title: Texts

    @field_serializer("verified_on")
    def _date(self, value: date | None) -> str | None:
        return value.isoformat() if value else None


class LanguageUse(FileModel):
    """How a language is used in the country.

    Attributes:
        share: Share of the population that uses it, in per cent.
        official: Its standing; "" where it has none.
        script: ISO 15924 code, such as Latn.
        source: Register entry that this is from.
    """

    share: float | None = Field(default=None, ge=0, le=100)
    official: Literal["official", "de_facto_official", "official_regional", ""] = ""
    script: str = Field(default="", pattern=r"^([A-Z][a-z]{3})?$")
    source: str = ""


class Formats(FileModel):
    """Conventions where the country differs from CLDR, or that it wants to state; "" leaves CLDR's.

    Attributes:
        first_weekday: The day on which a week begins.
        decimal: The decimal mark.
        group: What stands between thousands.
        short_date: Pattern of a short date, in CLDR's letters.
        currency: ISO 4217 code.
        source: Register entry that this is from.
    """

    first_weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", ""] = ""
    decimal: str = Field(default="", max_length=2)
    group: str = Field(default="", max_length=2)
    short_date: str = ""
    currency: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    source: str = ""

    def over(self, below: Formats) -> Formats:
        own = self.model_dump(exclude_defaults=True)
        return below.model_copy(update=own)


class Locale(FileModel):
    """locale.toml: what is particular to the country and its languages.

    Attributes:
        phone_region: ISO 3166-1 code of the numbering plan, so that telephone numbers can be masked.
        identifiers: Plans of personal identifiers to mask: python-stdnum's modules, such as `ee.ik`, and kz.iin, sg.nric, jo.nin.
        holidays: ISO 3166-1 code whose public holidays count.
        address: How the reader is addressed, per language.
        grades: Names of grades, per language.
        languages: How languages are used, by BCP 47 tag.
        formats: Conventions of dates and numbers.
        help: Numbers and addresses where people help.
    """

    phone_region: str = ""
    identifiers: tuple[str, ...] = ()
    holidays: str = ""
    address: dict[str, Literal["informal", "formal", "neutral"]] = Field(default_factory=dict)
    grades: dict[str, dict[str, str]] = Field(default_factory=dict)
    languages: dict[str, LanguageUse] = Field(default_factory=dict)
    formats: Formats = Field(default_factory=Formats)
    help: tuple[Help, ...] = ()

    def over(self, below: Locale) -> Locale:
        """This pack's locale laid over that of the packs below: what it says replaces, what it leaves out stays."""
        own = {entry.id for entry in self.help}
        return Locale(
            phone_region=self.phone_region or below.phone_region,
            identifiers=tuple(dict.fromkeys((*below.identifiers, *self.identifiers))),
            holidays=self.holidays or below.holidays,
            address={**below.address, **self.address},
            grades={**below.grades, **self.grades},
            languages={**below.languages, **self.languages},
            formats=self.formats.over(below.formats),
            help=tuple(entry for entry in below.help if entry.id not in own) + self.help,
        )
