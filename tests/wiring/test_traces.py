"""Spans at a collector on a real socket: the stages of each turn below its request, and nothing of what people wrote."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.adapters.engines.scripted import chunk, scripted
from tests.conftest import TINY
from tests.served import EngineSettings, running

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
ASK = {"model": "tiny/student", "messages": [{"role": "user", "content": "Mis on fotosüntees?"}]}


class Collector:
    """What it received, uncompressed."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.bodies: list[bytes] = []
        self.address = ""

    def spans(self) -> list[Span]:
        return [span for body in self.bodies for resource in ExportTraceServiceRequest.FromString(body).resource_spans
                for scope in resource.scope_spans for span in scope.spans]  # fmt: skip


@contextmanager
def collecting() -> Iterator[Collector]:
    found = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.paths.append(self.path)
            found.bodies.append(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def attributes(span: Span) -> dict[str, object]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value") or "string_value") for one in span.attributes}


def test_a_request_is_a_span_with_the_stages_of_its_turn_below_and_goes_on_what_the_caller_began(tmp_path: Path) -> None:
    with collecting() as collector:
        with running([TINY], tmp_path, traces=collector.address) as (address, _):
            reply = httpx2.post(f"{address}/v1/chat/completions", json={**ASK, "max_tokens": 70}, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"}, timeout=20)
            assert httpx2.post(f"{address}/v1/chat/completions", json={}, timeout=20).status_code == 400
        first = next(span for span in collector.spans() if span.name == "POST /v1/chat/completions" and span.trace_id.hex() == TRACE)
        stages = [span for span in collector.spans() if span.parent_span_id == first.span_id]
    assert set(collector.paths) == {"/v1/traces"} and first.parent_span_id.hex() == PARENT and first.kind == Span.SPAN_KIND_SERVER
    in_order = sorted(stages, key=lambda span: (span.start_time_unix_nano, span.end_time_unix_nano))
    assert [span.name for span in in_order] == ["recognise", "protect", "ground", "generate", "verify", "disclose", "record"]
    assert all(span.trace_id.hex() == TRACE and span.end_time_unix_nano <= first.end_time_unix_nano for span in stages)
    assert min(span.start_time_unix_nano for span in stages) >= first.start_time_unix_nano
    assert sum(span.end_time_unix_nano - span.start_time_unix_nano for span in stages) <= first.end_time_unix_nano - first.start_time_unix_nano
    found = attributes(first)
    assert found["gen_ai.request.model"] == "tiny/student" and found["gen_ai.response.model"] == "guide" and found["gen_ai.request.max_tokens"] == 70
    assert found["gen_ai.response.id"] == reply.json()["endonym"]["trace_id"] and found["http.response.status_code"] == 200
    refused = next(span for span in collector.spans() if span.name == "POST /v1/chat/completions" and span.trace_id != first.trace_id)
    assert attributes(refused)["http.response.status_code"] == 400 and not refused.parent_span_id


SECRETS = {name: f"saladus{number}{name}" for number, name in enumerate((
    "question", "earlier", "system", "reply", "stopped", "stop", "user", "metadata", "model", "path", "query", "method", "tracestate", "baggage", "agent",
    "subject", "tutor", "field", "tool", "format"))}  # fmt: skip

CALL = {"role": "assistant", "content": None, "tool_calls": [{"id": "t", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}


def test_nothing_of_what_people_wrote_is_in_any_byte(tmp_path: Path, tiny: Path) -> None:
    """One verifier quotes what it stops in the note of its stage."""
    s = SECRETS
    rule = tiny / "adaptations" / "reply_in_estonian.md"
    rule.write_text(rule.read_text("utf-8").replace("verify:\n", "verify:\n  - use: pattern\n    with: {forbidden: ['saladus[0-9]+stopped']}\n"), "utf-8")
    with collecting() as collector, scripted() as upstream:
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{upstream.port}/v1", model="m", languages=("et",))
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": f"{s['tracestate']}=1", "baggage": f"k={s['baggage']}", "user-agent": s["agent"]}
        with running([tiny], tmp_path / "state", chain=("ours",), engines={"ours": ours}, traces=collector.address) as (address, _):
            def post(path: str, body: object) -> int:
                return httpx2.post(address + path, json=body, headers=headers, timeout=20).status_code

            stopped = [chunk(f"Taimed vajavad {s['stopped']} vett. "), chunk("", "stop"), b"data: [DONE]\n\n"]
            for stream in (False, True):
                upstream.says(f"Taimed vajavad {s['reply']} kasvamiseks palju valgust. ")
                upstream.first = [stopped]
                assert post("/v1/chat/completions", {**ASK, "stream": stream, "stop": [s["stop"]], "user": s["user"], "metadata": {"a": s["metadata"]}, "messages": [
                    {"role": "system", "content": s["system"]}, {"role": "user", "content": s["earlier"]}, CALL, {"role": "tool", "tool_call_id": "t", "content": s["tool"]},
                    {"role": "user", "content": f"Minu e-post on {s['question']}@kool.ee. Mis on fotosüntees?"}],
                    "endonym": {"subject": s["subject"]}}) == 200  # fmt: skip
            assert post("/v1/chat/completions", {**ASK, "messages": [{"role": "user", "content": s["question"]}]}) == 200
            assert post("/v1/responses", {"model": "tiny/student", "input": s["question"], "instructions": s["system"], "metadata": {"a": s["metadata"]}}) == 200
            assert post("/v1/chat/completions", {**ASK, "model": s["model"]}) == 404
            assert post("/v1/chat/completions", {**ASK, "endonym": {s["field"]: 1}}) == 400
            assert post("/v1/chat/completions", {**ASK, "response_format": {"type": s["format"]}}) == 400
            assert post(f"/{s['path']}?q={s['query']}", {}) == 404
            httpx2.request(s["method"].upper(), f"{address}/v1/models", headers=headers, timeout=20)
            mcp = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {"query": s["tool"]}}}
            assert post("/mcp", mcp) == 200
            assert httpx2.post(f"{address}/t/tiny/ask", data={"message": s["tutor"]}, timeout=20, follow_redirects=True).status_code == 200
        sent = b"".join(collector.bodies).lower()
        spans = collector.spans()
    assert len([span for span in spans if span.name == "generate"]) >= 2 and b"gen_ai.request.model" in sent
    assert any(attributes(span).get("endonym.failed") for span in spans), "a verifier stopped something"
    assert [name for name, word in s.items() if word.lower().encode() in sent] == [] and b"kool.ee" not in sent


@pytest.mark.parametrize("hangs", [False, True], ids=["not there", "hangs"])
def test_a_collector_that_does_not_answer_holds_nobody_up(tmp_path: Path, hangs: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        if not hangs:
            silent.close()
        with running([TINY], tmp_path, traces=f"http://127.0.0.1:{port}") as (address, _):
            started = time.monotonic()
            for _ in range(3):
                assert httpx2.post(f"{address}/v1/chat/completions", json=ASK, timeout=20).status_code == 200
            ended = time.monotonic()
        assert ended - started < 4 and time.monotonic() - ended < 9


def test_off_by_default_and_then_not_even_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    code = ("import sys; import endonym.wiring.app; from endonym.wiring.traces import open_traces; assert open_traces('') is None; "
            "print([name for name in sys.modules if name.startswith('opentelemetry')])")  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path).stdout.strip() == "[]"


def test_opentelemetry_s_own_variable_names_the_collector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
        with running([TINY], tmp_path) as (address, _):
            assert httpx2.post(f"{address}/v1/chat/completions", json=ASK, timeout=20).status_code == 200
        assert any(span.name == "generate" for span in collector.spans())


def test_without_the_extra_the_setting_is_refused_with_the_remedy(tmp_path: Path) -> None:
    code = ("import sys; sys.modules['opentelemetry.sdk'] = None; sys.modules['opentelemetry.exporter'] = None\n"
            "from endonym.wiring.traces import open_traces\nfrom endonym.core.errors import SettingsError\n"
            "try:\n    open_traces('http://127.0.0.1:4318')\nexcept SettingsError as error:\n    print(error)")  # fmt: skip
    assert "endonym[otel]" in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path).stdout
