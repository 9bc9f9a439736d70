"""Keys open what they may and nothing else; budgets are never overspent, whoever asks at once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from endonym.core.errors import StoreError
from endonym.store import Store
from endonym.store import access as module
from endonym.store.access import Refusal
from tests.store.conftest import Open
from tests.store.test_store import all_rows, turn


def test_a_key_says_whose_it_is_and_its_secret_stands_nowhere(store: Store, url: str) -> None:
    secret = store.access.add_key("7b", ["student"], person="s-1", school="tartu", group="7b")
    caller = store.access.caller(secret)
    assert caller is not None and (caller.name, caller.audiences) == ("7b", ("student",))
    assert caller.scopes == ("school:tartu", "class:tartu/7b", "person:s-1", f"key:{caller.key}")
    assert secret.split("_", 2)[2] not in all_rows(url) and "hash" not in store.access.keys()[0]


@pytest.mark.parametrize("change", [
    lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"), lambda key: key + "x", lambda key: "", lambda key: "eno_", lambda key: "sk-1234",
    lambda key: key.replace("eno_", "eno"), lambda key: key.rpartition("_")[0] + "_", lambda key: "eno_000000000000_" + key.split("_", 2)[2],
    lambda key: key + "\0", lambda key: "é" * 100_000])  # fmt: skip
def test_no_other_word_is_a_key(store: Store, change: object) -> None:
    secret = store.access.add_key("x", ["student"])
    assert callable(change) and store.access.caller(change(secret)) is None and store.access.caller(secret) is not None


def test_a_key_that_ended_or_was_revoked_opens_nothing_also_elsewhere(store: Store, opened: Open) -> None:
    ended, secret = store.access.add_key("old", ["student"], days=0), store.access.add_key("new", ["student"])
    other = opened()
    assert other.access.caller(ended) is None and other.access.caller(secret) is not None
    identity = secret.split("_")[1]
    assert store.access.revoke(identity) and not store.access.revoke(identity) and not store.access.revoke("none")
    assert other.access.caller(secret) is None


@pytest.mark.parametrize("wrong", [{"audiences": []}, {"audiences": ["student"], "group": "7b"}])
def test_a_key_for_nobody_is_refused(store: Store, wrong: dict[str, object]) -> None:
    with pytest.raises(StoreError, match="expected"):
        store.access.add_key("x", **wrong)  # type: ignore[arg-type]


def test_what_touches_no_budget_costs_nothing(store: Store) -> None:
    assert store.access.reserve(["key:a"], {"tokens": 10**9}) == ""
    store.access.settle("", {"tokens": 1})


def test_a_budget_is_reserved_settled_and_then_refused_with_the_time_of_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "now", lambda: datetime(2026, 12, 31, 10, tzinfo=UTC))
    access = store.access
    access.set_budget("school:a", "tokens", "month", 1000)
    access.set_budget("key:k", "requests", "day", 2)
    scopes = ["school:a", "key:k"]
    first = access.reserve(scopes, {"tokens": 900, "requests": 1})
    assert isinstance(first, str) and first
    assert access.reserve(scopes, {"tokens": 200, "requests": 1}) == Refusal("school:a", "tokens", 1000, "2027-01-01T00:00:00.000Z")
    for _ in range(2):  # a second time charges nothing
        access.settle(first, {"tokens": 100, "requests": 1})
    assert {(b.scope, b.used) for b in access.budgets(scopes)} == {("school:a", 100), ("key:k", 1)}
    second = access.reserve(scopes, {"tokens": 900, "requests": 1})
    assert isinstance(second, str)
    access.settle(second, {"tokens": 900, "requests": 1})
    refused = access.reserve(scopes, {"tokens": 0, "requests": 1})
    assert refused == Refusal("key:k", "requests", 2, "2027-01-01T00:00:00.000Z")
    access.reset("key:k")
    assert isinstance(access.reserve(scopes, {"tokens": 0, "requests": 1}), str)
    monkeypatch.setattr(module, "now", lambda: datetime(2027, 1, 1, 10, tzinfo=UTC))
    assert [b.used for b in access.budgets(["school:a"])] == [0]


def test_of_a_refused_request_nothing_is_set_aside(store: Store) -> None:
    store.access.set_budget("school:a", "tokens", "always", 100)
    store.access.set_budget("key:k", "tokens", "always", 10)
    assert isinstance(store.access.reserve(["school:a", "key:k"], {"tokens": 50}), Refusal)
    assert [b.used for b in store.access.budgets()] == [0, 0]


def test_what_a_killed_process_set_aside_comes_back(store: Store, url: str) -> None:
    store.access.set_budget("key:k", "tokens", "always", 100)
    store.access.reserve(["key:k"], {"tokens": 100})
    assert isinstance(store.access.reserve(["key:k"], {"tokens": 1}), Refusal)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE reservations SET made = '2020-01-01T00:00:00.000Z'"))
    engine.dispose()
    assert isinstance(store.access.reserve(["key:k"], {"tokens": 1}), str)


def test_sixty_four_at_once_never_overspend(opened: Open) -> None:
    stores = [opened() for _ in range(4)]
    stores[0].access.set_budget("school:a", "tokens", "always", 1000)

    def ask(number: int) -> int:
        access = stores[number % 4].access
        taken = access.reserve(["school:a", f"key:{number}"], {"tokens": 90})
        if isinstance(taken, Refusal):
            return 0
        access.settle(taken, {"tokens": 70})
        return 70

    with ThreadPoolExecutor(16) as pool:
        total = sum(pool.map(ask, range(64)))
    assert total == stores[0].access.budgets()[0].used <= 1000 and total > 900 - 70


@pytest.mark.parametrize("seed", range(3))
def test_sixty_four_at_once_never_overspend_in_money_whatever_each_costs(opened: Open, seed: int) -> None:
    """Each sets aside what it may cost and is charged something up to it; some are killed before they are charged."""
    chance = random.Random(seed)
    stores = [opened(), opened()]
    budgets = {"school:a": 40_000_000, "class:a/7b": 25_000_000}
    for scope, most in budgets.items():
        stores[0].access.set_budget(scope, "money", "always", most)
    stores[0].access.set_budget("school:a", "requests", "always", 1_000)
    costs = [(dearest, chance.randint(0, dearest)) for dearest in (chance.randint(1, 4_000_000) for _ in range(64))]
    asks = [(*cost, chance.random() < 0.1, ["school:a", *(["class:a/7b"] if chance.random() < 0.5 else [])]) for cost in costs]

    def ask(number: int) -> tuple[list[str], int]:
        dearest, cost, killed, scopes = asks[number]
        access = stores[number % 2].access
        taken = access.reserve(scopes, {"money": dearest, "requests": 1})
        assert all(budget.used <= budget.most for budget in access.budgets())
        if isinstance(taken, Refusal):
            assert taken.kind == "money"
            return scopes, 0
        if killed:
            return scopes, dearest  # stays set aside
        access.settle(taken, {"money": cost, "requests": 1})
        return scopes, cost

    with ThreadPoolExecutor(64) as pool:
        done = list(pool.map(ask, range(64)))
    assert sum(cost > 0 for _, cost in done) > 10
    for budget in stores[1].access.budgets():
        if budget.kind == "money":
            assert sum(cost for scopes, cost in done if budget.scope in scopes) == budget.used <= budgets[budget.scope]


@pytest.mark.parametrize(("scope", "kind", "per", "most"), [
    ("town:a", "tokens", "day", 1), ("school:", "tokens", "day", 1), ("key:a", "words", "day", 1), ("key:a", "tokens", "year", 1), ("key:a", "tokens", "day", -1)])  # fmt: skip
def test_a_budget_of_nothing_known_is_refused(store: Store, scope: str, kind: str, per: str, most: int) -> None:
    with pytest.raises(StoreError, match="expected school:, class:"):
        store.access.set_budget(scope, kind, per, most)  # type: ignore[arg-type]


def test_whoever_is_erased_has_no_keys_and_no_budgets_left(store: Store, url: str) -> None:
    secret = store.access.add_key("Mari", ["student"], person="mari")
    store.access.set_budget("person:mari", "tokens", "day", 10)
    store.save_turn(turn(1), "", "mari")
    store.erase_person("mari")
    assert store.access.caller(secret) is None and "mari" not in all_rows(url).lower()


def test_a_person_cannot_be_called_as_those_are_who_are_known_by_a_key(store: Store) -> None:
    bare = store.access.caller(store.access.add_key("Kersti", ["teacher"], school="tartu"))
    assert bare is not None
    with pytest.raises(StoreError, match="does not begin with key_") as caught:
        store.access.add_key("another", ["teacher"], school="tartu", person=bare.known_as)
    assert caught.value.remedy and len(store.access.keys()) == 1


@pytest.mark.parametrize("other", ["narva", ""])
def test_one_name_at_two_schools_is_refused_while_the_other_key_is_in_force(store: Store, other: str) -> None:
    secret = store.access.add_key("Mari", ["student"], school="tartu", person="mari")
    assert store.access.add_key("Mari's tablet", ["student"], school="tartu", group="7b", person="mari")
    for key in store.access.keys()[1:]:
        store.access.revoke(key["id"])
    identity = secret.split("_")[1]
    with pytest.raises(StoreError, match=f"'mari' has the key {identity} at the school 'tartu'") as caught:
        store.access.add_key("Mari", ["student"], school=other, person="mari")
    assert f"endonym key revoke {identity}" in caught.value.remedy and len(store.access.keys()) == 2
    assert store.access.add_key("nobody's", ["student"], school=other) and store.access.add_key("nobody's", ["student"], school="tartu")
    store.access.revoke(identity)
    assert store.access.add_key("Mari", ["student"], school=other, person="mari")
