"""Checks of a deployment, one finding after the other. Nothing is written (but for the extension pgvector, which opening PostgreSQL's index makes), and only
`probe` costs tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from endonym.core.errors import EndonymError
from endonym.wiring.doctor.database import check_database
from endonym.wiring.doctor.engines import check_engines, check_languages
from endonym.wiring.doctor.finding import Finding, Found, Patient, guarded
from endonym.wiring.doctor.identity import check_identity
from endonym.wiring.doctor.machine import check_clock, check_disk, check_memory, check_processor, check_python
from endonym.wiring.doctor.network import check_access, check_port
from endonym.wiring.doctor.packs import check_embedder, check_index, check_packs, check_recognisers
from endonym.wiring.doctor.state import check_settings, check_state
from endonym.wiring.settings import read_settings

__all__ = ["Finding", "examine"]

_CHECKS: Mapping[str, Callable[[Patient], Found]] = {
    "settings": check_settings, "processor": check_processor, "disk": check_disk, "state": check_state, "port": check_port,
    "clock": check_clock, "database": check_database, "access": check_access, "identity": check_identity, "packs": check_packs, "embedder": check_embedder,
    "index": check_index, "recognisers": check_recognisers, "engines": check_engines, "languages": check_languages, "memory": check_memory,
}  # fmt: skip


def examine(paths: Sequence[Path], *, probe: bool = False, public: str = "") -> Iterator[Finding]:
    """Every check in order.

    Args:
        paths: Packs and bundles that are, or will be, served.
        probe: Let each engine answer something short, which costs tokens.
        public: The address under which people reach the server, such as a proxy's.
    """
    yield from guarded("python", check_python)
    try:
        settings = read_settings()
    except EndonymError as error:
        yield Finding("settings", "error", f"{error.origin}: {error.message}", error.remedy)
        yield Finding("the rest", "not checked", "rests on the settings", "Correct them first, then run this again.")
        return
    patient = Patient(settings, tuple(paths), probe, public)
    for name in _CHECKS:
        yield from guarded(name, _CHECKS[name], patient)
