"""Metrics: counted over all workers, told on this machine alone, without anything that somebody wrote."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2

from tests.wiring.test_supervisor import ASK, serving, until


def value(text: str, name: str) -> float:
    return sum(float(number) for number in re.findall(rf"^{re.escape(name)}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE))


def test_turns_and_requests_of_all_workers_are_counted(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as server:
        until(lambda: len(server.workers()) == 2)
        for number in range(12):
            said = {**ASK, "messages": [{"role": "user", "content": f"Minu e-post on mari{number}@kool.ee. Mis on fotosüntees?"}]}
            assert httpx2.post(f"{server.address}/v1/chat/completions", json=said, timeout=30).status_code == 200
        assert httpx2.post(f"{server.address}/v1/chat/completions", json={}, timeout=30).status_code == 400
        httpx2.get(f"{server.address}/t/tiny", timeout=30)
        httpx2.get(f"{server.address}/x/secret/path", timeout=30)
        texts = [httpx2.get(f"{server.address}/metrics", timeout=30).text for _ in range(4)]
    for text in texts:
        assert value(text, "endonym_turns_total") == 12 and value(text, "endonym_masked_total") == 12
        assert 'endonym_http_requests_total{route="/v1/chat/completions",status="200"} 12.0' in text
        assert 'endonym_http_requests_total{route="/v1/chat/completions",status="400"} 1.0' in text
        assert 'route="/t",status="200"' in text and 'route="other",status="404"' in text
        assert value(text, 'endonym_stage_seconds_count') >= 12 * 5
        assert "kool.ee" not in text and "secret" not in text


def test_through_a_proxy_nobody_sees_them(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        reply = httpx2.get(f"{server.address}/metrics", headers={"x-forwarded-for": "203.0.113.7"}, timeout=30)
    assert reply.status_code == 403 and "endonym_" not in reply.text
