"""cases/*.yaml: further evaluation cases."""

from __future__ import annotations

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from endonym.pack.adaptations import Check
from endonym.pack.positions import FileModel


class Case(FileModel):
    """A conversation and what the reply to its last message must satisfy.

    Attributes:
        id: Unique in the stack.
        audience: Who asks.
        language: Language of instruction.
        turns: The student's messages, oldest first.
        expect: Verifiers that the last reply must pass.
        lesson: The lesson that must be reached, or "" where the case does not say.
        kind: The kind of request that must be recognised, or "".
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    audience: str
    language: str
    turns: tuple[str, ...] = Field(min_length=1)
    expect: tuple[Check, ...] = ()
    lesson: str = ""
    kind: str = ""
    pack: SkipJsonSchema[str] = ""
    file: SkipJsonSchema[str] = ""
    line: SkipJsonSchema[int] = 1


class CaseFile(FileModel):
    cases: tuple[Case, ...]
