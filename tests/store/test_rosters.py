"""A school's list becomes classes of pseudonyms: the same list again changes nothing, and nothing says who is who."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text, update

from endonym.core.errors import RequestError, StoreError
from endonym.seams.roster import Group, Student
from endonym.store import Store
from endonym.store.classes import MOST_CLASSES
from endonym.store.deeds import KIND
from endonym.store.rosters import Brought
from endonym.store.seal import add_key
from endonym.store.tables import keys
from tests.store.test_store import all_rows, turn

NAMES = ("Mari Tamm", "Jaan Õun", "Ott Kask")


def listed(name: str = "11b", names: tuple[str, ...] = NAMES) -> Group:
    return Group(name, name, (), tuple(Student(f"id-{one}", one, (one,)) for one in names))


def bring(store: Store, *groups: Group, school: str = "tartu", teacher: str = "kersti", **options: object) -> tuple[Brought, ...]:
    return store.rosters.bring(groups, school=school, teacher=teacher, bundle="pack", learning="et", **options)  # type: ignore[arg-type]


def codes(*brought: Brought) -> dict[str, str]:
    return {one.name: one.code for group in brought for one in group.students}


def test_each_student_gets_a_code_once_and_the_same_list_changes_nothing(store: Store, url: str) -> None:
    (first,) = bring(store, listed())
    assert first.made and (first.joined, first.left) == (3, 0) and all(len(code) == 16 for code in codes(first).values())
    persons = {store.classes.returning(code) for code in codes(first).values()}
    assert len(persons) == 3 and store.classes.member_count(first.id) == 3 and all(map(store.classes.is_issued, persons))
    before = all_rows(url)
    (again,) = bring(store, listed(names=NAMES[::-1]))
    assert (again.id, again.changed, again.joined, set(codes(again).values())) == (first.id, False, 0, {""})
    assert all_rows(url) == before


def test_a_rehearsal_says_the_same_and_leaves_nothing(store: Store, url: str) -> None:
    before = all_rows(url)
    (one,) = bring(store, listed(), rehearse=True)
    assert (one.made, one.joined, one.id) == (True, 3, "") and set(codes(one).values()) == {"new"}
    assert all_rows(url) == before


def test_who_left_is_told_and_goes_only_when_asked(store: Store) -> None:
    (first,) = bring(store, listed())
    person = store.classes.returning(codes(first)["Jaan Õun"])
    (told,) = bring(store, listed(names=("Mari Tamm", "Ott Kask", "Siim Saar")))
    assert (told.joined, told.left, told.missing, told.gone) == (1, 1, ("Jaan Õun",), False)
    assert store.classes.member_count(first.id) == 4 and "Jaan Õun" in store.rosters.names_of(person)
    (gone,) = bring(store, listed(names=("Mari Tamm", "Ott Kask", "Siim Saar")), remove_missing=True)
    assert (gone.left, gone.missing, gone.gone, store.classes.member_count(first.id)) == (1, ("Jaan Õun",), True, 3)
    assert store.rosters.names_of(person) == () and store.classes.returning(codes(first)["Jaan Õun"]) == ""
    assert "Jaan Õun" not in store.rosters.names_of("kersti")


def test_a_student_of_two_classes_is_one_person_with_one_code(store: Store) -> None:
    both = bring(store, listed("11b"), listed("Koor"))
    assert codes(both[0]) == codes(both[1])
    assert len(store.classes.joined(store.classes.returning(codes(both[0])["Mari Tamm"]))) == 2
    (elsewhere,) = bring(store, listed("11b"), school="narva")
    assert not {*codes(elsewhere).values()} & {*codes(*both).values(), ""}, "another school's list is of other people"
    (theirs,) = bring(store, listed("11b"), teacher="jaan")
    assert theirs.made and theirs.id != both[0].id and set(codes(theirs).values()) == {""}, "another teacher's class of the same students"


def test_a_lost_code_that_was_used_leads_to_a_new_beginning_and_never_to_what_was_written(store: Store) -> None:
    (first,) = bring(store, listed())
    mari, jaan = (store.classes.returning(codes(first)[name]) for name in ("Mari Tamm", "Jaan Õun"))
    own = store.classes.new_return_code(mari)
    assert not store.classes.is_issued(mari)
    (again,) = bring(store, listed(), renew=["Mari Tamm", "Jaan Õun"])
    new = codes(again)
    assert store.classes.returning(new["Jaan Õun"]) == jaan and store.classes.returning(codes(first)["Jaan Õun"]) == ""
    heir = store.classes.returning(new["Mari Tamm"])
    assert heir not in ("", mari) and store.classes.returning(own) == mari, "what Mari wrote stays hers alone"
    assert store.classes.joined(mari) == () and len(store.classes.joined(heir)) == 1 and new["Ott Kask"] == ""
    assert not bring(store, listed())[0].changed


def test_names_are_sealed_in_no_order_of_people_and_nothing_of_the_list_stands_in_the_clear(store: Store, url: str) -> None:
    (group,) = bring(store, listed())
    rows = all_rows(url)
    for hidden in (*NAMES, "Tamm", "id-Mari", "11b", *codes(group).values()):
        assert hidden not in rows
    assert store.rosters.names_of("kersti") == tuple(sorted(NAMES)) == store.rosters.names_in("tartu", "11b")
    assert store.rosters.names_in("narva", "11b") == store.rosters.names_in("tartu", "11c") == store.rosters.names_of("") == ()


def test_all_of_it_goes_with_the_class(store: Store, url: str) -> None:
    (group,) = bring(store, listed())
    store.classes.delete(group.id)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert [len(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in ("rosters", "enrolled", "members", "classes")] == [0, 0, 0, 0]
    engine.dispose()
    assert store.rosters.names_of("kersti") == ()


def test_a_person_is_told_of_the_list_and_erased_from_it(store: Store, url: str) -> None:
    (group,) = bring(store, listed())
    person = store.classes.returning(codes(group)["Mari Tamm"])
    assert store.own_export(person)["rosters"] == [{"class": group.id, "listed": "yes"}]
    store.erase_person(person)
    assert person not in all_rows(url) and store.own_export(person)["rosters"] == []
    (again,) = bring(store, listed())
    assert again.joined == 1 and codes(again)["Mari Tamm"], "listed again, they begin as somebody new"


def test_names_expire_when_no_conversation_of_the_class_is_kept_and_the_class_goes_on(store: Store) -> None:
    (group,) = bring(store, listed())
    person = store.classes.returning(codes(group)["Mari Tamm"])
    store.start_conversation("c1", {"bundle": "pack"}, person)
    store.classes.begin("c1", group.id, "", person)
    store.save_turn(turn(1), "c1", person)
    store.rosters.expire("pack", -1)
    assert store.rosters.names_of(person) == tuple(sorted(NAMES))
    store.delete_conversation("c1")
    store.rosters.expire("other", -1)
    assert store.rosters.names_of(person)
    store.expire("pack", -1)
    assert store.rosters.names_of(person) == () and store.rosters.kept_of(person) == {"rosters": []} and store.classes.joined(person)
    assert bring(store, listed())[0].id == group.id


def test_a_list_of_more_classes_than_a_teacher_may_have_is_not_half_imported(store: Store, url: str) -> None:
    before = all_rows(url)
    with pytest.raises(RequestError):
        bring(store, *(listed(f"c{number}", ("A B",)) for number in range(MOST_CLASSES + 1)))
    assert all_rows(url) == before


def test_a_new_operator_s_key_opens_names_and_knows_the_list(store: Store, tmp_path: Path) -> None:
    (group,) = bring(store, listed())
    store.rewrap(add_key(tmp_path / "store.key"))
    assert store.rosters.names_of("kersti") == tuple(sorted(NAMES)) and not bring(store, listed())[0].changed and group.id


# ---- administrators


def test_what_administrators_do_is_in_the_ledger_and_names_nobody(store: Store) -> None:
    store.deeds.note("mari.maasikas", "Tartu Gümnaasium", "key-made")
    store.deeds.note("jaan", "Tartu Gümnaasium", "quota-reset")
    store.deeds.note("jaan", "Narva", "roster")
    entries = [entry.content for entry in store.ledger()]
    assert [entry["kind"] for entry in entries] == [KIND] * 3 and [entry["deed"] for entry in entries] == ["key-made", "quota-reset", "roster"]
    assert not any(word in json.dumps(entries) for word in ("mari", "jaan", "Tartu", "Narva")) and len({entry["by"] for entry in entries}) == 3
    assert [(done.deed, done.own) for done in store.deeds.of("Tartu Gümnaasium", "jaan")] == [("quota-reset", True), ("key-made", False)]
    store.erase_person("jaan")
    assert [done.own for done in store.deeds.of("Tartu Gümnaasium", "jaan")] == [False, False], "nobody can tell any more that it was they"


def test_a_key_for_every_school_is_an_administrator_s_alone(store: Store) -> None:
    for audiences, school, group in ((["teacher"], "*", ""), (["administrator", "teacher"], "*", ""), (["administrator"], "", ""), (["administrator"], "tartu", "7b")):
        with pytest.raises(StoreError):
            store.access.add_key("k", audiences, school=school, group=group)
    caller = store.access.caller(store.access.add_key("k", ["administrator"], school="*"))
    assert caller is not None and store.access.speaks(caller.known_as, "administrator", "*")
    assert not store.access.speaks(caller.known_as, "administrator", "tartu") and store.access.schools() == ()


def test_a_replaced_key_is_of_the_same_person_and_the_old_one_opens_nothing(store: Store) -> None:
    for person in ("", "kersti"):
        old = store.access.add_key("k", ["teacher"], person=person, school="tartu")
        known = store.access.caller(old)
        assert known is not None
        new = store.access.caller(store.access.replace(known.key))
        assert new is not None and new.known_as == known.known_as and store.access.caller(old) is None
        assert store.access.speaks(known.known_as, "teacher", "tartu") and store.access.replace(known.key) == ""


def test_a_replaced_key_keeps_its_end_and_its_quotas_and_one_that_ended_stays_ended(store: Store) -> None:
    known = store.access.caller(store.access.add_key("k", ["student"], school="tartu", days=9))
    assert known is not None
    store.access.set_budget(f"key:{known.key}", "requests", "day", 0)
    (ends,) = {row["ends"] for row in store.access.keys(school="tartu")}
    new = store.access.caller(store.access.replace(known.key))
    assert new is not None and {row["ends"] for row in store.access.keys(school="tartu")} == {ends}
    assert not isinstance(store.access.reserve(new.scopes, {"requests": 1}), str)
    ended = store.access.caller(store.access.add_key("k", ["student"], school="tartu"))
    assert ended is not None
    store._database.write(lambda connection: connection.execute(update(keys).where(keys.c.id == ended.key).values(ends="2020-01-01T00:00:00.000Z")))
    assert store.access.replace(ended.key) == ""


def test_scopes_of_a_school_leave_out_who_belongs_to_another_too(store: Store) -> None:
    for person, school, group in (("mari", "tartu", "7b"), ("jaan", "narva", ""), ("jaan", "tartu", "")):
        store.access.add_key("k", ["student"], person=person, school=school, group=group)
        if school == "narva":  # a person has keys in force at one school, but may have had others elsewhere
            store.access.revoke(store.access.keys(person=person)[0]["id"])
    scopes = store.access.scopes_in("tartu")
    assert {"school:tartu", "class:tartu/7b", "person:mari"} < set(scopes) and "person:jaan" not in scopes
    assert len([scope for scope in scopes if scope.startswith("key:")]) == 2 and not any("narva" in scope for scope in scopes)


@pytest.mark.parametrize("turned", [False, True], ids=["the class that is left first", "the class that is left last"])
def test_who_changes_class_in_one_list_stays_who_they_are(store: Store, turned: bool) -> None:
    before = bring(store, listed("a", ("Mari Tamm", "Jaan Kask")), listed("b", ("Ann Lepp",)))
    person = store.classes.returning(codes(before[0])["Mari Tamm"])
    store.classes.new_return_code(person)
    after = [listed("a", ("Jaan Kask",)), listed("b", ("Ann Lepp", "Mari Tamm"))]
    brought = bring(store, *(reversed(after) if turned else after), remove_missing=True)
    assert all(not codes(group).get("Mari Tamm") for group in brought)
    assert [group.id for group in store.classes.joined(person)] == [before[1].id]


def test_who_leaves_is_no_longer_listed_and_codes_that_nobody_used_go_with_the_class(store: Store) -> None:
    (group,) = bring(store, listed())
    person = store.classes.returning(codes(group)["Mari Tamm"])
    store.classes.new_return_code(person)
    store.courses.hand_in(group.id, "a_1", person)
    store.classes.leave(group.id, person)
    assert store.rosters.kept_of(person) == {"rosters": []} and store.courses.handed_in(group.id) == () and store.classes.has_return_code(person)
    other = next(code for name, code in codes(group).items() if name != "Mari Tamm")
    assert store.classes.returning(other)
    store.classes.delete(group.id)
    assert not store.classes.returning(other) and store.classes.has_return_code(person)
