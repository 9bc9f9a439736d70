"""The key that is split: one holder opens nothing, two do, and what they read stands in the ledger before they see it."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, insert, text, update

from endonym.core.clock import now, stamp
from endonym.core.errors import StoreError
from endonym.ledger.audit import audit
from endonym.ledger.chain import Entry
from endonym.store import Store
from endonym.store.seal import DataKey, Keyring, add_key, key_file, retire_keys
from endonym.store.split import HOLDERS, SplitKey, joined, split
from endonym.store.tables import NO_TURN, break_glass, conversations, data_keys, turns
from endonym.store.turns import packed
from tests.store.conftest import Open
from tests.store.test_ledger import SIGNER
from tests.store.test_store import talk, turn

KEY, WORDS = split()


def ring(tmp_path: Path) -> Keyring:
    return key_file(tmp_path / "store.key")


def events(store: Store) -> list[dict[str, object]]:
    return [entry.content for entry in store.ledger() if "kind" in entry.content]


@pytest.fixture
def ready(store: Store, tmp_path: Path) -> Store:
    """A conversation of mari from before the set-up, one of jaan from after it."""
    store.start_conversation("c1", {"bundle": "pack"}, "mari")
    store.save_turn(turn(1, "mari küsib"), "c1", "mari")
    store.break_glass.set_up(KEY)
    assert store.break_glass.lock_all() == 1
    store.save_turn(turn(2, "mari veel"), "c1", "mari")
    talk(store, "c2", 3, person="jaan")
    return store


@pytest.mark.parametrize("pair", list(itertools.permutations(range(HOLDERS), 2)))
def test_any_two_of_three_shares_give_the_key(pair: tuple[int, int]) -> None:
    found = joined([WORDS[at] for at in pair])
    assert found.public == KEY.public and found.shares == tuple(at + 1 for at in pair)
    assert joined([f"  {WORDS[at].upper()}\n" for at in pair]).public == KEY.public


WRONG: list[tuple[list[str], str]] = [
    ([], "expected 2 shares, found 0"),
    ([WORDS[0]], "expected 2 shares, found 1"),
    (list(WORDS), "expected 2 shares, found 3"),
    ([WORDS[1], WORDS[1]], "found share 2 twice"),
    ([WORDS[0], split()[1][1]], "shares that do not belong together"),
    ([WORDS[0], " ".join(WORDS[1].split()[::-1])], "share 2 of those given: expected 20 words"),
    ([WORDS[0], WORDS[1].rpartition(" ")[0]], "found 19 with a wrong one"),
    (["", WORDS[1]], "share 1 of those given: expected 20 words of a share, found 0"),
]


@pytest.mark.parametrize(("shares", "said"), WRONG)
def test_fewer_or_other_shares_give_nothing_and_say_why(shares: list[str], said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        joined(shares)
    assert not any(" ".join(pair) in str(caught.value) for share in shares for pair in itertools.pairwise(share.split()))  # it shows no words of a share


def test_two_read_without_the_operators_key_and_the_ledger_says_so_without_whose(ready: Store, url: str) -> None:
    keyless = Store(url, Keyring([]))
    found = keyless.read_with(joined([WORDS[2], WORDS[0]]), "c1", "Help line asked", ("head of school", "data protection officer"))
    assert [one.request.messages[-1].text for one in found] == ["mari küsib", "mari veel"]
    assert [one.reply for one in keyless.read_with(KEY, "turn_3", "A complaint")] == [turn(3).reply]
    keyless.close()
    assert [one["kind"] for one in events(ready)] == ["break-glass-setup", "break-glass-read", "break-glass-read"]
    first = events(ready)[1]
    assert (first["reason"], first["shares"], first["roles"]) == ("Help line asked", ["1", "3"], ["head of school", "data protection officer"])
    assert not {"c1", "turn_1", "mari"} & {str(told) for told in first.values()}
    assert audit(ready.ledger(), ()).faults == ()


def test_what_is_read_is_in_the_ledger_before_it_is_opened(ready: Store) -> None:
    done: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        done.append("entered" if statement.startswith("INSERT INTO ledger ") else "opened" if "turns.sealed" in statement and "LIMIT" not in statement else "")

    event.listen(ready._database.engine, "before_cursor_execute", note)
    event.listen(ready._database.engine, "commit", lambda _connection: done.append("committed"))
    for read in (lambda: ready.read_with(KEY, "c1", "A complaint"), lambda: ready.export_person("jaan", KEY)):
        done.clear()
        read()
        order = list(filter(None, done))
        assert order[:2] == ["entered", "committed"] and "opened" in order[2:]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "two\nlines", "mari asked", "about c1", "see turn_2", "\x1b[2J"])
def test_a_reason_that_is_none_or_names_what_is_read_reads_nothing(ready: Store, reason: str) -> None:
    with pytest.raises(StoreError, match="reason: expected"):
        ready.read_with(KEY, "c1", reason)
    assert len(events(ready)) == 1


@pytest.mark.parametrize(("key", "subject", "said"), [(split()[0], "c1", "shares of another"), (KEY, "c9", "is kept, found 'c9'"), (KEY, "", "is kept, found ''")])
def test_another_key_or_another_id_reads_nothing(ready: Store, key: SplitKey, subject: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        ready.read_with(key, subject, "A complaint")
    assert len(events(ready)) == 1


def test_without_a_key_set_up_nothing_is_read(store: Store) -> None:
    talk(store, "c1", 1)
    with pytest.raises(StoreError, match="found none was set up"):
        store.read_with(KEY, "c1", "A complaint")


def test_a_person_is_told_which_of_their_conversations_were_read_when_and_why(ready: Store) -> None:
    with pytest.raises(StoreError, match="expected two shares of the break-glass key, found none"):
        ready.export_person("mari")
    ready.read_with(KEY, "turn_1", "First", ("head of school",))
    ready.read_with(KEY, "c1", "Second")
    ready.read_with(KEY, "c2", "Third")
    assert len(ready.export_person("mari", KEY)["conversations"]) == 1
    told = ready.reads_of("mari", KEY)
    assert [(one["kind"], one["read"], one.get("reason")) for one in told] == [
        ("break-glass-read", "turn_1", "First"), ("break-glass-read", "c1", "Second"), ("person-export", "mari", None)]  # fmt: skip
    assert told == ready.reads_of("mari") and all(one["started"].endswith("Z") for one in told)
    ready.erase_person("mari")
    assert ready.reads_of("mari") == [] and len(ready.reads_of("jaan")) == 1
    assert audit(ready.ledger(), ()).faults == () and len(events(ready)) == 5


def test_once_erased_two_holders_read_nothing_either(ready: Store) -> None:
    ready.delete_conversation("c1")
    with pytest.raises(StoreError, match="is kept, found 'c1'"):
        ready.read_with(KEY, "c1", "A complaint")


def test_a_new_key_takes_the_old_ones_place_only_with_its_shares(ready: Store, opened: Open, tmp_path: Path) -> None:
    new, _ = split()
    for old in (None, new):
        with pytest.raises(StoreError, match="found another"):
            ready.break_glass.set_up(new, old)
    ready.break_glass.set_up(new, joined(WORDS[:2]))
    with pytest.raises(StoreError, match="setup` to finish"):
        ready.read_with(new, "c1", "Between the two")
    assert opened().break_glass.lock_all() == 2  # what was interrupted goes on, also elsewhere
    assert len(ready.read_with(new, "c1", "A complaint")) == 2 and ready.break_glass.lock_all() == 0
    with pytest.raises(StoreError, match="shares of another"):
        ready.read_with(KEY, "c1", "A complaint")
    setups = [one for one in events(ready) if one["kind"] == "break-glass-setup"]
    assert setups[1]["replaces"] == setups[0]["key"] and setups[1]["shares"] == ["1", "2"]


def test_who_holds_the_database_alone_cannot_put_their_own_key_there(ready: Store, opened: Open, url: str, tmp_path: Path) -> None:
    mine, _ = split()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(update(break_glass).values(public=mine.public))
    engine.dispose()
    with pytest.raises(StoreError, match="not the one that was set up"):
        opened().save_turn(turn(7))
    with pytest.raises(StoreError, match="not the one that was set up"):
        ready.start_conversation("c8", {"bundle": "pack"})


def test_after_a_rotation_new_conversations_are_still_locked(ready: Store, url: str, tmp_path: Path) -> None:
    new = add_key(tmp_path / "store.key")
    ready.rewrap(new)
    retire_keys(tmp_path / "store.key")
    rotated = Store(url, ring(tmp_path))
    talk(rotated, "c9", 9, person="mari")
    assert len(rotated.read_with(KEY, "c9", "A complaint")) == 1 and len(rotated.read_with(KEY, "c1", "A complaint")) == 2
    rotated.close()


def test_a_locked_key_that_was_changed_or_moved_to_another_opens_nothing(ready: Store, url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        other = connection.execute(text("SELECT split FROM data_keys WHERE owner = 'c2'")).scalar_one()
        connection.execute(update(data_keys).where(data_keys.c.owner == "c1").values(split=other))
    engine.dispose()
    with pytest.raises(StoreError, match="record c1 cannot be opened with these shares"):
        ready.read_with(KEY, "c1", "A complaint")
    assert len(events(ready)) == 1


def test_the_index_of_events_is_used(ready: Store, url: str) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL decides by the number of rows")
    engine = create_engine(url)
    with engine.connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN SELECT content FROM ledger WHERE {NO_TURN} ORDER BY number")).all()
    engine.dispose()
    assert "ledger_events" in str(plan)


def test_a_database_of_the_first_version_is_brought_over_whole(url: str, tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    import endonym.store as package
    from endonym.ledger import GENESIS, link
    from endonym.store.schema import writing

    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent / "migrations"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        key, wrapped = ring(tmp_path).new_key("c1")
        connection.execute(text("INSERT INTO data_keys (owner, wrapped) VALUES ('c1', :wrapped)"), {"wrapped": wrapped})
        connection.execute(insert(conversations).values(id="c1", person="mari", bundle="pack", started=turn(1).started, settings="{}"))
        connection.execute(insert(turns).values(id="turn_1", conversation="c1", person="mari", bundle="pack", number=0, started=turn(1).started,
                                                sealed=key.close(packed(turn(1), alone=False), "turn_1")))  # fmt: skip
        entry: Entry = link(1, {"turn": "turn_1"}, GENESIS)
        connection.execute(text("INSERT INTO ledger VALUES (1, 'turn_1', :content, :previous, :digest)"),
                           {"content": json.dumps(entry.content), "previous": entry.previous, "digest": entry.digest})  # fmt: skip
    engine.dispose()
    store = Store(url, ring(tmp_path))
    store.break_glass.set_up(KEY)
    store.break_glass.lock_all()
    assert store.turn("turn_1") == turn(1) and store.read_with(KEY, "c1", "A complaint") == (turn(1),)
    assert audit(store.ledger(), ()).faults == () and store.ledger_size() == 3
    store.add_checkpoint(SIGNER)
    assert store.proved("turn_1") and store.prove("turn_1").entry.number == 1
    store.close()


def test_an_entry_is_tried_with_few_keys_however_many_conversations_there_are(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries and conversations both grow; each export is told all the same, and of a read nothing that began after it is tried."""
    store.break_glass.set_up(KEY)
    moment = {"now": now()}
    for module in ("break_glass", "store"):
        monkeypatch.setattr(f"endonym.store.{module}.now", lambda: moment["now"])

    def write(number: int) -> None:
        store.start_conversation(f"c{number}", {"bundle": "pack"}, "mari")
        store.save_turn(replace(turn(number), started=stamp(moment["now"])), f"c{number}", "mari")
        moment["now"] += timedelta(days=3)

    write(0)
    store.read_with(KEY, "c0", "First")
    for number in range(1, 12):
        write(number)
        store.export_person("mari", KEY)
    tried: list[str] = []
    salt = DataKey.salt
    monkeypatch.setattr(DataKey, "salt", lambda key, record: (tried.append(record), salt(key, record))[1])
    told = store.reads_of("mari", KEY)
    assert [one["read"] for one in told] == ["c0", *["mari"] * 11] and len(tried) == 12
    store.delete_conversation("c5")
    assert [one["read"] for one in store.reads_of("mari", KEY)] == ["c0", *["mari"] * 10]
