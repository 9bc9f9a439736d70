"""Keys and budgets through the real `openai` client: who may speak for whom, and how much."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from pathlib import Path
from time import monotonic, sleep

import anyio
import httpx2
import openai
import pytest
from sqlalchemy import create_engine, text

from endonym.core.errors import RequestError
from endonym.gateway import Admission
from endonym.text.tokens import tokens
from endonym.wiring.compose import Composition
from tests.adapters.engines.scripted import Scripted, chunk, scripted
from tests.conftest import TINY
from tests.served import EngineSettings, running

QUESTION = [{"role": "user", "content": "Mis on fotosüntees?"}]
Served = tuple[str, Composition]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running([TINY], Path(tmp_path_factory.mktemp("state"))) as found:
        yield found


def client(served: Served, key: str, **headers: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{served[0]}/v1", api_key=key, max_retries=0, default_headers=headers)


def ask(one: openai.OpenAI, audience: str = "student") -> openai.types.chat.ChatCompletion:
    return one.chat.completions.create(model=f"tiny/{audience}", messages=QUESTION)  # type: ignore[arg-type]


def test_a_teacher_s_key_opens_the_teacher_s_model_and_no_other(served: Served) -> None:
    one = client(served, served[1].store.access.add_key("t", ["teacher"]))
    assert ask(one, "teacher").choices[0].message.content
    with pytest.raises(openai.PermissionDeniedError, match="needs another key"):
        ask(one, "student")


@pytest.mark.parametrize("key", ["eno_0123456789ab_wrong", "eno_", "eno_x"])
def test_a_wrong_key_is_worse_than_none(served: Served, key: str) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client(served, key))
    assert caught.value.body["code"] == "invalid_api_key"  # type: ignore[index]


def test_a_revoked_key_opens_nothing(served: Served) -> None:
    access = served[1].store.access
    secret = access.add_key("t", ["student"])
    access.revoke(secret.split("_")[1])
    with pytest.raises(openai.AuthenticationError):
        ask(client(served, secret))


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
def test_whoever_comes_through_a_proxy_is_not_on_this_machine(served: Served, header: str) -> None:
    with pytest.raises(openai.AuthenticationError, match="expected a key"):
        ask(client(served, "none", **{header: "203.0.113.7"}))
    key = served[1].store.access.add_key("x", ["student"])
    assert ask(client(served, key, **{header: "203.0.113.7"})).choices


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/tiny/student", "/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/budgets", "/v1/budgets/reset", "/v1/nothing", "/v1/",
                                  "/mcp", "/openapi.json"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_every_route_asks_for_a_key(served: Served, path: str, method: str) -> None:
    for headers in ({"x-forwarded-for": "203.0.113.7"}, {"authorization": "Bearer eno_0123456789ab_wrong"}):
        reply = httpx2.request(method, served[0] + path, headers=headers)
        assert reply.status_code == 401 and reply.json()["error"]["code"] == "invalid_api_key", path


def test_a_turn_belongs_to_the_key_s_person(served: Served) -> None:
    store = served[1].store
    ask(client(served, store.access.add_key("m", ["student"], person="mari")))
    assert len(store.export_person("mari")["conversations"]) == 1


def test_a_class_that_used_its_requests_is_told_until_when(served: Served) -> None:
    access = served[1].store.access
    access.set_budget("class:tartu/7b", "requests", "day", 2)
    one = client(served, access.add_key("7b", ["student"], school="tartu", group="7b"))
    other = client(served, access.add_key("7c", ["student"], school="tartu", group="7c"))
    for _ in range(2):
        ask(one)
    with pytest.raises(openai.RateLimitError, match="the budget of class:tartu/7b, 2 requests, is used up until") as caught:
        ask(one)
    assert caught.value.code == "insufficient_quota" and ask(other).choices
    access.reset("class:tartu/7b")
    assert ask(one).choices


def test_many_at_once_never_overspend(served: Served) -> None:
    access = served[1].store.access
    access.set_budget("school:crowd", "requests", "always", 10)
    one = client(served, access.add_key("x", ["student"], school="crowd"))

    def attempt(_: int) -> bool:
        try:
            return bool(ask(one).choices)
        except openai.RateLimitError:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(40))) == 10
    assert [budget.used for budget in access.budgets(["school:crowd"])] == [10]


def test_a_refused_request_costs_nothing_and_the_guide_no_tokens(served: Served) -> None:
    access = served[1].store.access
    access.set_budget("school:thrifty", "tokens", "always", 5_000)
    access.set_budget("school:thrifty", "requests", "always", 5)
    one = client(served, access.add_key("x", ["student"], school="thrifty"))
    ask(one)
    with pytest.raises(openai.BadRequestError):
        one.chat.completions.create(model="tiny/student", messages=[{"role": "assistant", "content": "x"}])
    assert {budget.kind: budget.used for budget in access.budgets(["school:thrifty"])} == {"requests": 1, "tokens": 0}


def test_what_an_engine_may_be_told_is_set_aside(tmp_path: Path) -> None:
    with scripted() as upstream:
        upstream.says("Taimed vajavad kasvamiseks palju valgust. ")
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{upstream.port}/v1", model="m", languages=("et",), context_tokens=4096)
        with running([TINY], tmp_path, chain=("ours",), engines={"ours": ours}) as served:
            access = served[1].store.access
            access.set_budget("school:small", "tokens", "always", 4_000)
            one = client(served, access.add_key("x", ["student"], school="small"))
            with pytest.raises(openai.RateLimitError, match="4,000 tokens"):
                ask(one)
            assert upstream.bodies == []
            access.set_budget("school:small", "tokens", "always", 6_000)
            ask(one)
            (budget,) = access.budgets(["school:small"])
            assert 500 < budget.used < 5_200


# ---- money

GOOD = "Taimed vajavad kasvamiseks palju valgust. "
STRANGE = "Ich denke, dass du das heute selbst herausfinden kannst und musst. "
"""Another language than the reply's, which a verifier stops."""


