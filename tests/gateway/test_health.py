from __future__ import annotations

import time
from pathlib import Path

import httpx2
import pytest

from tests.conftest import TINY
from tests.served import running


def test_a_process_that_cannot_answer_lives_but_is_not_ready(tmp_path: Path) -> None:
    with running([TINY], tmp_path) as (address, composition):
        assert httpx2.get(f"{address}/livez").json() == {"status": "ok"}
        assert httpx2.get(f"{address}/readyz").json() == {"status": "ok", "checks": {"index": "ok", "store": "ok"}}
        assert list(httpx2.get(f"{address}/healthz").json()["bundles"]) == ["tiny"]
        composition.store.ledger_size = _broken  # type: ignore[method-assign]
        composition._indexes[-1].close()
        time.sleep(1.1)
        reply = httpx2.get(f"{address}/readyz")
        assert (reply.status_code, reply.json()["status"]) == (503, "unavailable")
        assert "secret" not in reply.text
        assert httpx2.get(f"{address}/livez").status_code == 200


def _broken() -> int:
    raise OSError("secret path")


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
def test_probes_may_send_head_and_need_no_key(tmp_path: Path, path: str) -> None:
    with running([TINY], tmp_path) as (address, _):
        reply = httpx2.head(address + path, headers={"via": "balancer"})
        assert (reply.status_code, reply.content) == (200, b"")
        refused = httpx2.post(address + path)
        assert (refused.status_code, refused.headers["allow"], refused.json()["error"]["code"]) == (405, "GET, HEAD", "method_not_allowed")
