"""Money as whole millionths of the operator's one currency, so that sums are exact."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal, InvalidOperation

from endonym.core.errors import RequestError

_UNIT = 1_000_000
_MOST = 10**12
"""In the currency: more, and a database's whole numbers would not hold the sum."""


def millionths(amount: str) -> int:
    """An amount as people write it, such as `50` or `0.25`.

    Raises:
        RequestError: It is no amount, less than 0, too large, or finer than a millionth.
    """
    try:
        found = Decimal(amount.strip())
    except InvalidOperation:
        found = Decimal(-1)
    if not (found.is_finite() and 0 <= found <= _MOST and found * _UNIT % 1 == 0):
        raise RequestError(f"expected an amount such as 50 or 0.25, found {amount!r}", remedy="Give a number of 0 or more with at most six decimals.")
    return int(found * _UNIT)


def rounded(amount: Decimal) -> int:
    """Whole millionths, upwards: what is rounded down is spent by nobody."""
    return int(amount.to_integral_value(ROUND_CEILING))


def shown(amount: int, currency: str = "") -> str:
    """As people read it: `1,234.50 EUR`, with as many decimals as there are, two at least."""
    whole, rest = divmod(amount, _UNIT)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{whole:,}.{decimals} {currency}".rstrip()
