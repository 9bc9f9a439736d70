"""The verifiers that packs can name after `use:`."""

from __future__ import annotations

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
from endonym.verify.terms import Terms

_ALL: tuple[Verifier, ...] = (
    Address(), Attribution(), Citation(), DisclosureGiven(), Giveaway(), Language(), Length(), Numbers(), Pattern(), PersonalData(), Questions(),
    ReadingLevel(), Terms(),
)  # fmt: skip
VERIFIERS: dict[str, Verifier] = {verifier.name: verifier for verifier in _ALL}
