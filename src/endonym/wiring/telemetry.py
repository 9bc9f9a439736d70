"""Metrics for operators, in Prometheus' format: counts and times, never a text, a person or a key.

Workers write into files of one folder, so that whichever worker is asked answers for all of them.
Source: Prometheus, data model and metric names; prometheus_client, multiprocess mode.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""What prometheus_client reads before it is imported."""


def begin(state: Path) -> None:
    """A fresh folder for the counts of this server's workers; called once, before the first worker starts."""
    folder = state / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink(missing_ok=True)
    os.environ[FOLDER] = str(folder.resolve())


def ended(pid: int) -> None:
    """A worker ended: what it counted stays, what it had in hand is gone."""
    from prometheus_client import multiprocess

    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
