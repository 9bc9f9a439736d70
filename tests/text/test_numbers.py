from __future__ import annotations

import pytest

from endonym.text.numbers import find_numbers


@pytest.mark.parametrize(("text", "numbers"), [
    ("2,5 ja 3.5", [2.5, 3.5]),
    ("1\u00a0000\u202f000,5 ja 10 000", [1000000.5, 10000]),
    ("1,000,000 ja 12,345.67 ja 1.234,56", [1000000, 12345.67, 1234.56]),
    ("−3 ja -4; (−2; 3), x=-2, x = − 5, 10^-3", [-3, -4, -2, 3, -2, -5, 10, -3]),
    ("5-3, 3 - 5, 5–7, x^2+2x-3", [5, 3, 3, 5, 5, 7, 2, 2, 3]),
    ("3/4 ja ½, 2½, -3/4", [0.75, 0.5, 2.5, -0.75]),
    ("50 % ehk 0,5.", [50, 0.5]),
    ("CO2, x1 ja H2O", []),
    ("10³", [10, 3]),
    ("24.02.1918 ja 24/02/1918", [24, 2, 1918, 24, 2, 1918]),
    ("20. sajand, vastus on 5.", [20, 5]),
    ("1/0", [1]),
    ("٢٫٥ و ١٬٠٠٠ و ٣", [2.5, 1000, 3]),
    ("۲۵ و ۱٫۵, २५, ๒๕", [25, 1.5, 25, 25]),
    ("x = −٣", [-3]),
    ("٢٤/٢/١٩١٨", [24, 2, 1918]),
    ("", []),
])  # fmt: skip
def test_find_numbers(text: str, numbers: list[float]) -> None:
    assert find_numbers(text) == pytest.approx(numbers)
