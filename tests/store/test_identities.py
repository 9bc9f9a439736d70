"""Who signs in by another organisation's word: a keyed hash, tickets that are used once, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from endonym.core import clock
from endonym.core.errors import StoreError
from endonym.store import Store
from endonym.store.schema import open_engine, writing
from endonym.store.seal import add_key, rsa_key


def test_a_subject_is_known_again_also_under_a_new_key_and_by_no_other_issuer(store: Store, url: str, tmp_path: Path) -> None:
    person = store.identities.person("https://a", "s-1", "student", "Tartu")
    assert store.identities.person("https://a", "s-1", "teacher", "Narva") == person
    assert store.identities.person("https://b", "s-1", "student", "Tartu") != person
    assert store.identities.kept_of(person)["sign_in"][0]["role"] == "teacher" and store.identities.holds(person) and not store.identities.holds("")
    store.rewrap(add_key(tmp_path / "store.key"))
    assert store.identities.person("https://a", "s-1", "student", "Tartu") == person
    assert store.identities.name("course", "a", "bc") != store.identities.name("course", "ab", "c")
    with open_engine(url).connect() as connection:
        assert "s-1" not in str(connection.execute(text("SELECT * FROM identities")).all())


def test_one_person_arrives_in_two_browsers_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: store.identities.person("https://a", "s-9", "student", "Tartu"), range(16)))
    assert len(found) == 1


def test_a_ticket_is_taken_once_for_what_it_was_given_and_in_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = store.identities
    token = tickets.give_ticket("launch", {"nonce": "n"})
    assert tickets.take_ticket("sign_in", token) is None
    with ThreadPoolExecutor(8) as pool:
        taken = [one for one in pool.map(lambda _: tickets.take_ticket("launch", token), range(8)) if one]
    assert taken == [{"nonce": "n"}]
    late = tickets.give_ticket("launch", {"nonce": "n"}, 10)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr("endonym.store.identities.now", lambda: later)
    assert tickets.take_ticket("launch", late) is None


def test_whom_a_platform_lists_is_looked_up_while_somebody_writes(store: Store, url: str) -> None:
    person = store.identities.person("https://a", "s", "student", "Tartu")
    with writing(open_engine(url)):
        assert store.identities.known("https://a", ["s", "t"]) == {"s": person}


def test_who_has_not_come_for_more_than_a_year_is_forgotten_but_for_teachers_of_a_class(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    student, teacher = (store.identities.person("https://a", subject, role, "Tartu") for subject, role in (("s", "student"), ("t", "teacher")))
    group = store.classes.make(teacher, "Tartu", "tiny", "11b", "et")
    assert group
    store.courses.hand_in(group.id, "a_1", student)
    later = clock.now() + timedelta(days=401)
    for module in ("identities", "courses"):
        monkeypatch.setattr(f"endonym.store.{module}.now", lambda: later)
    store.tidy()
    assert not store.identities.holds(student) and store.identities.holds(teacher) and store.courses.handed_in(group.id)
    store.expire("tiny", 30)
    assert store.courses.handed_in(group.id) == ()


def test_the_key_by_which_platforms_know_us_is_made_once_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lti.key"
    assert rsa_key(path) == rsa_key(path) and path.stat().st_mode & 0o777 == 0o600
    path.write_text("-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n")
    with pytest.raises(StoreError, match=r"lti\.key.*expected an RSA key"):
        rsa_key(path)
