"""What is practised is sealed, exported and erased with the person, and kept once a round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from endonym.core import clock
from endonym.store import Store
from endonym.store.seal import add_key, key_file
from endonym.store.split import split


def counted(card: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"seen": (card or {"seen": 0})["seen"] + 1}


def test_a_second_answer_of_the_same_round_changes_nothing(store: Store) -> None:
    for round_id, seen in (("a", 1), ("a", 1), ("b", 2)):
        store.practice.keep("mari", "tiny", "term:chlorophyll", round_id, counted)
        assert store.practice.of("mari", "tiny")["term:chlorophyll"].card == {"seen": seen}
    assert store.practice.of("mari", "another") == {} and store.practice.of("jaan", "tiny") == {}


def test_which_items_they_were_stands_nowhere_in_the_clear(store: Store, url: str) -> None:
    store.practice.keep("mari", "tiny", "term:chlorophyll", "a", counted)
    with create_engine(url).connect() as connection:
        rows = connection.execute(text("SELECT * FROM practice")).all()
    assert len(rows) == 1 and b"chlorophyll" not in bytes(rows[0].sealed) and "chlorophyll" not in str(rows)


def test_it_is_exported_and_erased_with_the_person(store: Store, url: str) -> None:
    for person in ("mari", "jaan"):
        store.practice.keep(person, "tiny", "term:chlorophyll", "a", counted)
    (kept,) = store.own_export("mari")["practice"]
    assert (kept["bundle"], kept["item"], kept["schedule"]) == ("tiny", "term:chlorophyll", {"seen": 1})
    store.erase_person("mari")
    assert store.practice.export("mari") == [] and len(store.practice.export("jaan")) == 1
    with create_engine(url).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM data_keys WHERE owner LIKE 'practice_%'")).scalar() == 1


def test_it_goes_with_the_days_that_a_pack_keeps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.practice.keep("mari", "tiny", "term:chlorophyll", "a", counted)
    store.expire("tiny", 30)
    assert len(store.practice.export("mari")) == 1
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr("endonym.store.practice.now", lambda: later)
    store.expire("tiny", 30)
    assert store.practice.export("mari") == []


def test_it_is_read_with_a_new_key_of_the_operator(store: Store, tmp_path: Path) -> None:
    store.practice.keep("mari", "tiny", "term:chlorophyll", "a", counted)
    new = add_key(tmp_path / "store.key")
    assert store.rewrap(new) == 1
    assert len(store.practice.export("mari")) == 1
    assert key_file(tmp_path / "store.key") is not new


def test_the_export_with_two_shares_opens_it_whether_it_was_kept_before_or_after_the_break_glass_key(store: Store, tmp_path: Path) -> None:
    key, _ = split()
    store.practice.keep("mari", "tiny", "term:chlorophyll", "a", counted)
    store.break_glass.set_up(key)
    store.break_glass.lock_all()
    store.practice.keep("jaan", "tiny", "term:chlorophyll", "a", counted)
    assert [len(store.practice.export(person, key)) for person in ("mari", "jaan")] == [1, 1]
