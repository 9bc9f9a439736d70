from __future__ import annotations

import pytest

from endonym.privacy import identifier_plan, own_plans
from endonym.privacy.plans import is_common


@pytest.mark.parametrize(("name", "number", "valid"), [
    ("sg.nric", "S1234567D", True), ("sg.nric", "S1234567E", False), ("sg.nric", "s1234567d", True), ("sg.nric", "X1234567D", False),
    ("kz.iin", "12345", False), ("kz.iin", "091341501236", False), ("jo.nin", "9991012345", True), ("jo.nin", "0791234567", False), ("ee.ik", "38001085718", True),
])  # fmt: skip
def test_plans(name: str, number: str, valid: bool) -> None:
    assert identifier_plan(name).is_valid(number) is valid


def test_exactly_one_last_digit_fits_an_iin() -> None:
    fits = [sum(identifier_plan("kz.iin").is_valid(f"0903125{serial:04d}{last}") for last in range(10)) for serial in range(200)]
    assert set(fits) <= {0, 1}
    assert sum(fits) > 180


def test_every_nric_has_one_check_letter() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert all(sum(identifier_plan("sg.nric").is_valid(f"{series}{n * 7919 % 10**7:07d}{last}") for last in letters) == 1 for series in "STFGM" for n in range(40))


def test_unknown_plans_are_none_and_no_path_can_be_named() -> None:
    assert identifier_plan("ee.nope") is None
    assert identifier_plan("ee.ik.os") is None
    assert identifier_plan("../os") is None
    assert own_plans("KZ") == ("kz.iin",)


def test_how_much_passing_says_is_measured() -> None:
    assert is_common("gb.nhs", 10)
    assert is_common("jo.nin", 10)
    assert not is_common("ee.ik", 11)
    assert not is_common("kz.iin", 12)
