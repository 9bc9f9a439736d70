"""The fault of a file that cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from endonym.core.errors import PackError

Fault = Literal["large", "empty", "locked", "pictures", "encoding", "damaged"]
"""Why a file cannot be read; `pictures`: it has no text layer, `damaged`: all else."""


class Unreadable(PackError):
    """Attributes: fault: Why."""

    fault: Fault = "damaged"


def unreadable(path: Path, expected: str, found: str, remedy: str, line: int = 0, fault: Fault = "damaged") -> PackError:
    error = Unreadable(f"expected {expected}, found {found}", origin=f"{path.name}:{line}" if line else path.name, remedy=remedy)
    error.fault = fault
    return error
