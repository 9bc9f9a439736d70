"""`endonym budget` as an operator uses it: amounts in whole numbers, money in the currency of the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from endonym.store import Store
from endonym.store.seal import key_file
from tests.cli.test_state import endonym

PRICED = 'currency = "EUR"\n[engines.ours]\nkind = "openai"\nprice_in = "0.25"\nprice_out = 2\n'


def test_money_is_set_listed_and_reset(tmp_path: Path) -> None:
    (tmp_path / "endonym.toml").write_text(PRICED)
    assert endonym(tmp_path, "budget", "set", "school:tartu", "money", "1234.5", "--per", "month") == (0, "school:tartu: 1,234.50 EUR a month\n")
    assert endonym(tmp_path, "budget", "set", "class:tartu/7b", "tokens", "2000000") == (0, "class:tartu/7b: 2,000,000 tokens a month\n")
    store = Store.sqlite(tmp_path / ".endonym" / "store.sqlite", key_file(tmp_path / ".endonym" / "store.key"))
    store.access.settle(str(store.access.reserve(["school:tartu"], {"money": 617_250_000})), {"money": 617_250_000})
    store.close()
    rows = endonym(tmp_path, "budget", "list")[1].splitlines()
    assert rows[0].split() == ["class:tartu/7b", "0", "of", "2,000,000", "tokens", "month", "0%"]
    assert rows[1].split() == ["school:tartu", "617.25", "of", "1,234.50", "EUR", "month", "50%"]
    assert endonym(tmp_path, "budget", "reset", "school:tartu")[0] == 0
    assert endonym(tmp_path, "budget", "list")[1].splitlines()[1].split()[1] == "0.00"


@pytest.mark.parametrize(("settings", "arguments", "said"), [
    ("", ("school:x", "money", "5"), "currency: expected the currency of prices and budgets, found none"),
    (PRICED, ("school:x", "money", "5,5"), "expected an amount such as 50 or 0.25, found '5,5'"),
    (PRICED, ("school:x", "tokens", "5.5"), "expected a whole number of 0 or more, found '5.5'"),
    ('currency = "euro"\n', ("school:x", "money", "5"), "currency: "),
    ('currency = "EUR"\n[engines.ours]\nkind = "openai"\nprice_in = 1\n', ("school:x", "money", "5"), "expected price_in and price_out together"),
    ('currency = "EUR"\n[engines.ours]\nkind = "openai"\nprice_in = -1\nprice_out = 1\n', ("school:x", "money", "5"), "engines.ours.price_in: "),
])  # fmt: skip
def test_what_is_no_budget_in_money_is_told(tmp_path: Path, settings: str, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "endonym.toml").write_text(settings)
    code, answer = endonym(tmp_path, "budget", "set", *arguments)
    assert code == 2 and said in answer, answer


def test_where_no_engine_has_a_price_the_operator_is_told(tmp_path: Path) -> None:
    (tmp_path / "endonym.toml").write_text('currency = "EUR"\n')
    assert "No engine has a price" in endonym(tmp_path, "budget", "set", "school:x", "money", "5")[1]
