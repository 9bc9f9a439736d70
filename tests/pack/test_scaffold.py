"""`endonym init` for every country that CLDR knows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from endonym.core.errors import PackError
from endonym.pack.scaffold import countries, country_facts, find_country, scaffold
from endonym.wiring.packs import check_pack

DAY = date(2026, 11, 24)
SHARDS = 4


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_country_checks_without_errors(shard: int, tmp_path: Path) -> None:
    codes = list(countries())[shard::SHARDS]
    assert len(codes) > 55
    faulty = {}
    for code in codes:
        folder, _ = scaffold(code, tmp_path, DAY)
        report = check_pack(folder, DAY)
        if report.errors:
            faulty[code] = [d.message for d in report.errors]
        assert any(d.code == "AC003" for d in report.warnings)
    assert faulty == {}


def test_what_public_data_knows() -> None:
    jordan = country_facts("JO")
    assert (jordan.served, jordan.currency, jordan.first_weekday) == (("ar",), "JOD", "saturday")
    assert jordan.languages[0].script == "Arab"
    estonia = country_facts("EE")
    assert estonia.identifiers == ("ee.ik",) and estonia.emergency == "112" and estonia.decimal == ","
    assert {language.code for language in country_facts("KZ").languages if language.official} >= {"kk", "ru"}
    assert country_facts("TT").emergency in ("999", "990")


def test_countries_are_found_by_code_and_name_and_mistakes_get_an_offer() -> None:
    assert find_country("ke") == find_country("Kenya") == "KE"
    with pytest.raises(PackError, match=r"Did you mean KE \(Kenya\)"):
        find_country("Kenja")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder, _ = scaffold("KE", tmp_path, DAY)
    (folder / "pack.toml").write_text("mine")
    with pytest.raises(PackError, match="expected no folder"):
        scaffold("KE", tmp_path, DAY)
    assert (folder / "pack.toml").read_text() == "mine"
