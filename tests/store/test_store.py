from pathlib import Path

import pytest

from endonym.core.errors import StoreError
from endonym.ledger import first_break
from endonym.seams.turn import Disclosure, Message, Request, TraceLine, Turn
from endonym.store import Store
from endonym.store.seal import key_file


def turn(number: int, text: str = "Mis on fotosüntees?") -> Turn:
    return Turn(
        id=f"turn_{number}", started="2026-11-24T10:00:00.000Z", bundle="sha256:0", model="pack/student",
        request=Request((Message("user", text),), "student"), language="et", engine="guide", reply="Mida sa juba tead?",
        disclosures=(Disclosure("ai", "Sa suhtled tarkvaraga."),), trace=(TraceLine("recognise", "", 0.1),),
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.sqlite(tmp_path / "store.sqlite", key_file(tmp_path / "store.key"))


def test_turns_come_back_in_order(store: Store) -> None:
    store.start_conversation("c1", {"bundle": "pack"})
    for number in (1, 2, 3):
        store.save_turn(turn(number), "c1")
    assert store.turns("c1") == (turn(1), turn(2), turn(3))
    assert store.turn("turn_2") == turn(2)
    assert store.conversation("c1") == {"bundle": "pack"}


def test_what_students_write_is_not_readable_on_disk(store: Store, tmp_path: Path) -> None:
    store.save_turn(turn(1, "väga salajane mõte"), "c1")
    store.close()
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name != "store.key")
    assert b"salajane" not in on_disk
    assert b"juba tead" not in on_disk
    assert (tmp_path / "store.key").stat().st_mode & 0o077 == 0


def test_another_key_cannot_open_it(store: Store, tmp_path: Path) -> None:
    store.save_turn(turn(1), "c1")
    other = Store.sqlite(tmp_path / "store.sqlite", key_file(tmp_path / "other.key"))
    with pytest.raises(StoreError, match="cannot be opened with this key"):
        other.turn("turn_1")


def test_a_deleted_conversation_is_gone_and_the_ledger_still_whole(store: Store) -> None:
    store.start_conversation("c1", {"bundle": "pack"})
    store.save_turn(turn(1), "c1")
    store.save_turn(turn(2), "c1")
    assert store.delete_conversation("c1") == 2
    assert store.turns("c1") == ()
    assert store.conversation("c1") is None
    assert first_break(store.ledger()) is None
    assert [entry.content["turn"] for entry in store.ledger()] == ["turn_1", "turn_2"]


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "store.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="expected a key of 32 bytes, found 5"):
        key_file(tmp_path / "store.key")


def test_what_is_older_than_a_pack_allows_is_gone_and_nothing_else(store: Store) -> None:
    store.start_conversation("c1", {"bundle": "pack"})
    store.save_turn(turn(1), "c1")
    store.save_turn(turn(2))
    assert store.expire("other", 0) == 0
    assert store.turn("turn_1") is not None
    assert store.expire("pack", -1) >= 1
    assert (store.turns("c1"), store.conversation("c1"), store.turn("turn_2")) == ((), None, None)
    assert first_break(store.ledger()) is None
