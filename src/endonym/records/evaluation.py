"""The record of an evaluation: what was asked, what was scored, and how sure the share is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from endonym.core.canonical import canonical_json
from endonym.core.errors import EndonymError


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Score(_Frozen):
    """One scorer on one sample.

    Attributes:
        sample: `rule/3` for the third example of an adaptation, or the id of a case.
        scorer: A verifier's name, or `lesson` or `kind` for what a case says must be recognised.
    """

    sample: str
    origin: Literal["example", "case"]
    rule: str
    scorer: str
    language: str
    passed: bool
    evidence: str
    turn: str


class Tally(_Frozen):
    """Share of passes with its 95 % interval.

    Attributes:
        low, high: Wilson score interval; it takes scores as independent, which samples of one adaptation are not wholly.
    """

    scorer: str
    passed: int
    total: int
    low: float
    high: float


class EvaluationRecord(_Frozen):
    """What one run found.

    Attributes:
        gate: Share of scores that the packs ask for, 0 for none; the lower end of the interval over all is compared.
    """

    format: Literal[1] = 1
    bundle: str
    digest: str
    version: str
    engines: tuple[str, ...]
    started: str
    seconds: float
    samples: int
    scores: tuple[Score, ...]
    tallies: tuple[Tally, ...]
    gate: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the lower end of the interval over all scores reaches the gate."""
        overall = next((tally.low for tally in self.tallies if tally.scorer == "all"), 0.0)
        return overall >= self.gate


def write_record(record: EvaluationRecord, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(canonical_json(record.model_dump(mode="json")))
    partial.replace(path)


def read_record(path: Path) -> EvaluationRecord:
    """Raises: EndonymError: The file is no evaluation record of this format."""
    try:
        return EvaluationRecord.model_validate(json.loads(path.read_bytes()))
    except (OSError, ValueError, ValidationError) as error:
        raise EndonymError(f"expected an evaluation record, found a fault: {str(error)[:200]}", origin=str(path),
                           remedy="Run `endonym eval` again.") from None  # fmt: skip
