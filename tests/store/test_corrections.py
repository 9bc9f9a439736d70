"""A teacher's corrections are sealed, exported, erased and let go with the days that a pack keeps."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from endonym.core import clock
from endonym.store import Store
from endonym.store.corrections import Correction
from endonym.store.seal import add_key
from endonym.store.split import split

WRONG = Correction("tiny", "student", "et", "et", ("wrong_fact", "other"), ("Mis on saladuslik klorofüll?",), (("valgus", "päike"),), ("muld",), "Alusta valgusest.", 2)


def test_what_was_written_stands_nowhere_in_the_clear_and_comes_back_whole(store: Store, url: str) -> None:
    made = store.corrections.add("kersti", WRONG)
    assert made and store.corrections.of("kersti") == (made,) == store.corrections.about("tiny")
    assert (made.asked, made.must, made.attempts) == (WRONG.asked, WRONG.must, 2)
    assert store.corrections.of("jaan") == () == store.corrections.of("") == store.corrections.about("other")
    with create_engine(url).connect() as connection:
        rows = connection.execute(text("SELECT * FROM corrections")).all()
    assert len(rows) == 1 and "saladuslik" not in str(rows) and b"saladuslik" not in bytes(rows[0].sealed)


def test_one_is_deleted_by_its_teacher_alone_and_all_with_the_person(store: Store, url: str) -> None:
    first, second = store.corrections.add("kersti", WRONG), store.corrections.add("kersti", WRONG)
    store.corrections.add("jaan", WRONG)
    assert first and second and not store.corrections.delete("jaan", first.id) and store.corrections.delete("kersti", first.id)
    assert [one["id"] for one in store.own_export("kersti")["corrections"]] == [second.id]
    store.erase_person("kersti")
    assert store.corrections.of("kersti") == () and len(store.corrections.of("jaan")) == 1
    with create_engine(url).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM data_keys WHERE owner LIKE 'correction_%'")).scalar() == 1


def test_they_go_with_the_days_that_a_pack_keeps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.corrections.add("kersti", WRONG)
    store.expire("tiny", 30)
    assert len(store.corrections.of("kersti")) == 1
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr("endonym.store.corrections.now", lambda: later)
    store.expire("other", 30)
    assert len(store.corrections.of("kersti")) == 1
    store.expire("tiny", 30)
    assert store.corrections.of("kersti") == ()


def test_they_are_read_with_a_new_key_and_with_two_shares(store: Store, tmp_path: Path) -> None:
    key, _ = split()
    store.corrections.add("kersti", WRONG)
    store.break_glass.set_up(key)
    store.break_glass.lock_all()
    store.corrections.add("jaan", WRONG)
    assert [store.corrections.kept_of(person, key)["corrections"][0]["better"] for person in ("kersti", "jaan")] == [WRONG.better] * 2
    assert store.rewrap(add_key(tmp_path / "store.key")) == 2
    assert [store.corrections.of(person)[0].asked for person in ("kersti", "jaan")] == [WRONG.asked] * 2
