"""What somebody is, read from an identity provider's claims as the settings say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from endonym.seams.identity import Standing

_LONGEST = 64
ALL = "*"
"""What a key says that is for every school; no claim may."""


class Wanted(Protocol):
    """Where claims stand; `endonym.wiring.settings.SignInSettings` explains each."""

    entries_claim: str
    role_claim: str
    school_claim: str
    class_claim: str
    school: str
    everyone: str

    @property
    def where(self) -> Mapping[str, bool | str]: ...
    @property
    def roles(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def schools(self) -> Mapping[str, str]: ...


def standings(claims: Mapping[str, Any], wanted: Wanted) -> tuple[Standing, ...]:
    """Every role at every school that counts here. A role is never joined with the school of another entry."""
    found: dict[Standing, None] = {}
    for entry in _entries(claims, wanted):
        for school in _schools(entry, wanted):
            group = next(iter(_texts(entry, wanted.class_claim)), "")[:_LONGEST]
            for role in _roles(entry, wanted):
                found[Standing(role, school, group)] = None
    return tuple(found)


def _entries(claims: Mapping[str, Any], wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    if not wanted.entries_claim:
        listed: list[Any] = [claims]
    else:
        value = _at(claims, wanted.entries_claim)
        listed = value if isinstance(value, list) else [value]
    for entry in listed:
        if isinstance(entry, Mapping) and all(_at(entry, name) == value for name, value in wanted.where.items()):
            yield entry


def _schools(entry: Mapping[str, Any], wanted: Wanted) -> list[str]:
    said = _texts(entry, wanted.school_claim) if wanted.school_claim else [wanted.school]
    if wanted.schools:
        return [wanted.schools[one] for one in said if one in wanted.schools]
    return [one for one in said if 0 < len(one) <= _LONGEST and one != ALL]


def _roles(entry: Mapping[str, Any], wanted: Wanted) -> list[str]:
    said = set(_texts(entry, wanted.role_claim))
    found = [role for role, values in wanted.roles.items() if said & set(values)]
    return found or ([wanted.everyone] if wanted.everyone else [])


def _texts(entry: Mapping[str, Any], path: str) -> list[str]:
    """One text, a number, or a list of them."""
    value = _at(entry, path) if path else None
    listed = value if isinstance(value, list) else [value]
    return [str(one).strip() for one in listed if isinstance(one, str | int) and not isinstance(one, bool) and str(one).strip()]


def _at(value: Any, path: str) -> Any:
    """What stands at `a.b`; a claim whose own name has dots, such as an address, is found first."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    name, _, rest = path.partition(".")
    return _at(value.get(name), rest) if rest and isinstance(value, Mapping) else None
