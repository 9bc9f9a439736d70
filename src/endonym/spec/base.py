"""The base spec that ships with Endonym, and the floor that no other spec may lack."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from endonym.core.canonical import digest_json
from endonym.spec.model import Section, Spec
from endonym.spec.parse import parse_spec

BASE_ID = "endonym-base"


@lru_cache(maxsize=1)
def base_text() -> str:
    """The base spec as it is written."""
    return resources.files("endonym.spec").joinpath("base_spec.md").read_text("utf-8")


@lru_cache(maxsize=1)
def base_spec() -> Spec:
    """The base spec, in our own words."""
    parsed = parse_spec(base_text(), "base_spec.md")
    return Spec(BASE_ID, parsed.title, parsed.sections, parsed.digest)


def floor(spec: Spec) -> tuple[Section, ...]:
    """The sections that no layer may weaken and no other base spec may lack, in order.

    All root sections, and whatever is tagged for minors: an audience that includes minors keeps those sections whatever
    authority they carry. Source: DESIGN.md section 3, rules 1 and 6.
    """
    return tuple(section for section in spec.sections if section.authority == "root" or "under_18" in section.tags)


def floor_digest(section: Section) -> str:
    """Digest of what binds in a section: id, title, authority, tags, text without regard to white space, and examples.

    Examples count, because they become evaluation cases and training data; commentary and place do not.
    """
    return digest_json({
        "v": 1, "id": section.id, "title": section.title, "authority": section.authority, "tags": sorted(section.tags),
        "text": " ".join(section.text.split()), "examples": [example.substance for example in section.examples],
    })  # fmt: skip
