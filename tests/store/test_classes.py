"""Classes are joined by a code, hold what a teacher sets, and go with whoever made them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, text

from endonym.core.errors import StoreError
from endonym.store import Store
from endonym.store.classes import (
    CODE_LENGTH,
    LETTERS,
    MOST_CLASSES,
    RETURN_LENGTH,
    Assignment,
    Class,
    plain_code,
    spaced,
)
from endonym.store.seal import add_key
from endonym.store.tables import assignments, classes, data_keys, members, return_codes, views, works
from tests.store.test_store import all_rows, turn


def made(store: Store, teacher: str = "kersti", school: str = "tartu", name: str = "Bioloogia 11b") -> Class:
    group = store.classes.make(teacher, school, "tiny", name, "et")
    assert group is not None
    return group


def given_in(store: Store, group: Class, **values: object) -> Assignment:
    assignment = store.classes.add_assignment(Assignment("", group.id, "Taimed", text="Selgita lehe ehitust.", **values))  # type: ignore[arg-type]
    assert assignment is not None
    return assignment


def counted(store: Store, url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {t.name: len(connection.execute(text(f"SELECT * FROM {t.name}")).all()) for t in (classes, members, assignments, works, views, return_codes)}
        found["keys of classes"] = len(connection.execute(text(f"SELECT * FROM {data_keys.name} WHERE owner LIKE 'class%'")).all())
    engine.dispose()
    return found


def test_a_class_is_joined_by_its_code_however_it_is_typed_and_by_no_other(store: Store) -> None:
    group, other = made(store), made(store, name="Teine")
    assert len(group.code) == CODE_LENGTH and set(group.code) <= set(LETTERS)
    for typed in (group.code, group.code.lower(), spaced(group.code), f" {group.code[:4]}-{group.code[4:]} "):
        assert store.classes.by_code(typed) == group
    for typed in ("", group.code[:-1], group.code + "B", "B" * CODE_LENGTH, "%" * CODE_LENGTH):
        assert store.classes.by_code(typed) is None
    store.classes.join(group.id, "mari")
    store.classes.join(group.id, "mari")
    assert (store.classes.joined("mari"), store.classes.joined("jaan"), store.classes.joined("")) == ((group,), (), ())
    assert store.classes.member_count(group.id) == 1 and store.classes.of_member(other.id, "mari") is None


def test_a_new_code_is_the_only_one_and_without_one_nobody_joins(store: Store) -> None:
    group = made(store)
    again = store.classes.set_code(group)
    assert store.classes.by_code(group.code) is None and store.classes.by_code(again.code) == again
    closed, second = store.classes.set_code(again, joining=False), store.classes.set_code(made(store), joining=False)
    assert closed.code == second.code == "" and store.classes.by_code(again.code) is None
    opened = store.classes.set_code(closed)
    assert store.classes.by_code(opened.code) == opened


def test_only_its_teacher_at_its_school_has_a_class(store: Store) -> None:
    group = made(store)
    assert store.classes.of_teacher(group.id, "kersti", "tartu") == group
    for teacher, school in (("kersti", "narva"), ("jaan", "tartu"), ("", "tartu"), ("kersti", "")):
        assert store.classes.of_teacher(group.id, teacher, school) is None
    assert store.classes.of_teacher("class_0", "kersti", "tartu") is None


def test_nothing_that_people_wrote_and_no_code_stands_in_the_clear(store: Store, url: str) -> None:
    group = made(store)
    assignment = given_in(store, group, lesson="biology/x")
    store.classes.join(group.id, "p_1")
    code = store.classes.new_return_code("p_1")
    store.classes.keep_view(assignment, {"words": "lehtede kohta"})
    rows = all_rows(url)
    assert group.id in rows and "p_1" in rows, "otherwise the next lines look at nothing"
    for hidden in (group.name, group.code, "Taimed", "lehe ehitust", "biology/x", code, "lehtede"):
        assert hidden not in rows
    assert store.classes.view(assignment) == {"words": "lehtede kohta"}


def test_a_return_code_leads_back_until_there_is_a_newer_one(store: Store) -> None:
    code = store.classes.new_return_code("p_1")
    assert len(code) == RETURN_LENGTH and store.classes.has_return_code("p_1") and not store.classes.has_return_code("p_2")
    assert store.classes.returning(spaced(code).lower()) == "p_1"
    newer = store.classes.new_return_code("p_1")
    assert (store.classes.returning(code), store.classes.returning(newer), store.classes.returning("")) == ("", "p_1", "")


@pytest.mark.parametrize(("opens", "closes", "ended", "is_open"), [
    ("", "", "", True), ("2026-01-02", "", "", False), ("2026-01-01", "", "", True), ("", "2026-01-01", "", False),
    ("", "2026-01-02", "", True), ("", "", "2025-12-31", False),
])  # fmt: skip
def test_an_assignment_is_open_between_its_times_until_it_is_closed(opens: str, closes: str, ended: str, is_open: bool) -> None:
    assert Assignment("a", "c", "t", opens=opens, closes=closes, ended=ended).open_at("2026-01-01") is is_open


def test_an_assignment_comes_back_as_it_was_set_and_can_be_closed_and_opened(store: Store) -> None:
    group = made(store)
    assignment = given_in(store, group, help="hints", locked=True, closes="2027-01-01T00:00:00.000Z", learning="et")
    assert store.classes.assignments(group.id) == (assignment,) and store.classes.assignment(assignment.id) == assignment
    store.classes.end_assignment(assignment)
    ended = store.classes.assignment(assignment.id)
    assert ended is not None and ended.ended and not ended.open_at("2026-01-01")
    store.classes.end_assignment(ended, again=True)
    assert store.classes.assignment(assignment.id) == assignment
    assert (store.classes.set_for(assignment.id, "kersti"), store.classes.set_for(assignment.id, "mari")) == (assignment, None)
    store.classes.join(group.id, "mari")
    assert store.classes.set_for(assignment.id, "mari") == assignment


def working(store: Store, group: Class, assignment: Assignment, person: str, conversation: str) -> None:
    store.classes.join(group.id, person)
    store.start_conversation(conversation, {"bundle": "pack"}, person)
    store.classes.begin(conversation, group.id, assignment.id, person)
    store.save_turn(turn(int(conversation[1:])), conversation, person)


def test_a_conversation_is_shared_by_its_student_alone_and_no_longer_after_leaving(store: Store) -> None:
    group = made(store)
    working(store, group, given_in(store, group), "mari", "c1")
    assert store.classes.shared(group.id) == ()
    assert not store.classes.share("c1", "jaan", shared=True) and not store.classes.share("c2", "mari", shared=True)
    assert store.classes.shared(group.id) == ()
    assert store.classes.share("c1", "mari", shared=True)
    assert [work.conversation for work in store.classes.shared(group.id)] == ["c1"]
    assert store.classes.share("c1", "mari", shared=False) and store.classes.shared(group.id) == ()
    store.classes.share("c1", "mari", shared=True)
    store.classes.leave(group.id, "mari")
    assert store.classes.shared(group.id) == () and store.owner("c1") == "mari" and store.classes.joined("mari") == ()


Ends = Callable[[Store, Class, Assignment], object]


@pytest.mark.parametrize(("end", "left"), [
    (lambda s, g, a: s.erase_person("mari"), {"classes": 1, "members": 1, "assignments": 1, "works": 1, "views": 1, "return_codes": 1, "keys of classes": 1}),
    (lambda s, g, a: s.erase_person("kersti"), {"return_codes": 2}),
    (lambda s, g, a: s.classes.delete(g.id), {"return_codes": 2}),
    (lambda s, g, a: s.classes.delete_assignment(a), {"classes": 1, "members": 2, "works": 2, "return_codes": 2, "keys of classes": 1}),
    (lambda s, g, a: s.delete_conversation("c1"), {"classes": 1, "members": 2, "assignments": 1, "works": 1, "views": 1, "return_codes": 2, "keys of classes": 1}),
    (lambda s, g, a: s.expire("pack", -1), {"classes": 1, "members": 2, "assignments": 1, "views": 1, "return_codes": 2, "keys of classes": 1}),
])  # fmt: skip
def test_what_goes_takes_along_what_hangs_on_it_and_nothing_else(store: Store, url: str, end: Ends, left: dict[str, int]) -> None:
    group = made(store)
    assignment = given_in(store, group)
    for number, person in enumerate(("mari", "jaan"), 1):
        working(store, group, assignment, person, f"c{number}")
        store.classes.new_return_code(person)
    store.classes.keep_view(assignment, {})
    end(store, group, assignment)
    assert {name: count for name, count in counted(store, url).items() if count} == left


def test_keys_that_are_rotated_still_open_classes(store: Store, tmp_path: Path) -> None:
    group = made(store)
    assignment = given_in(store, group)
    store.rewrap(add_key(tmp_path / "store.key"))
    assert store.classes.get(group.id) == group and store.classes.assignment(assignment.id) == assignment


def test_a_teacher_has_so_many_classes_and_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endonym.store.classes.MOST_CLASSES", 2)
    assert MOST_CLASSES == 100 and made(store) and made(store)
    assert store.classes.make("kersti", "tartu", "tiny", "x", "et") is None and made(store, "jaan")


def test_a_class_without_its_key_says_so(store: Store, url: str) -> None:
    made(store)
    with create_engine(url).begin() as connection:
        connection.execute(text("DELETE FROM data_keys"))
    with pytest.raises(StoreError, match="there is no key of class_"):
        store.classes.taught("kersti", "tartu")


def test_one_class_is_found_without_the_keys_of_the_others(store: Store, url: str) -> None:
    group, other = made(store), made(store, name="Teine")
    assignment = given_in(store, group)
    for one in (group, other):
        store.classes.join(one.id, "mari")
    with create_engine(url).begin() as connection:
        connection.execute(text("DELETE FROM data_keys WHERE owner = :other"), {"other": other.id})
    assert store.classes.of_teacher(group.id, "kersti", "tartu") == group == store.classes.of_member(group.id, "mari")
    assert store.classes.set_for(assignment.id, "mari") == assignment == store.classes.set_for(assignment.id, "kersti")
    assert store.classes.member_count(group.id) == 1 == store.classes.member_count(other.id)


def test_many_are_listed_with_as_many_queries_as_few(store: Store) -> None:
    group = made(store)
    given_in(store, group)
    asked: list[str] = []
    event.listen(store._database.engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: asked.append(statement))

    def queries() -> list[int]:
        counts = []
        for look in (lambda: store.classes.assignments(group.id), lambda: store.classes.taught("kersti", "tartu"), lambda: store.classes.kept_of("kersti")):
            asked.clear()
            look()
            counts.append(len(asked))
        return counts

    few = queries()
    for number in range(10):
        given_in(store, group)
        made(store, name=f"Klass {number}")
    assert queries() == few and len(store.classes.assignments(group.id)) == 11 == len(store.classes.taught("kersti", "tartu"))


def test_what_is_kept_of_a_person_can_be_told(store: Store) -> None:
    group = made(store)
    store.classes.join(group.id, "mari")
    assert [one["name"] for one in store.classes.kept_of("mari")["classes"]] == ["Bioloogia 11b"] == [one["name"] for one in store.classes.kept_of("kersti")["classes"]]
    assert store.classes.kept_of("jaan") == {"classes": [], "works": [], "return_code": None}


@given(st.text(alphabet=LETTERS, min_size=8, max_size=8), st.sampled_from([" ", "-", "", "  ", " "]))
def test_spaces_hyphens_and_small_letters_change_no_code(code: str, between: str) -> None:
    assert plain_code(between.join(code).lower()) == code == plain_code(spaced(code))


def test_letters_of_a_cyrillic_keyboard_and_wide_ones_are_taken_for_what_they_look_like() -> None:
    assert plain_code("всн ктмрх") == "BCHKTMPX" and plain_code("ＢＣＤＦ") == "BCDF"


def test_a_teacher_speaks_as_long_as_a_key_is_in_force(store: Store) -> None:
    named, bare = (store.access.caller(store.access.add_key("k", ["teacher"], person=person, school="tartu")) for person in ("kersti", ""))
    assert named and bare and (named.known_as, bare.known_as) == ("kersti", f"key_{bare.key}")
    for caller in (named, bare):
        assert store.access.speaks(caller.known_as, "teacher", "tartu")
        assert not store.access.speaks(caller.known_as, "teacher", "narva") and not store.access.speaks(caller.known_as, "student", "tartu")
        store.access.revoke(caller.key)
        assert not store.access.speaks(caller.known_as, "teacher", "tartu")
    assert not store.access.speaks("", "teacher", "tartu") and not store.access.speaks(f"key_{named.key}", "teacher", "tartu")
