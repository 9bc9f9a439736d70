"""What a tutor serves beside turns, as the composition gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Fault = Literal["", "kind", "large", "empty", "locked", "pictures", "encoding", "damaged"]
"""Why a file has no text here; "" where it has."""

ReadFile = Callable[[bytes, str], tuple[str, Fault]]
"""(text, why there is none) of a file, from its bytes and its name."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a tutor serves beside turns.

    Attributes:
        images: Models (`pack/audience`) whose images the operator lets through to an engine that reads them.
        read_file: None where no file is read.
        file_kinds: Endings of files that it reads.
    """

    images: frozenset[str] = frozenset()
    read_file: ReadFile | None = None
    file_kinds: tuple[str, ...] = ()
