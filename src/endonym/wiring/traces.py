"""Spans for whoever operates: each request with the stages of its turn, sent to a collector by OTLP over HTTP.

Nothing that a person wrote is in them: attributes are names of ours, digests, numbers and what the pack says. So no messages of errors, no
notes of stages, no paths, no headers but `traceparent`.

Source: OpenTelemetry semantic conventions, "HTTP spans" and "Generative AI spans"; W3C Trace Context.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import time_ns
from typing import TYPE_CHECKING

from starlette.types import Scope

from endonym.core.errors import SettingsError
from endonym.seams.turn import Turn

if TYPE_CHECKING:
    from opentelemetry.trace import Span
    from opentelemetry.util.types import AttributeValue

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_VARIABLES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_SEND_S = 5.0
"""How long a collector may take; what it does not take is lost, and nobody waits for it but a server that stops."""


class Traces:
    """Args: collector: Where spans go, such as http://collector:4318; "" for what OpenTelemetry's own variables say.

    Raises:
        SettingsError: The extra is not installed.
    """

    def __init__(self, collector: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
        except ModuleNotFoundError as error:
            origin = "traces" if collector else next(name for name in _VARIABLES if os.environ.get(name))
            raise SettingsError(f"expected the OpenTelemetry SDK, found no {error.name}", origin=origin,
                                remedy="Install endonym[otel], or take the setting away.") from None  # fmt: skip
        from endonym import __version__

        exporter = OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces" if collector else None, timeout=_SEND_S)
        self._provider = TracerProvider(resource=Resource.create({"service.name": "endonym", "service.version": __version__}), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("endonym", __version__)
        self._context = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, scope: Scope, route: str) -> Iterator[RequestSpan]:
        """A span for a request, below the one that the caller names in `traceparent`.

        Args:
            route: The path without what varies in it.
        """
        from opentelemetry.trace import SpanKind

        carrier = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"}
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        with self._tracer.start_as_current_span(
            f"{method} {route}", self._context.extract(carrier), SpanKind.SERVER, {"http.request.method": method, "http.route": route},
            record_exception=False, set_status_on_exception=False,
        ) as span:  # fmt: skip
            yield RequestSpan(span)

    def turn(self, turn: Turn, recorded_ns: int) -> None:
        """The stages of a turn as spans below the request's, and what the turn was as attributes of that one.

        A stage says how long it took, not when it began: they are laid end to end before the stage record.

        Args:
            recorded_ns: When the stage record began.
        """
        from opentelemetry import trace

        trace.get_current_span().set_attributes(_attributes(turn))
        end = time_ns()
        self._stage("record", recorded_ns, end)
        end = recorded_ns
        for line in reversed(turn.trace):
            start = end - int(line.ms * 1_000_000)
            self._stage(line.stage, start, end)
            end = start

    def _stage(self, name: str, start_ns: int, end_ns: int) -> None:
        self._tracer.start_span(name, start_time=start_ns).end(end_ns)

    def close(self) -> None:
        """Send what waits, as long as a collector may take."""
        self._provider.shutdown()


class RequestSpan:
    def __init__(self, span: Span) -> None:
        self._span = span

    def ended(self, status: int) -> None:
        """Args: status: Of the answer; 499 where the client went away before there was one."""
        from opentelemetry.trace import StatusCode

        self._span.set_attribute("http.response.status_code", status)
        if status >= 500:
            self._span.set_attribute("error.type", str(status))
            self._span.set_status(StatusCode.ERROR)


def open_traces(collector: str) -> Traces | None:
    """Where spans go, or None where neither the setting nor OpenTelemetry's own variables name a collector."""
    return Traces(collector) if collector or any(os.environ.get(name) for name in _VARIABLES) else None


def _attributes(turn: Turn) -> dict[str, AttributeValue]:
    request = turn.request
    found: dict[str, AttributeValue | None] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "endonym", "gen_ai.request.model": turn.model, "gen_ai.response.model": turn.engine,
        "gen_ai.response.id": turn.id, "gen_ai.output.type": "json" if request.format else "text", "gen_ai.request.max_tokens": request.max_tokens,
        "gen_ai.request.temperature": request.temperature, "endonym.bundle": turn.bundle, "endonym.language": turn.language,
        "endonym.kind": turn.dialogue.kind if turn.dialogue else None, "endonym.rules": len(turn.rules), "endonym.passages": len(turn.passages),
        "endonym.masked": len(turn.masks), "endonym.failed": sorted({verdict.verifier for verdict in turn.verdicts if not verdict.passed}),
        "endonym.affected": list(turn.affected),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}
