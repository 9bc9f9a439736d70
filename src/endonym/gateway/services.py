"""What a gateway serves beside turns, as the composition gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from endonym.retrieval import Index
from endonym.seams.embedder import Embedder
from endonym.store.rosters import Rosters


@dataclass(frozen=True, slots=True)
class Services:
    """What a gateway serves beside turns.

    Attributes:
        structured: Models (`pack/audience`) with an engine that writes JSON to a schema.
        tools: Those with an engine that calls tools.
        images: Those whose audience's images go to an engine that reads them.
        embedder: None where there are no embeddings.
        index: The index of a bundle, by its id; it is asked for in a worker thread.
        checks: What must answer before requests are sent here, by name; each raises where it does not.
        rosters: Whom schools list, so that their names are masked.
    """

    structured: frozenset[str]
    tools: frozenset[str]
    images: frozenset[str]
    embedder: Embedder | None
    index: Callable[[str], Index]
    checks: Mapping[str, Callable[[], object]]
    rosters: Rosters
