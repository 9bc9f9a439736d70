"""A person has everything that is kept of them, learns who had it, and is erased; what ends after its conversation was deleted is not kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, insert, text

from endonym.core import clock
from endonym.core.errors import StoreError
from endonym.ledger import first_break
from endonym.store import Store
from endonym.store.classes import Assignment
from endonym.store.corrections import Correction
from endonym.store.entries import turn_name
from endonym.store.seal import key_file
from endonym.store.sessions import Session
from endonym.store.split import split
from endonym.store.tables import data_keys, enrolled, identities, metadata, turns
from endonym.store.turns import packed
from tests.store.test_store import all_rows, talk, turn


def seen(card: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"seen": True}


def furnished(store: Store, person: str, number: int = 1) -> None:
    """Something of every kind."""
    store.access.add_key("Key of the tests", ["student"], person=person, school="tartu", group="11b")
    store.access.set_budget(f"person:{person}", "tokens", "day", 1000)
    store.sessions.open(Session(person, "student", "tartu"), 7)
    group = store.classes.make("kersti", "tartu", "pack", f"Bioloogia {person}", "et")
    assert group is not None
    store.classes.join(group.id, person)
    store.classes.new_return_code(person)
    given = store.classes.add_assignment(Assignment("", group.id, "Lehe ehitus", text="Selgita."))
    assert given is not None
    talk(store, f"c-{person}", number, person=person)
    store.classes.begin(f"c-{person}", group.id, given.id, person)
    store.classes.share(f"c-{person}", person, shared=True)
    store.save_turn(turn(number + 1), "", person)
    store.practice.keep(person, "pack", "term:leaf", "a", seen)
    store.courses.hand_in(group.id, given.id, person)
    store._database.write(lambda connection: connection.execute(insert(identities).values(
        issuer="https://a", subject=f"s-{person}", person=person, role="student", school="tartu", seen=clock.stamp(clock.now()))))  # fmt: skip
    store._database.write(lambda connection: connection.execute(insert(enrolled).values({"class": group.id, "source": f"l-{person}", "person": person})))
    store.corrections.add(person, Correction("pack", "student", "et", "et", ("other",), ("Mis?",)))


LATER = ("identities", "tickets", "courses", "course_links", "hand_ins", "rosters", "enrolled", "corrections")
"""Tables of later versions than 0006."""


def exports(store: Store) -> int:
    return sum(1 for entry in store.ledger() if entry.content.get("kind") == "person-export")


def keys_kept(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = set(connection.execute(text("SELECT owner FROM data_keys")).scalars())
    engine.dispose()
    return found


def test_both_exports_hold_everything_of_that_person_and_no_secret(store: Store) -> None:
    for number, person in ((1, "mari"), (11, "jaan")):
        furnished(store, person, number)
    own = store.own_export("mari")
    assert exports(store) == 0
    other = store.export_person("mari")
    assert exports(store) == 1 and {**other, "reads": []} == own
    assert [one["conversation"] for one in own["conversations"]] == ["c-mari", ""]
    (work,) = own["works"]
    assert (work["conversation"], work["title"]) == ("c-mari", "Lehe ehitus") and work["shared"] and work["class"] == own["classes"][0]["class"]
    assert [(one["name"], one["school"]) for one in own["classes"]] == [("Bioloogia mari", "tartu")]
    assert [(one["role"], one["school"], one["class"]) for one in own["sessions"]] == [("student", "tartu", "")]
    assert own["sessions"][0]["made"] < own["sessions"][0]["ends"] and own["return_code"]["made"]
    assert [one["name"] for one in own["keys"]] == ["Key of the tests"] and [one["most"] for one in own["budgets"]] == [1000]
    assert len(own["practice"]) == 1 and '"hash"' not in json.dumps(own) and "jaan" not in json.dumps(own)
    (assignment,) = next(one for one in store.own_export("kersti")["classes"] if one["name"] == "Bioloogia mari")["assignments"]
    assert (assignment["title"], assignment["text"]) == ("Lehe ehitus", "Selgita.")


def test_every_table_with_a_person_is_exported_and_erased(store: Store, url: str) -> None:
    """A table that somebody adds without a thought of the rights of persons fails here."""
    furnished(store, "mari")
    engine = create_engine(url)

    def rows() -> dict[str, int]:
        with engine.connect() as connection:
            return {table.name: len(connection.execute(table.select().where(table.c.person == "mari")).all())
                    for table in metadata.sorted_tables if "person" in table.c}  # fmt: skip

    before = rows()
    assert all(before.values()), f"put something of mari into each of {before}"
    assert {"keys", "sessions", "conversations", "classes", "works", "return_code", "practice", "sign_in", "done", "rosters", "corrections"} <= store.own_export("mari").keys()
    store.erase_person("mari")
    assert not any(rows().values())
    assert "mari" not in all_rows(url)
    engine.dispose()


@pytest.mark.parametrize("kept", ["practice", "class", "session", "correction", "deed"])
def test_an_export_of_somebody_who_wrote_nothing_is_in_the_ledger_and_they_are_told(store: Store, kept: str) -> None:
    if kept == "practice":
        store.practice.keep("mari", "pack", "term:leaf", "a", seen)
    elif kept == "correction":
        store.corrections.add("mari", Correction("pack", "student", "et", "et", ("other",), ("Mis?",)))
    elif kept == "deed":
        store.deeds.note("mari", "tartu", "sign-in")
    elif kept == "class":
        group = store.classes.make("kersti", "tartu", "pack", "Bioloogia", "et")
        assert group is not None
        store.classes.join(group.id, "mari")
    else:
        store.sessions.open(Session("mari", "student"), 7)
    store.export_person("mari")
    assert exports(store) == 1
    told = store.reads_of("mari")
    assert [(one["kind"], one["read"]) for one in told] == ([("person-export", "mari")] if kept != "session" else [])  # nothing is sealed of a session
    assert store.reads_of("kersti") == [] and store.reads_of("jaan") == []


def test_two_shares_open_the_whole_export(store: Store) -> None:
    furnished(store, "mari")
    key, _ = split()
    store.break_glass.set_up(key)
    store.break_glass.lock_all()
    with pytest.raises(StoreError, match="expected two shares"):
        store.export_person("mari")
    found = store.export_person("mari", key)
    assert found["works"][0]["title"] == "Lehe ehitus" and found["practice"] and [one["kind"] for one in found["reads"]] == ["person-export"]


def test_nobody_is_exported_under_no_name(store: Store) -> None:
    talk(store, "c1", 1)
    for export in (store.export_person, store.own_export):
        with pytest.raises(StoreError, match="expected a person"):
            export("")


def test_who_is_erased_has_lost_keys_and_sessions_before_anything_else_goes(store: Store) -> None:
    """So that a reply, a page or a call that comes meanwhile writes nothing new."""
    furnished(store, "mari")
    order: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("DELETE FROM "):
            order.append(statement.split()[2])

    event.listen(store._database.engine, "before_cursor_execute", note)
    store.erase_person("mari")
    first = {table: order.index(table) for table in ("keys", "sessions", "turns", "conversations", "practice", "members")}
    assert max(first["keys"], first["sessions"]) < min(first["turns"], first["conversations"], first["practice"], first["members"])


def test_who_is_known_by_their_key_alone_is_erased_with_it(store: Store) -> None:
    secret = store.access.add_key("Kersti", ["teacher"], school="tartu")
    caller = store.access.caller(secret)
    assert caller is not None and [one["name"] for one in store.own_export(caller.known_as)["keys"]] == ["Kersti"]
    store.erase_person(caller.known_as)
    assert store.access.caller(secret) is None


# ---- what ends after its conversation was deleted


@pytest.mark.parametrize("end", [lambda s: s.delete_conversation("c1"), lambda s: s.expire("pack", -1), lambda s: s.erase_person("mari")])
def test_a_turn_that_ends_after_its_conversation_was_deleted_is_not_kept_and_its_entry_is(store: Store, url: str, end: Any) -> None:
    talk(store, "c1", 1, person="mari")
    talk(store, "c2", 2, person="jaan")
    end(store)
    waiting = [store.record(turn(3), "c1", "mari"), store.record(turn(4), "c2" if store.conversation("c2") else "", "jaan")]
    assert [one.result() for one in waiting] == [False, True]
    assert store.turn("turn_3") is None and store.turn("turn_4") is not None and store.turns("c1") == ()
    assert "c1" not in keys_kept(url) and "turn_3" not in keys_kept(url) and "mari" not in all_rows(url)
    assert turn_name("turn_3") in {str(entry.content["turn"]) for entry in store.ledger()} and first_break(store.ledger()) is None


def test_what_earlier_versions_left_behind_goes_when_the_database_is_brought_over(store: Store, url: str, tmp_path: Path) -> None:
    talk(store, "c1", 1, person="mari")
    store.practice.keep("mari", "pack", "term:leaf", "a", seen)
    store.close()
    ring, engine = key_file(tmp_path / "store.key"), create_engine(url)
    with engine.begin() as connection:
        key, wrapped = ring.new_key("c9")
        connection.execute(insert(turns).values(id="turn_9", conversation="c9", person="jaan", bundle="pack", number=0, started=turn(9).started,
                                                sealed=key.close(packed(turn(9), alone=False), "turn_9")))  # fmt: skip
        connection.execute(insert(data_keys), [{"owner": "c9", "wrapped": wrapped}, {"owner": f"practice_{'0' * 48}", "wrapped": wrapped}])
        for table in LATER:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("ALTER TABLE return_codes DROP COLUMN issued"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    engine.dispose()
    again = Store(url, ring)
    assert "turn_9" not in all_rows(url) and again.turn("turn_1") == turn(1) and len(again.practice.export("mari")) == 1
    assert {owner[:9] for owner in keys_kept(url)} == {"c1", "practice_"} and len(keys_kept(url)) == 2
    again.close()


# ---- how long


def test_the_key_of_practice_goes_with_the_last_that_was_practised(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for person, bundle in (("mari", "pack"), ("jaan", "pack"), ("jaan", "other")):
        store.practice.keep(person, bundle, "term:leaf", "a", seen)
    assert len(keys_kept(url)) == 2
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr("endonym.store.practice.now", lambda: later)
    assert store.practice.expire("pack", 30) == 2
    assert len(keys_kept(url)) == 1 and len(store.practice.export("jaan")) == 1
    store.practice.keep("mari", "pack", "term:leaf", "b", seen)
    assert len(store.practice.export("mari")) == 1
