"""What a check finds, and what checks know of the deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from endonym.bundle import Bundle
from endonym.core.errors import EndonymError
from endonym.seams.embedder import Embedder
from endonym.wiring.settings import Settings

State = Literal["ok", "warning", "error", "not checked"]
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. Attributes: remedy: What to do, or ""."""

    check: str
    state: State
    message: str
    remedy: str = ""


Found = Iterable[Finding]


@dataclass(slots=True)
class Patient:
    """The deployment, with what checks have learned of it so far."""

    settings: Settings
    paths: tuple[Path, ...]
    probe: bool
    public: str
    served: Mapping[str, str] | None = None
    bundles: list[Bundle] = field(default_factory=list)
    embedder: Embedder | None = None

    @property
    def state(self) -> Path:
        return self.settings.state

    @property
    def engines(self) -> list[str]:
        """Names in any chain, the guide not among them."""
        named = (*self.settings.chain, *(name for chain in self.settings.chains.values() for name in chain))
        return list(dict.fromkeys(name for name in named if name != "guide"))

    @property
    def languages(self) -> list[str]:
        return sorted({language for bundle in self.bundles for language in bundle.languages})


def guarded(name: str, work: Callable[..., Found], *given: Any) -> Iterator[Finding]:
    """The findings of a check; what stops it is one, too."""
    try:
        yield from work(*given)
    except EndonymError as error:
        yield Finding(name, "error", f"{error.origin}: {error.message}" if error.origin else error.message, error.remedy)
    except Exception as error:
        yield Finding(name, "error", f"this check broke: {type(error).__name__}: {error}", "Tell the makers of Endonym; the other checks stand.")
