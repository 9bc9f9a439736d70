"""What is counted of requests and turns."""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from endonym.seams.turn import Turn
from endonym.wiring.telemetry import FOLDER

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_requests = Counter("endonym_http_requests_total", "Requests answered.", ("route", "status"))
_in_flight = Gauge("endonym_http_requests_in_flight", "Requests being answered.", multiprocess_mode="livesum")
_turns = Counter("endonym_turns_total", "Turns that ended.", ("bundle", "audience", "language", "engine", "kind"))
_stages = Histogram("endonym_stage_seconds", "Time of each stage of a turn.", ("stage",), buckets=_SECONDS)
_failed = Counter("endonym_verifier_failures_total", "Sentences or replies that a verifier stopped.", ("bundle", "verifier", "rule"))
_masked = Counter("endonym_masked_total", "Personal data masked.", ("kind",))
_affected = Counter("endonym_affected_turns_total", "Turns in which a law left something out or changed it.", ("bundle", "rule"))


def turn_ended(turn: Turn) -> None:
    bundle, _, audience = turn.model.rpartition("/")
    _turns.labels(bundle, audience, turn.language, turn.engine, turn.dialogue.kind if turn.dialogue else "").inc()
    for line in turn.trace:
        _stages.labels(line.stage).observe(line.ms / 1000)
    for verdict in turn.verdicts:
        if not verdict.passed:
            _failed.labels(bundle, verdict.verifier, verdict.rule).inc()
    for mask in turn.masks:
        _masked.labels(mask.kind).inc()
    for rule in turn.affected:
        _affected.labels(bundle, rule).inc()


def request_began() -> None:
    _in_flight.inc()


def request_ended(route: str, status: int) -> None:
    _in_flight.dec()
    _requests.labels(route, str(status)).inc()


def exposition() -> bytes:
    """Every worker's counts together, as text."""
    registry: Any = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
