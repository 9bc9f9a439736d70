"""Whether this process lives, and whether it can answer: for whoever starts it and for load balancers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import anyio
import structlog
from anyio import to_thread

log = structlog.get_logger()

_TIME_S = 5.0
_REMEMBERED_S = 1.0
"""Anybody may ask, so that often at most is anything really tried."""


class Health:
    """Args: checks: What must answer, by name; each raises where it does not."""

    def __init__(self, checks: Mapping[str, Callable[[], object]]) -> None:
        self._checks = checks
        self._known: tuple[float, dict[str, str]] = (float("-inf"), {})
        self._looking = anyio.Lock()

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """(HTTP status, body)."""
        async with self._looking:
            if monotonic() - self._known[0] >= _REMEMBERED_S:
                found = {name: await _tried(name, check) for name, check in self._checks.items()}
                self._known = (monotonic(), found)
        found = self._known[1]
        well = all(state == "ok" for state in found.values())
        return (200, {"status": "ok", "checks": found}) if well else (503, {"status": "unavailable", "checks": found})


async def _tried(name: str, check: Callable[[], object]) -> str:
    try:
        with anyio.fail_after(_TIME_S):
            await to_thread.run_sync(check, abandon_on_cancel=True)
    except TimeoutError:
        log.error("ready.timed_out", check=name)
        return "timed out"
    except Exception as error:
        log.error("ready.failed", check=name, error=type(error).__name__, detail=str(error)[:300])
        return "failed"
    return "ok"
