"""Errors in OpenAI's shape; the only place that builds them."""

from __future__ import annotations

from typing import Any

import structlog

from endonym.core.errors import EndonymError, RequestError

log = structlog.get_logger()


def error_body(error: BaseException) -> tuple[int, dict[str, Any]]:
    """(HTTP status, body) for an error; what is not the caller's fault is logged and told without details."""
    if isinstance(error, RequestError):
        message = f"{error.message}. {error.remedy}" if error.remedy else error.message
        kind = "server_error" if error.status >= 500 else "invalid_request_error"
        return error.status, _shape(message, kind, error.param or None, error.code)
    log.error("request.failed", error=type(error).__name__, detail=str(error)[:300])
    if isinstance(error, EndonymError):
        return 503, _shape("This server cannot answer now. Try again.", "server_error", None, error.code)
    return 500, _shape("Something went wrong on this server.", "server_error", None, "internal_error")


def _shape(message: str, kind: str, param: str | None, code: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
