"""Local time: one rule for days, times and what is typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from endonym.web.times import local_day, local_time, read_local, zone_name, zone_of


@pytest.mark.parametrize(("territory", "day"), [
    ("EE", "2026-07-02"), ("JO", "2026-07-02"), ("KZ", "2026-07-02"),  # several names, one time
    ("NZ", "2026-07-02"), ("ES", "2026-07-01"), ("TT", "2026-07-01"), ("US", "2026-07-01"), ("EU", "2026-07-01"), ("", "2026-07-01"),
])  # fmt: skip
def test_a_day_is_that_of_the_country(territory: str, day: str) -> None:
    assert local_day("2026-07-01T21:30:00.000Z", territory).isoformat() == day


@pytest.mark.parametrize(("territory", "utc"), [("EE", "07:00"), ("KZ", "05:00"), ("ES", "08:00"), ("US", "10:00"), ("EU", "10:00"), ("TT", "14:00")])
def test_what_is_typed_is_meant_as_it_is_shown(territory: str, utc: str) -> None:
    moment = read_local("2026-07-01T10:00", territory)
    assert (moment.tzinfo, f"{moment:%H:%M}") == (UTC, utc)
    assert "10" in local_time(moment.isoformat(), territory, "et") and local_day(moment.isoformat(), territory).day == 1


def test_kazakhstan_has_one_time_since_it_was_joined_and_had_two_before() -> None:
    assert zone_of("KZ", datetime(2026, 7, 1, tzinfo=UTC)) is not UTC and zone_of("KZ", datetime(2020, 7, 1, tzinfo=UTC)) is UTC


def test_a_page_says_whose_time_it_shows() -> None:
    assert (zone_name("EE", "et"), zone_name("KZ", "kk"), zone_name("US", "en"), zone_name("EU", "en")) == ("Eesti", "Қазақстан", "UTC", "UTC")


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError):
        read_local("homme", "EE")
