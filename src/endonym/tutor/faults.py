"""What somebody is told where something did not go well."""

from __future__ import annotations

import structlog

from endonym.core.errors import EndonymError, RequestError
from endonym.tutor.visitor import Visitor

log = structlog.get_logger()


def told(who: Visitor, error: Exception) -> str:
    """What went wrong, as far as it is theirs to mend."""
    return error.message if isinstance(error, RequestError) else who.text("tutor-failed")


def status_of(error: Exception) -> int:
    if isinstance(error, RequestError):
        return error.status
    return 503 if isinstance(error, EndonymError) else 500


def broken(who: Visitor, error: EndonymError, conversation: str = "") -> str:
    """What a student is told where a turn did not end."""
    log.error("turn.failed", conversation=conversation, error=type(error).__name__, detail=str(error)[:300])
    return told(who, error)
