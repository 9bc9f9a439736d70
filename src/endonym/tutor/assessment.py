"""A draft of a data-protection assessment, from what the packs and the operator declare: for people to complete, and no legal advice.

Source: GDPR, Article 35(7) (what an assessment holds) and Article 30 (records of processing).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date

from endonym.bundle import Bundle
from endonym.core.clock import today
from endonym.pack.adaptations import Adaptation
from endonym.seams.engine import Declaration
from endonym.seams.turn import SourceRef
from endonym.tutor import pages
from endonym.tutor.operation import Operation
from endonym.tutor.sheet import alone

DATA = ("talk", "image", "person", "signin", "class", "correction", "roster", "practice", "key", "ledger", "log")
PURPOSES = ("learn", "teach", "operate")
SEES = ("student", "teacher", "administrator", "glass", "database", "root", "engine", "public")
MEASURES = ("seal", "mask", "guide", "pseudonym", "separate", "ledger", "erase", "minors")
OPEN = ("controller", "basis", "necessity", "informed", "agreements", "machine", "backups", "risks", "people")
"""What only people can answer."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule of the pack that rests on law. Attributes: why: Its reason, in the pack's words."""

    title: str
    summary: str
    why: str
    language: str
    sources: Sequence[SourceRef]


@dataclass(frozen=True, slots=True)
class Processed:
    """One pack. Attributes: receivers: Of engines outside the operator's machines, who operates them and under which law."""

    title: str
    bundle: Bundle
    grounds: Sequence[Ground]
    engines: Sequence[tuple[str, Sequence[Declaration]]]
    receivers: Sequence[Declaration]


def assessment_page(
    packs: Sequence[tuple[Bundle, Mapping[str, Sequence[Declaration]]]], language: str, text: Callable[..., str], operation: Operation, *,
    break_glass: bool = False, school: str = "",
) -> str:  # fmt: skip
    """A page that needs nothing else. Args: packs: Each with its audiences' engines; text: Finds interface strings of `language`."""
    return alone("assessment.html", language, text, title=text("dpia-title"), school=school, day=format_date(today(), "long", locale=language.replace("-", "_")),
                 packs=[_processed(bundle, engines, language) for bundle, engines in packs], operation=operation, break_glass=break_glass,
                 data=[one for one in DATA if (one != "image" or operation.images) and (one != "signin" or operation.sign_in)], purposes=PURPOSES, sees=[who for who in SEES if who != "glass" or break_glass], measures=MEASURES, open_points=OPEN)  # fmt: skip


def _processed(bundle: Bundle, engines: Mapping[str, Sequence[Declaration]], language: str) -> Processed:
    grounds = tuple(_ground(bundle, one, language) for one in bundle.contents.adaptations if one.basis == "law")
    outside = {engine.name: engine for chain in engines.values() for engine in chain if engine.route == "external"}
    return Processed(pages.title(bundle.contents.head.title, language), bundle, grounds, tuple(engines.items()), tuple(outside.values()))


def _ground(bundle: Bundle, adaptation: Adaptation, language: str) -> Ground:
    said: Any = adaptation.summary.get(language) or next(iter(adaptation.summary.values()), "")
    return Ground(adaptation.title, said, adaptation.why, language, bundle.source_refs(adaptation.cites))
