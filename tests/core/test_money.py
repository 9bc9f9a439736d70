from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endonym.core.errors import RequestError
from endonym.core.money import millionths, rounded, shown


@given(st.integers(0, 10**18))
def test_what_is_shown_is_read_back(amount: int) -> None:
    assert millionths(shown(amount).replace(",", "")) == amount


def test_amounts_as_people_write_and_read_them() -> None:
    assert millionths(" 50 ") == 50_000_000 and millionths("0.25") == 250_000 and millionths("1e2") == 100_000_000
    assert shown(1_234_500_000, "EUR") == "1,234.50 EUR" and shown(1) == "0.000001" and shown(0, "EUR") == "0.00 EUR"
    assert rounded(Decimal("0.0000001")) == 1 and rounded(Decimal(0)) == 0


@pytest.mark.parametrize("amount", ["", "x", "-1", "nan", "inf", "1e13", "0.0000001", "1,5", "50 EUR"])
def test_what_is_no_amount(amount: str) -> None:
    with pytest.raises(RequestError, match="expected an amount such as 50"):
        millionths(amount)
