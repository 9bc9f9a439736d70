"""Conversations: they come back whole, nobody reads them without the key, and what is erased is gone."""

from __future__ import annotations

import errno
import json
import os
import threading
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from endonym.core.errors import StoreError
from endonym.ledger import first_break
from endonym.seams.turn import Disclosure, Message, Request, ToolCall, TraceLine, Turn
from endonym.store import Store
from endonym.store.entries import turn_name
from endonym.store.seal import add_key, key_file, retire_keys
from endonym.store.tables import metadata
from endonym.store.turns import packed, unpacked
from tests.store.conftest import Open


def turn(number: int, said: str = "Mis on fotosüntees?", bundle: str = "pack") -> Turn:
    return Turn(
        id=f"turn_{number}", started="2026-11-24T10:00:00.000Z", bundle="sha256:0", model=f"{bundle}/student",
        request=Request((Message("user", said),), "student"), language="et", engine="guide", reply="Mida sa juba tead?",
        disclosures=(Disclosure("ai", "Sa suhtled tarkvaraga."),), trace=(TraceLine("recognise", "", 0.1),),
    )  # fmt: skip


def talk(store: Store, conversation: str, *numbers: int, person: str = "") -> None:
    """A conversation with these turns."""
    store.start_conversation(conversation, {"bundle": "pack"}, person)
    for number in numbers:
        store.save_turn(turn(number), conversation, person)


def test_turns_come_back_in_order_also_in_another_process_of_the_store(store: Store, opened: Open) -> None:
    store.start_conversation("c1", {"bundle": "pack"})
    for number in (1, 2, 3):
        store.save_turn(turn(number), "c1")
    for one in (store, opened()):
        assert one.turns("c1") == (turn(1), turn(2), turn(3))
        assert one.turn("turn_2") == turn(2)
        assert one.conversation("c1") == {"bundle": "pack"}
        assert (one.turn("turn_9"), one.conversation("c9"), one.turns("c9")) == (None, None, ())


def test_a_turn_of_the_api_stands_in_no_conversation(store: Store) -> None:
    store.save_turn(turn(1))
    assert store.turn("turn_1") == turn(1)


def test_what_stands_elsewhere_is_not_kept_twice(store: Store) -> None:
    before = (Message("user", "Esimene küsimus"), Message("assistant", "Esimene vastus"))
    long = replace(turn(1), request=replace(turn(1).request, messages=(*before, *turn(1).request.messages), names=("Mari Tamm",)),
                   instructions=(Message("system", "Reegel. " * 5_000),), protected_messages=before)  # fmt: skip
    talk(store, "c1")
    store.save_turn(long, "c1")
    store.save_turn(replace(long, id="turn_2"))
    assert store.turn("turn_1") == turn(1)
    alone = store.turn("turn_2")
    assert alone is not None and alone.request.messages == long.request.messages and (alone.instructions, alone.request.names) == ((), ())


def test_another_key_cannot_open_it(store: Store, url: str, tmp_path: Path) -> None:
    talk(store, "c1", 1)
    other = Store(url, key_file(tmp_path / "other.key"))
    with pytest.raises(StoreError, match="cannot be opened with this key"):
        other.turn("turn_1")
    other.close()


def test_one_bad_record_costs_nobody_else_theirs(store: Store) -> None:
    store.save_turn(turn(1))
    waiting = [store.record(turn(number)) for number in (2, 1, 3)]
    assert [one.exception() is None for one in waiting] == [True, False, True]
    assert isinstance(waiting[1].exception(), StoreError)
    assert [entry.content["turn"] for entry in store.ledger()] == [turn_name(f"turn_{number}") for number in (1, 2, 3)]


def test_many_who_write_at_once_make_one_chain(opened: Open) -> None:
    stores = [opened(), opened(), opened()]
    talk(stores[0], "c1")

    def write(store: Store, first: int) -> None:
        for one in [store.record(turn(number), "c1") for number in range(first, first + 30)]:
            one.result()

    threads = [threading.Thread(target=write, args=(store, 100 * at)) for at, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(stores[0].ledger())
    assert len(entries) == 90 and first_break(entries) is None
    assert sorted(turn_name(one.id) for one in stores[1].turns("c1")) == sorted(str(entry.content["turn"]) for entry in entries)


def test_who_closes_the_store_loses_nothing_that_waits(opened: Open) -> None:
    store = opened()
    waiting = [store.record(turn(number)) for number in range(600)]
    store.close()
    assert all(one.done() and one.exception() is None for one in waiting)
    assert sum(1 for _ in opened().ledger()) == 600


def test_a_deleted_conversation_is_gone_and_the_ledger_still_whole(store: Store) -> None:
    store.start_conversation("c1", {"bundle": "pack"})
    store.save_turn(turn(1), "c1")
    store.save_turn(turn(2), "c1")
    assert store.delete_conversation("c1") == 2
    assert (store.turns("c1"), store.conversation("c1")) == ((), None)
    assert first_break(store.ledger()) is None
    assert [entry.content["turn"] for entry in store.ledger()] == [turn_name("turn_1"), turn_name("turn_2")]


def test_what_is_older_than_a_pack_allows_is_gone_and_nothing_else(store: Store) -> None:
    store.start_conversation("c1", {"bundle": "pack"})
    store.save_turn(turn(1), "c1")
    store.save_turn(turn(2))
    store.save_turn(turn(3, bundle="another"))
    assert store.expire("other", 0) == 0
    assert store.turn("turn_1") is not None
    assert store.expire("pack", -1) == 3
    assert (store.turns("c1"), store.conversation("c1"), store.turn("turn_2")) == ((), None, None)
    assert store.turn("turn_3") is not None
    assert first_break(store.ledger()) is None


def all_rows(url: str) -> str:
    """Everything that stands in the database, ledger apart."""
    engine = create_engine(url)
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if not name.startswith("ledger")]
        rows = [repr(row) for name in names for row in connection.execute(text(f"SELECT * FROM {name}"))]
    engine.dispose()
    return "\n".join(rows)


