"""The verifiers that packs can name after `use:`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from endonym.seams.verifier import Verifier
from endonym.verify.address import Address
from endonym.verify.attribution import Attribution
from endonym.verify.citation import Citation
from endonym.verify.counts import Length, Questions
from endonym.verify.disclosure import DisclosureGiven
from endonym.verify.giveaway import Giveaway
from endonym.verify.language import Language
from endonym.verify.numbers import Numbers
from endonym.verify.pattern import Pattern
from endonym.verify.personal_data import PersonalData
from endonym.verify.reading_level import ReadingLevel
from endonym.verify.red_lines import RedLines
from endonym.verify.terms import Terms

_OF_ALL: tuple[type[Verifier], ...] = (DisclosureGiven, Giveaway, Pattern, PersonalData, RedLines, Terms)
"""They judge whatever leaves here: prose, and the arguments of calls of tools."""
_OF_PROSE: tuple[type[Verifier], ...] = (Address, Attribution, Citation, Language, Length, Numbers, Questions, ReadingLevel)
"""They judge what a person reads. A call is short, asks nobody, is written for a program (`3.14`, `2026-11-24`) in whatever language its
tool wants, and what it looks up is no claim that rests on a source."""
VERIFIERS: dict[str, type[Verifier]] = {verifier.name: verifier for verifier in sorted((*_OF_ALL, *_OF_PROSE), key=lambda one: one.name)}
OF_CALLS = frozenset(verifier.name for verifier in _OF_ALL)
"""Names of those that judge calls of tools too."""


def faults(use: str, options: Mapping[str, Any]) -> list[str]:
    """What is wrong with one `use:` and its `with:`, as sentences; empty when all is well."""
    if use not in VERIFIERS:
        return [f"expected one of {', '.join(VERIFIERS)}, found {use!r}"]
    try:
        VERIFIERS[use](options)
    except ValidationError as error:
        return [
            f"{use}: {'.'.join(str(part) for part in item['loc']) or 'with'}: "
            + ("expected a known option, found an unknown one" if item["type"] == "extra_forbidden" else item["msg"])
            for item in error.errors(include_url=False)
        ]
    return []