@pytest.fixture
def paid(tmp_path: Path) -> Iterator[tuple[Served, Scripted]]:
    """A server whose one engine costs 2 EUR a million tokens in and 8 out; a request may cost at most 2 * (4096 * 2 + 100 * 8) millionths."""
    with scripted() as upstream:
        upstream.says(GOOD)
        ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{upstream.port}/v1", model="m", languages=("et",), context_tokens=4096,
                              price_in="2", price_out=8, timeout_s=5)  # fmt: skip
        with running([TINY], tmp_path, chain=("ours",), engines={"ours": ours}, currency="EUR") as served:
            yield served, upstream


DEAREST = 2 * (4096 * 2 + 100 * 8)


def buy(one: openai.OpenAI, audience: str = "student") -> openai.types.chat.ChatCompletion:
    return one.chat.completions.create(model=f"tiny/{audience}", messages=QUESTION, max_tokens=100)  # type: ignore[arg-type]


def told(body: dict[str, object]) -> int:
    """Tokens of what an engine was told, as budgets reckon."""
    messages: list[dict[str, str]] = body["messages"]  # type: ignore[assignment]
    return sum(tokens(message["content"]) for message in messages)


def used(served: Served, scope: str) -> int:
    """What a scope was charged, once nothing is set aside any more: a reply is sent before it is charged."""
    end = monotonic() + 10
    with create_engine(f"sqlite:///{served[1].settings.state / 'store.sqlite'}").connect() as connection:
        while connection.execute(text("SELECT count(*) FROM reservations")).scalar():
            assert monotonic() < end, "something is still set aside"
            sleep(0.02)
    (budget,) = served[1].store.access.budgets([scope])
    return budget.used


def test_sixty_four_at_once_never_overspend_in_money(paid: tuple[Served, Scripted]) -> None:
    served, upstream = paid
    access = served[1].store.access
    access.set_budget("school:crowd", "money", "always", 3 * DEAREST)
    one = client(served, access.add_key("x", ["student"], school="crowd"))

    def attempt(_: int) -> bool:
        try:
            return bool(buy(one).choices)
        except openai.RateLimitError as error:
            assert error.code == "insufficient_quota" and "EUR" in str(error)
            return False

    with ThreadPoolExecutor(64) as pool:
        answered = sum(pool.map(attempt, range(64)))
    spent = sum(told(body) * 2 for body in upstream.bodies) + answered * 8 * ceil(len(GOOD) / 3)
    assert answered == len(upstream.bodies) >= 3 and used(served, "school:crowd") == spent <= 3 * DEAREST
    access.reset("school:crowd")
    assert buy(one).choices and used(served, "school:crowd") < DEAREST