def test_a_person_gets_everything_and_is_erased_without_a_trace(store: Store, url: str, tmp_path: Path) -> None:
    for person in ("mari", "jaan"):
        store.start_conversation(f"c-{person}", {"bundle": "pack"}, person)
        store.save_turn(turn({"mari": 1, "jaan": 2}[person], f"{person} küsib"), f"c-{person}", person)
        store.save_turn(turn({"mari": 3, "jaan": 4}[person], f"{person} üksi"), "", person)
    exported = store.export_person("mari")["conversations"]
    assert [one["conversation"] for one in exported] == ["c-mari", ""]
    assert [one["turns"][0]["request"]["messages"][0]["text"] for one in exported] == ["mari küsib", "mari üksi"]
    assert store.erase_person("mari") == (1, 2)
    assert store.export_person("mari")["conversations"] == []
    rows = all_rows(url)
    assert not [name for name in ("mari", "turn_1", "turn_3") if name in rows] and "turn_2" in rows
    assert len(store.export_person("jaan")["conversations"]) == 2
    assert first_break(store.ledger()) is None
    store.close()
    if url.startswith("sqlite"):
        on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite*"))
        assert b"c-mari" not in on_disk and b"c-jaan" in on_disk


def test_erasing_nobody_erases_nothing(store: Store) -> None:
    store.save_turn(turn(1))
    with pytest.raises(StoreError, match="expected a person"):
        store.erase_person("")
    assert store.turn("turn_1") is not None


def test_what_students_write_is_not_readable_on_disk(tmp_path: Path) -> None:
    store = Store.sqlite(tmp_path / "store.sqlite", key_file(tmp_path / "store.key"))
    talk(store, "c1")
    store.save_turn(turn(1, "väga salajane mõte"), "c1")
    store.close()
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name != "store.key")
    assert b"salajane" not in on_disk
    assert b"juba tead" not in on_disk
    assert (tmp_path / "store.key").stat().st_mode & 0o077 == 0


def test_after_a_rotation_the_old_key_opens_nothing_and_the_new_one_all(store: Store, url: str, tmp_path: Path) -> None:
    path = tmp_path / "store.key"
    talk(store, "c0", 0, 2, 4)
    talk(store, "c1", 1, 3)
    (tmp_path / "old.key").write_bytes(path.read_bytes())
    ring = add_key(path)
    seen: list[tuple[int, int]] = []
    assert store.rewrap(ring, lambda done, total: seen.append((done, total))) == 2
    assert store.rewrap(ring) == 0 and seen[-1] == (2, 2)
    retire_keys(path)
    store.save_turn(turn(9), "c0")
    old, new = Store(url, key_file(tmp_path / "old.key")), Store(url, key_file(path))
    assert len(new.turns("c0")) == 4 and path.stat().st_mode & 0o077 == 0
    with pytest.raises(StoreError, match="cannot be opened"):
        old.turns("c0")
    old.close()
    new.close()


def test_a_key_is_made_once_also_where_a_file_has_one_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    for _ in range(2):
        key_file(tmp_path / "store.key")
        assert [path.name for path in tmp_path.iterdir()] == ["store.key"]
    assert (tmp_path / "store.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("data", [b"short", b"", b"\xff" * 64, b"ab" * 31 + b"\n"])
def test_a_damaged_key_file_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "store.key").write_bytes(data)
    with pytest.raises(StoreError, match="expected keys of 64 hexadecimal digits"):
        key_file(tmp_path / "store.key")


def test_the_steps_lead_to_the_tables_that_are_used(store: Store, url: str) -> None:
    engine = create_engine(url)
    found = inspect(engine)
    for table in metadata.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())
        assert {index["name"] for index in found.get_indexes(table.name) if not index.get("duplicates_constraint")} == {i.name for i in table.indexes}
    engine.dispose()


def test_a_database_of_another_version_is_refused_and_left_alone(url: str, tmp_path: Path) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    engine.dispose()
    with pytest.raises(StoreError, match="found 9999"):
        Store(url, key_file(tmp_path / "store.key"))


def test_a_database_that_is_not_there_says_so_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        Store("postgresql+psycopg://reader:hidden@127.0.0.1:9/none?connect_timeout=2", key_file(tmp_path / "store.key"))
    assert "hidden" not in str(caught.value)


def test_a_turn_of_before_there_were_tools_is_read(store: Store) -> None:
    data = json.loads(zlib.decompress(packed(turn(1), alone=True)))
    for name in ("calls", "finish", "offered"):
        del data[name]
    del data["request"]["offer"]
    data["request"]["messages"] = [{"role": one["role"], "text": one["text"]} for one in data["request"]["messages"]]
    assert unpacked(zlib.compress(json.dumps(data).encode())) == turn(1)


def test_calls_are_kept_and_their_digest_stands_in_the_ledger(store: Store) -> None:
    called = replace(turn(1), calls=(ToolCall("call_1", "search", '{"query": "Päts"}'),))
    store.save_turn(called)
    store.save_turn(turn(2))
    assert store.turn("turn_1") == called
    assert [("calls" in entry.content, "Päts" in str(entry.content)) for entry in store.ledger()] == [(True, False), (False, False)]
