"""When an item is due again: spaced repetition by FSRS, with days as its smallest step.

Source: Ye, Su and Cao 2022, A stochastic shortest path algorithm for optimizing spaced repetition scheduling
(doi 10.1145/3534678.3539081); the weights are the library's own, fitted to nobody in particular.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from fsrs import Card, Rating, Scheduler

Recalled = Literal["again", "hard", "good"]
"""Not; partly, or with help; by oneself."""

_LONGEST_DAYS = 365
_RATINGS = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good}


def next_card(card: Mapping[str, Any] | None, recalled: Recalled, moment: datetime) -> dict[str, Any]:
    """What is kept of an item after an answer; JSON. Args: card: What was kept of it before."""
    before = Card.from_dict({**card, "card_id": 0}) if card else Card(card_id=0, due=moment)  # type: ignore[typeddict-item]
    after, _ = _scheduler().review_card(before, _RATINGS[recalled], moment)
    return {name: value for name, value in after.to_dict().items() if name != "card_id"}


def due(cards: Mapping[str, Mapping[str, Any]], moment: datetime) -> tuple[str, ...]:
    """The items whose time has come, the longest overdue first."""
    late = _in_order(cards.items())
    return tuple(item for when, item in late if when <= moment)


def _in_order(cards: Iterable[tuple[str, Mapping[str, Any]]]) -> list[tuple[datetime, str]]:
    return sorted((datetime.fromisoformat(card["due"]), item) for item, card in cards)


@lru_cache(maxsize=1)
def _scheduler() -> Scheduler:
    """No steps within a day, so that nothing calls anybody back in minutes; no fuzz, so that tests are exact."""
    return Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=_LONGEST_DAYS, enable_fuzzing=False)