def test_each_time_an_engine_is_asked_is_charged_and_one_that_refuses_is_not(paid: tuple[Served, Scripted]) -> None:
    served, upstream = paid
    access = served[1].store.access
    access.set_budget("school:x", "money", "always", 50_000_000)
    one = client(served, access.add_key("x", ["student"], school="x"))
    upstream.first = [[chunk(STRANGE), chunk("", "stop"), b"data: [DONE]\n\n"]]
    assert GOOD.strip() in (buy(one).choices[0].message.content or "")
    first, second = upstream.bodies
    repaired = 2 * (told(first) + told(second)) + 8 * (ceil(len(STRANGE) / 3) + ceil(len(GOOD) / 3))
    assert told(second) > told(first) and used(served, "school:x") == repaired
    upstream.status = 500
    reply = buy(one)
    assert reply.model_extra and reply.model_extra["endonym"]["engine"] == "guide" and used(served, "school:x") == repaired


def test_the_guide_costs_no_money_also_where_all_is_spent(paid: tuple[Served, Scripted], tmp_path: Path) -> None:
    with running([TINY], tmp_path / "guide", currency="EUR") as served:
        access = served[1].store.access
        access.set_budget("school:x", "money", "always", 5)
        access.settle(str(access.reserve(["school:x"], {"money": 5})), {"money": 5})
        access.set_budget("school:x", "money", "always", 1)
        assert buy(client(served, access.add_key("x", ["student"], school="x"))).choices and used(served, "school:x") == 5
    served, upstream = paid
    access = served[1].store.access
    access.set_budget("school:x", "money", "month", DEAREST - 1)
    with pytest.raises(openai.RateLimitError, match=r"the budget of school:x, 0\.017983 EUR, is used up until"):
        buy(client(served, access.add_key("x", ["student"], school="x")))
    assert upstream.bodies == []


def test_a_client_that_goes_away_pays_for_what_was_asked(paid: tuple[Served, Scripted]) -> None:
    served, upstream = paid
    access = served[1].store.access
    access.set_budget("school:x", "money", "always", 50_000_000)
    one = client(served, access.add_key("x", ["student"], school="x"))
    upstream.script = [item for _ in range(200) for item in (chunk(GOOD), 0.05)]
    with one.chat.completions.create(model="tiny/student", messages=QUESTION, max_tokens=100, stream=True) as pieces:  # type: ignore[call-overload]
        for piece in pieces:
            if piece.choices and "valgust" in (piece.choices[0].delta.content or ""):
                break
    assert 2 * told(upstream.bodies[0]) < used(served, "school:x") < DEAREST


def test_wrong_keys_are_not_remembered(served: Served) -> None:
    admission = Admission(served[1].store.access, {})
    scope = {"headers": [(b"authorization", b"Bearer eno_" + b"x" * 50_000)], "client": ("203.0.113.7", 1)}
    with pytest.raises(RequestError, match="unknown"):
        anyio.run(admission.caller, scope)
    assert len(admission._known) == 0


def test_a_teacher_lets_the_own_class_begin_anew_and_no_other(served: Served) -> None:
    access = served[1].store.access
    student = access.add_key("s", ["student"], person="pupil", school="viljandi", group="9a")
    access.add_key("x", ["student"], person="far", school="viljandi", group="9b")
    access.add_key("y", ["student"], school="paide", group="9a")
    teacher = access.add_key("t", ["teacher"], school="viljandi", group="9a")
    access.set_budget("class:viljandi/9a", "requests", "day", 1)
    ask(client(served, student))
    with pytest.raises(openai.RateLimitError):
        ask(client(served, student))

    def reset(key: str, scope: str) -> int:
        return httpx2.post(f"{served[0]}/v1/budgets/reset", json={"scope": scope}, headers={"authorization": f"Bearer {key}"}).status_code

    listed = httpx2.get(f"{served[0]}/v1/budgets", headers={"authorization": f"Bearer {teacher}"}).json()["data"]
    assert [(one["scope"], one["used"], one["most"]) for one in listed] == [("class:viljandi/9a", 1, 1)]
    for scope in ("class:viljandi/9b", "class:paide/9a", "person:far", "school:viljandi", "class:viljandi/9a' OR 1=1"):
        assert reset(teacher, scope) == 403, scope
    assert reset(student, "class:viljandi/9a") == 403 and reset("none", "class:viljandi/9a") in (401, 403)
    assert reset(teacher, "class:viljandi/9a") == 200
    assert ask(client(served, student)).choices
