"""pack.toml: who and what a pack is."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator

from endonym.core.ids import PACK_ID
from endonym.pack.positions import FileModel
from endonym.spec import BASE_ID

Layer = Literal["region", "country", "network", "school", "class"]
LAYERS: tuple[Layer, ...] = ("region", "country", "network", "school", "class")
FORMAT = 1

EXTENDS = re.compile(r"^([a-z][a-z0-9-]*)\s*((?:[<>=!]=?\s*[0-9.]{1,30}\s*,?\s*)*)$")
VERSION = r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$"
_SPEC_FILE = re.compile(r"^(?:\.\./)?((?:[^/\\:.][^/\\:]*/)*[^/\\:.][^/\\:]*\.md)$")
_BOUND = re.compile(r"(<=|>=|==|!=|<|>|=)\s*([0-9.]+)")

Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A BCP 47 tag, such as `et` or `zh-Hans`."""
Texts = dict[Language, str]
"""One text per language."""


class Audience(FileModel):
    """Readers for whom rules can differ.

    Attributes:
        minors: Whether some of them are under 18; true unless the pack says otherwise.
        title: Name of the audience, per language.
    """

    minors: bool = True
    title: Texts = Field(default_factory=dict)


class Suppression(FileModel):
    """A finding that the pack's makers have looked at and let stand, for a reason that the public reads.

    Attributes:
        code: A rule that may be suppressed; authority rules may not.
        file: The file of the pack that it is about (without the pack's folder), or "" for the whole pack.
        reason: Why it stands, in a sentence that the public reads.
    """

    code: str = Field(pattern=r"^[A-Z]{2}\d{3}$")
    file: str = ""
    reason: str = Field(min_length=20)


class Gates(FileModel):
    """What an evaluation must reach before a release or an engine counts; a layer above may only ask for more.

    Attributes:
        pass_rate: Share of samples, 0 to 1, that must pass: the lower end of the 95 % interval is compared.
    """

    pass_rate: float = Field(default=0.0, ge=0, le=1)


class Manifest(FileModel):
    """pack.toml: who and what a pack is.

    Attributes:
        format: Version of this format.
        id: The same as the folder's name.
        version: Three numbers; raise one with every change that others get.
        layer: The pack's place in the order, which fixes its authority.
        status: Official only where an authority issued the pack.
        extends: Packs below this one, nearest last, as `estonia >=0.1,<1`.
        base_spec: `endonym-base`, or the path of a Markdown file from the folder that holds the packs.
        jurisdiction: ISO 3166-1 code of the country, or EU.
        languages: BCP 47 tags; every text for readers exists in each of them.
        default_language: The language of replies where nothing else decides.
        licence: SPDX identifier of the licence of the pack's texts.
        maintainers: Who answers for the pack.
        capabilities: Named capabilities that need a recorded legal basis; off by default.
        todo: What the pack still lacks, in words; the checker warns of each.
        suppress: Findings that are looked at and let stand.
        gates: What an evaluation must reach.
        title: The pack's name for the public, per language.
        description: One or two sentences for the public, per language.
        audiences: Readers for whom rules can differ, by name.
    """

    format: Literal[1]
    id: str = Field(json_schema_extra={"pattern": PACK_ID.pattern})
    version: str = Field(pattern=VERSION)
    layer: Layer
    status: Literal["illustrative", "official"]
    extends: tuple[str, ...] = ()
    base_spec: str
    jurisdiction: str = Field(pattern=r"^[A-Z]{2}$")
    languages: tuple[Language, ...] = Field(min_length=1)
    default_language: Language
    licence: str
    maintainers: tuple[str, ...] = Field(min_length=1)
    capabilities: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    suppress: tuple[Suppression, ...] = ()
    gates: Gates = Field(default_factory=Gates)
    title: Texts
    description: Texts
    audiences: dict[str, Audience] = Field(default_factory=dict)

    @field_validator("id")
    @classmethod
    def _id(cls, value: str) -> str:
        if not PACK_ID.match(value):
            raise ValueError("expected lower-case letters, digits and single hyphens")
        return value

    @field_validator("base_spec")
    @classmethod
    def _base_spec(cls, value: str) -> str:
        """A name stands; a file beside the packs may also be named as it is seen from the pack, with `../` in front."""
        file = _SPEC_FILE.match(value)
        if not file and not PACK_ID.match(value):
            raise ValueError(f'expected "{BASE_ID}" or a Markdown file beside the packs such as "../specs/ours.md"')
        return file.group(1) if file else value

    @field_validator("extends")
    @classmethod
    def _extends(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            if not EXTENDS.match(item):
                raise ValueError(f'expected an id and a version range such as "estonia >=0.1,<1", found {item!r}')
        return value

    @property
    def authority(self) -> Literal["system", "developer"]:
        """The authority that the layer fixes (DESIGN.md, rule 5)."""
        return "system" if self.layer in ("region", "country") else "developer"


def extended_id(requirement: str) -> str:
    match = EXTENDS.match(requirement)
    return match.group(1) if match else requirement


def version_fits(requirement: str, version: str) -> bool:
    """Whether `version` lies in the range of an `extends` entry; no range means any version."""
    match = EXTENDS.match(requirement)
    have = version_parts(version)
    for sign, bound in _BOUND.findall(match.group(2) if match else ""):
        want = version_parts(bound)
        holds = {
            "<": have < want, "<=": have <= want, ">": have > want, ">=": have >= want,
            "==": have == want, "=": have == want, "!=": have != want,
        }[sign]  # fmt: skip
        if not holds:
            return False
    return True


def version_parts(version: str) -> tuple[int, ...]:
    """The numbers of a version, by which versions are ordered; `1` counts as `1.0.0`."""
    parts = tuple(int(part) for part in version.strip(".").split(".") if part)
    return parts + (0,) * (3 - len(parts))
