"""A browser is known by a token of which only the hash is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from endonym.core import clock
from endonym.store import Store
from endonym.store.sessions import Session, new_person


def test_a_token_says_whose_it_is_and_stands_nowhere(store: Store, url: str) -> None:
    session = Session(new_person(), "student", "tartu")
    token = store.sessions.open(session, 7)
    found = store.sessions.whose(token)
    assert found is not None and (found.person, found.role, found.school) == (session.person, "student", "tartu")
    with create_engine(url).connect() as connection:
        rows = connection.execute(text("SELECT * FROM sessions")).all()
    assert token not in str(rows) and token.encode() not in bytes(rows[0].hash)


@pytest.mark.parametrize("word", ["", "x", "p_1"])
def test_no_other_word_is_one(store: Store, word: str) -> None:
    store.sessions.open(Session("mari", "student"), 7)
    assert store.sessions.whose(word) is None


def test_a_session_ends_by_itself_by_signing_out_and_with_the_person(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = (store.sessions.open(Session("mari", "student"), days) for days in (1, 7, 7))
    store.sessions.close(three)
    assert store.sessions.whose(three) is None
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr("endonym.store.sessions.now", lambda: later)
    assert store.sessions.whose(one) is None and store.sessions.whose(two) is not None
    store.erase_person("mari")
    assert store.sessions.whose(two) is None
