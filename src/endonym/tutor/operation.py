"""What an operator has set up, as pages and the draft of an assessment tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operator has set up.

    Attributes:
        database: Where what is kept lies.
        embedder, classifier: Names of what reads questions, and what models write, beside the engines; "" for none.
        currency: Of budgets in money, or "".
        sign_in: Names of providers by which people sign in, beside keys and codes.
        images: Audiences whose images go to an engine, unmasked.
        traces: Whether times of requests go to a collector.
    """

    database: Literal["sqlite", "postgresql"] = "sqlite"
    embedder: str = ""
    classifier: str = ""
    currency: str = ""
    sign_in: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    traces: bool = False
