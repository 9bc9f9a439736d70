"""Adaptations: the sections of a pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_serializer, field_validator, model_validator

from endonym.core.diagnostics import Diagnostic
from endonym.core.ids import SECTION_ID
from endonym.pack.manifest import Manifest, Texts
from endonym.pack.positions import Faults, FileModel, build, line_of, parse_yaml
from endonym.spec import Example, Section, parse_sections

Effect = Literal["specialise", "add", "override", "omit"]
Basis = Literal["law", "norm", "language", "pedagogy", "consultation"]
AppliesKey = Literal["subject", "grade", "language", "examination"]
OneOrMany = str | list[str]
"""What may stand in a file where a list of texts is meant."""


class Check(FileModel):
    """One verifier with its options.

    Attributes:
        use: Name of the verifier, such as `language`.
        options: The verifier's options; `with` in the file.
    """

    use: str
    options: dict[str, Any] = Field(default_factory=dict, alias="with")


class Trigger(FileModel):
    """When an omission or a lawful override is met.

    Attributes:
        all: Groups of terms; each group must match, by lemma, over question or draft.
        patterns: Regular expressions; any of them matches on its own.
        reveals: What a draft may not hold once the trigger has matched.
    """

    all: tuple[tuple[str, ...], ...] = ()
    patterns: tuple[str, ...] = ()
    reveals: tuple[str, ...] = ()

    @field_validator("patterns", "reveals")
    @classmethod
    def _compiles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            if len(pattern) > 500:
                raise ValueError("expected a pattern of at most 500 characters")
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"expected a regular expression, found a fault in {pattern!r}: {error}") from None
        return value

    @model_validator(mode="after")
    def _not_empty(self) -> Trigger:
        if not self.all and not self.patterns:
            raise ValueError("expected `all` or `patterns`")
        return self


class Settings(FileModel):
    """Typed settings that an adaptation decides. What machines can compare stands here, so that narrowing is proved.

    Attributes:
        consent_age: Age in years from which a person may agree alone; a layer above may only raise it.
        retention_days: Days that conversations are kept at most; a layer above may only lower it.
    """

    consent_age: int | None = Field(default=None, ge=0, le=18)
    retention_days: int | None = Field(default=None, ge=0, le=3650)


NARROWER: Mapping[str, Callable[[int, int], int]] = {"consent_age": max, "retention_days": min}
"""For each typed setting what tells the narrower of two values."""


class FrontMatter(FileModel):
    """The part of an adaptation between the `---` lines.

    Attributes:
        id: Lower-case letters, digits and underscores; unique in the stack.
        adapts: The section of the base spec that it changes; none where it adds something of its own.
        effect: What it does to the section.
        basis: On what ground; override and omit need law for all but guidelines.
        cites: Register entries (sources/*.toml) that it rests on.
        audience: For whom it holds; absent for everybody.
        applies: Where it holds: keys are joined by and, values of a list by or; absent for everywhere.
        trigger: When an omission or a lawful override is met; required for those.
        sets: Typed settings that it decides.
        summary: One sentence per language, what always fits in a prompt.
        decided_by: Who decided it; packs of this project name the project, never an authority.
        decided_on: The day of the decision.
        review_by: The day by which it must be looked at again.
        verify: Machine checks that prove it.
        judged_by: `people` where no machine can prove it.
    """

    id: str = Field(json_schema_extra={"pattern": SECTION_ID.pattern})
    adapts: str | None = None
    effect: Effect
    basis: Basis
    cites: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    applies: dict[AppliesKey, tuple[str, ...]] = Field(default_factory=dict)
    trigger: Trigger | None = None
    sets: Settings = Field(default_factory=Settings)
    summary: Texts
    decided_by: str = Field(min_length=1)
    decided_on: date
    review_by: date
    verify: tuple[Check, ...] = ()
    judged_by: Literal["people", ""] = ""

    @field_validator("id")
    @classmethod
    def _id(cls, value: str) -> str:
        if not SECTION_ID.match(value):
            raise ValueError("expected lower-case letters, digits and underscores")
        return value

    @field_validator("applies", mode="before", json_schema_input_type=dict[AppliesKey, str | bool | list[str | bool]])
    @classmethod
    def _lists(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: [str(item).lower() if isinstance(item, bool) else item for item in _listed(part)]
                for key, part in value.items()}  # fmt: skip

    @field_validator("cites", "audience", mode="before", json_schema_input_type=OneOrMany)
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return _listed(value)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int | bool) else value


class Adaptation(FrontMatter):
    """An adaptation as compiled: front matter, texts of the body, examples, and where it came from."""

    title: str
    instruction: str
    why: str
    disclosure: Texts = Field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    pack: str
    layer: str
    file: str
    line: int = 1
    lines: dict[str, int] = Field(default_factory=dict, exclude=True)

    @field_serializer("decided_on", "review_by")
    def _date(self, value: date) -> str:
        return value.isoformat()

    def applies_to(self, *, audience: str, subject: str, grade: str, language: str, examination: bool | None) -> bool:
        """Whether the adaptation holds in these circumstances.

        Where a value is unknown ("" or None), a narrowing adaptation applies and an override or omission does not.
        """
        unknown = self.effect in ("specialise", "add")
        if self.audience and audience not in self.audience:
            return False
        known = {
            "subject": subject,
            "grade": grade,
            "language": language,
            "examination": "" if examination is None else str(examination).lower(),
        }
        return all((known[key] in wanted) if known[key] else unknown for key, wanted in self.applies.items())


def split_front_matter(text: str) -> tuple[str, str, int] | None:
    """(front matter, body, line on which the body begins), or None where there is no front matter."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---\n", 3)
    if end < 0:
        return None
    head, body = text[4 : end + 1], text[end + 5 :]
    return head, body, head.count("\n") + 3


def parse_adaptation(text: str, file: str, manifest: Manifest) -> tuple[Adaptation | None, tuple[Diagnostic, ...]]:
    """One file of `adaptations/`; faults are returned, never raised."""
    faults = Faults(file)
    parts = split_front_matter(text)
    if parts is None:
        faults.add("PK020", "no-front-matter", 1, "expected front matter between two lines of `---`, found none",
                   "Begin the file with --- and the keys that docs/packs.md shows.")  # fmt: skip
        return None, tuple(faults.found)
    head, body, first = parts
    parsed = parse_yaml(head, faults, 2)
    sections, found = parse_sections(body, file, first)
    faults.found.extend(d for d in found if d.name not in ("heading-without-id", "unknown-reference"))
    if parsed is None:
        return None, tuple(faults.found)
    data, lines = parsed
    front = build(FrontMatter, data, lines, faults)
    texts = _texts(sections, faults, first)
    if front is None or texts is None:
        return None, tuple(faults.found)
    adaptation = Adaptation(
        **{name: getattr(front, name) for name in FrontMatter.model_fields},
        **texts,
        pack=manifest.id,
        layer=manifest.layer,
        file=file,
        line=line_of(lines, ("id",)),
        lines={".".join(map(str, key)): line for key, line in lines.items() if key} | _lines(sections),
    )
    return adaptation, tuple(faults.found)


def _lines(sections: tuple[Section, ...]) -> dict[str, int]:
    """Lines of the parts of a body: `instruction`, `why`, `disclosure.et` …"""
    parts = {"instruction": sections[0].line}
    for section in sections[1:]:
        language = dict(section.attributes).get("lang", "")
        parts[f"disclosure.{language}" if language else "why"] = section.line
    return parts


def _texts(sections: tuple[Section, ...], faults: Faults, first: int) -> dict[str, Any] | None:
    """Title, instruction, reason, disclosures and examples out of the sections of a body."""
    if not sections:
        faults.add("PK021", "no-heading", first, "expected a heading and the instruction under it, found none",
                   "Write a line such as `# Title {#id}` and the instruction below it.")  # fmt: skip
        return None
    head, *rest = sections
    why, disclosure = "", {}
    for section in rest:
        name = section.title.strip().casefold()
        language = dict(section.attributes).get("lang", "")
        if name == "why":
            why = section.text.strip()
        elif name == "disclosure" and language:
            disclosure[language] = section.text.strip()
        else:
            faults.add("PK022", "unknown-part", section.line, f"expected `Why` or `Disclosure {{lang=…}}`, found {section.title!r}",
                       "Move the text under the first heading or rename this one.")  # fmt: skip
    if not head.text.strip():
        faults.add("PK023", "no-instruction", head.line, "expected an instruction under the heading, found none",
                   "Write what the assistant must do.")  # fmt: skip
    if not why:
        faults.add("PK024", "no-reason", head.line, "expected a part `## Why`, found none",
                   "Give the reason for the public under `## Why`.")  # fmt: skip
    return {
        "title": head.title,
        "instruction": head.text.strip(),
        "why": why,
        "disclosure": disclosure,
        "examples": tuple(example for section in sections for example in section.examples),
    }
