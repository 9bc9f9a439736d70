"""Who somebody is, by the word of another organisation: an identity provider (OpenID Connect) or a learning platform (LTI 1.3).

Everything here is synchronous; surfaces call it in a worker thread. What cannot be believed raises `endonym.core.errors.IdentityError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser is sent. Attributes: keep: What must be known again when it comes back; it is never told to the browser."""

    address: str
    keep: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is at one school. Attributes: role: `student`, `teacher` or `administrator`; group: The class, or ""."""

    role: str
    school: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came back. Attributes: subject: What the issuer calls them; it is never kept in the clear; standings: Empty where none counts here."""

    issuer: str
    subject: str
    standings: tuple[Standing, ...]


@runtime_checkable
class IdentityProvider(Protocol):
    """Attributes: name: In addresses; title: For people; days: How long a session lasts."""

    name: str
    title: str
    days: int

    def depart(self, back: str, state: str, language: str) -> Departure:
        """Args: back: The one address to come back to; state: Known again there; language: Of the provider's pages."""
        ...

    def arrive(self, back: str, answer: Mapping[str, str], keep: Mapping[str, str]) -> Arrival:
        """Args: answer: The query that the browser came back with; keep: Of its departure."""
        ...

    def check(self) -> str:
        """What the provider says of itself, in a few words; raises where it does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class DeepLink:
    """A teacher's choice is waited for. Attributes: back: Where it is posted to; deployment, data: Given back with it."""

    back: str
    deployment: str
    data: str = ""
    graded: bool = False


@dataclass(frozen=True, slots=True)
class Launch:
    """Somebody opened a link in a course.

    Attributes:
        role: `student`, `teacher`, or "" where neither is said.
        context: The course, named so that no other of any platform is named the same.
        link: The link, within the course.
        custom: What the link carries.
        members: Address of the course's list of people, or "".
        line_item: Address of the link's column in the grade book, or "".
        deep_link: Where nothing is opened but something chosen.
    """

    issuer: str
    subject: str
    role: str
    context: str
    title: str
    link: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    members: str = ""
    line_item: str = ""
    deep_link: DeepLink | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link in a course shall open. Attributes: custom: What it carries; graded: It gets a column in the grade book."""

    title: str
    address: str
    custom: Mapping[str, str]
    graded: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Of a course. Attributes: name: As the platform shares it, or ""; it is shown and never kept."""

    subject: str
    role: str
    name: str = ""


@runtime_checkable
class LearningPlatform(Protocol):
    """Attributes: issuer, client: By which it is known; school: Whose people come from it; frames: Origins of pages that may show ours inside."""

    name: str
    title: str
    school: str
    days: int
    issuer: str
    client: str
    frames: tuple[str, ...]

    def depart(self, back: str, state: str, asked: Mapping[str, str]) -> Departure:
        """Args: asked: What the platform sent the browser with."""
        ...

    def arrive(self, token: str, keep: Mapping[str, str]) -> Launch: ...

    def answer(self, asked: DeepLink, chosen: Sequence[Linked]) -> str:
        """A signed message with what a teacher chose."""
        ...

    def members(self, address: str) -> tuple[Member, ...]: ...

    def confirm(self, line_item: str, subject: str, moment: str) -> None:
        """Tell the grade book that somebody's work is done. Args: moment: RFC 3339."""
        ...

    def keys(self) -> Mapping[str, Any]:
        """The public keys by which the platform knows what we sign."""
        ...

    def check(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Attributes: address: Under which people reach the server, without a slash at the end, or "" for this machine alone."""

    providers: Mapping[str, IdentityProvider] = field(default_factory=dict)
    platforms: Mapping[str, LearningPlatform] = field(default_factory=dict)
    address: str = ""

    def platform(self, issuer: str, client: str) -> LearningPlatform | None:
        """The platform of an issuer; `client` may be "" where it has one registration alone."""
        found = [one for one in self.platforms.values() if one.issuer == issuer and client in ("", one.client)]
        return found[0] if len(found) == 1 else None
