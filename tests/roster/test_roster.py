"""Lists of a school's register: read in every format that is promised, and every fault told with its line."""

from __future__ import annotations

from datetime import date

import pytest

from endonym.roster import CODES, Roster, read_roster
from endonym.roster.read import MOST_STUDENTS
from endonym.web.phrases import Phrases, message_ids, product_strings
from tests.roster.sets import oneroster, text_of, zipped

TODAY = date(2026, 11, 28)
PLAIN = "class;name\n11b;Mari Tamm\n11b;Jaan Õun\n11c;Ott Kask\n"


def read(text: str | bytes, name: str = "list.csv") -> Roster:
    return read_roster({name: text if isinstance(text, bytes) else text.encode()}, TODAY)


def told(roster: Roster) -> list[tuple[str, str, int]]:
    return [(fault.kind, fault.file, fault.line) for fault in roster.faults]


def names(roster: Roster) -> dict[str, list[str]]:
    return {group.name: [student.name for student in group.students] for group in roster.groups}


LISTED = {"11b": ["Mari Tamm", "Jaan Õun"], "11c": ["Ott Kask"]}


@pytest.mark.parametrize("data", [
    PLAIN.encode(), PLAIN.encode("utf-8-sig"), PLAIN.encode("utf-16"), PLAIN.replace(";", ",").encode(), PLAIN.replace(";", "\t").encode(),
    PLAIN.replace("\n", "\r\n").encode(), PLAIN.replace("class;name", "Klass; Nimi ").encode(), "\n" + PLAIN.replace("11b;", '"11b";'),
])  # fmt: skip
def test_a_plain_table_is_read_however_it_is_saved(data: bytes | str) -> None:
    roster = read(data)
    assert (names(roster), roster.faults, roster.rows) == (LISTED, (), 3)


@pytest.mark.parametrize(("text", "page"), [(PLAIN, "windows-1257"), ("класс;имя\n11Б;Иван Петров\n11Б;Анна Жук\n", "windows-1251"),
                                            ("klasė;name\n7a;Žygimantas Šarūnas\n", "windows-1257")])  # fmt: skip
def test_an_old_code_page_is_guessed_and_said(text: str, page: str) -> None:
    text = text.replace("klasė", "class")
    roster = read(text.encode(page))
    assert names(roster) == names(read(text)) and [(f.kind, f.found, f.severity) for f in roster.faults] == [("encoding-guessed", page, "warning")]


@pytest.mark.parametrize(("data", "faults"), [
    (b"", [("nothing", 1)]),
    ("foo;bar\n1;2\n", [("missing-column", 1), ("missing-column", 1), ("unknown-column", 1), ("unknown-column", 1)]),
    ("class;name\n", [("nothing", 1)]),
    ("class;name\n11b;Mari\n11b\n;Jaan\n11b;\n", [("cells", 3), ("empty", 4), ("empty", 5)]),
    ("class;name\n11b;Mari\n11B;mari\n", [("doubled", 3)]),
    ("class;name\n11b;=cmd|'/c calc'!A1\n11b;@SUM(1)\n-1;Jaan\n11b;＝cmd\n", [("text", 2), ("text", 3), ("text", 4), ("text", 5)]),
    ("class;name\n11b;Mari\u202eTamm\n11b;" + "x" * 201 + "\n", [("text", 2), ("text", 3)]),
    ('class;name\n11b;"Mari\n11b;Jaan\n', [("malformed", 2)]),
    (b"class;name\n11b;\x00\x01\n", [("encoding", 1)]),
    (b"class;name\n11b;\x98\x81\n", [("encoding", 1)]),
    ("class;name;e-mail\n11b;Mari;mari@example.org\n", [("unknown-column", 1)]),
    ("class;name\n" + "".join(f"kõik;Õpilane {n}\n" for n in range(MOST_STUDENTS + 1)), [("too-large", 1)]),
])  # fmt: skip
def test_each_fault_of_a_plain_table_has_its_line(data: bytes | str, faults: list[tuple[str, int]]) -> None:
    assert [(kind, line) for kind, _, line in told(read(data))] == faults


def test_one_class_in_two_spellings_is_one() -> None:
    assert names(read("school;class;name\nTartu;11b;Mari\ntartu;11B;Jaan\n")) == {"11b": ["Mari", "Jaan"]}


def test_rows_without_a_fault_stay() -> None:
    assert names(read("class;name\n11b;Mari\n11b;=1\n11c;Ott\n")) == {"11b": ["Mari"], "11c": ["Ott"]}


def test_names_that_joiners_are_part_of_are_no_fault() -> None:
    assert names(read("class;name\n11b;می‌رزا\n")) == {"11b": ["می‌رزا"]}


@pytest.mark.parametrize("files", [oneroster(), {"set.zip": zipped(oneroster())}, oneroster(users=text_of("users").replace("resourceSourcedIds,", "").replace(",,,,,,,,,,", ",,,,,,,,,"))])
def test_a_oneroster_set_is_read_from_a_folder_and_from_a_zip(files: dict[str, bytes]) -> None:
    roster = read_roster(files, TODAY)
    (group,) = roster.groups
    assert roster.faults == () and roster.kind == "OneRoster 1.2"
    assert (group.name, group.schools) == ("Bioloogia 11b", ("Tartu Gümnaasium", "7001", "o1"))
    assert [(student.source, student.name) for student in group.students] == [("u1", "Mari Tamm"), ("u2", "Jaan Õun")]
    assert group.students[0].names == ("Mari Tamm", "Mai Tamm")


def changed(name: str, old: str, new: str) -> dict[str, bytes]:
    text = text_of(name)
    assert old in text
    return oneroster(**{name: text.replace(old, new)})


@pytest.mark.parametrize(("files", "expected"), [
    (oneroster(enrollments=""), [("missing-file", "manifest.csv", 10)]),
    (changed("manifest", "oneroster.version,1.2", "oneroster.version,1.1"), [("manifest", "manifest.csv", 3)]),
    (changed("manifest", "file.users,bulk", "file.users,delta"), [("manifest", "manifest.csv", 8)]),
    (changed("manifest", "propertyName,value", "a,b"), [("missing-column", "manifest.csv", 1)]),
    (changed("users", "familyName", "lastName"), [("missing-column", "users.csv", 1), ("unknown-column", "users.csv", 1)]),
    (changed("orgs", "name,type", "type,name").copy() | {"orgs.csv": text_of("orgs").replace("name,type", "type,name").replace("Tartu Gümnaasium,school", "school,Tartu Gümnaasium").encode()},
     [("column-order", "orgs.csv", 1)]),
    (changed("enrollments", "e2,,,c1,o1,u2", "e1,,,c1,o1,u2"), [("doubled", "enrollments.csv", 3)]),
    (changed("enrollments", "o1,u2,student", "o1,u9,student"), [("reference", "enrollments.csv", 3)]),
    (changed("enrollments", "e2,,,c1", "e2,,,c9"), [("reference", "enrollments.csv", 3)]),
    (changed("enrollments", "u2,student", "u2,pupil"), [("value", "enrollments.csv", 3)]),
    (changed("enrollments", "u3,teacher,true", "u3,student,"), [("value", "enrollments.csv", 4)]),
    (changed("enrollments", "2027-06-15", "15.06.2027"), [("date", "enrollments.csv", 2)]),
    (changed("users", "u2,,,true", "u2,tobedeleted,,true"), [("value", "users.csv", 3)]),
    (changed("users", "u2,,,true", "u2,active,2026-09-01,true"), [("value", "users.csv", 3), ("value", "users.csv", 3)]),
    (changed("users", "Jaan", "=Jaan"), [("text", "users.csv", 3)]),
    (changed("users", "u2,,,true,jaan,,Jaan", "u2,,,true,jaan,,"), [("empty", "users.csv", 3)]),
    (changed("classes", "scheduled", "weekly"), [("value", "classes.csv", 2)]),
    (changed("classes", "o1,t1", "o1,t9"), [("reference", "classes.csv", 2)]),
])  # fmt: skip
def test_each_fault_of_a_oneroster_set_has_its_file_and_line(files: dict[str, bytes], expected: list[tuple[str, str, int]]) -> None:
    assert told(read_roster(files, TODAY)) == expected


def test_columns_of_the_register_s_own_may_follow_and_words_be_extended() -> None:
    users = text_of("users").replace("pronouns\n", "pronouns,metadata.home\n")
    users = "\n".join(line + ",x" if line and number else line for number, line in enumerate(users.split("\n")))
    assert told(read_roster(oneroster(users=users, roles=text_of("roles").replace("primary,teacher", "primary,ext:tutor")), TODAY)) == []


def test_who_has_left_by_the_register_s_dates_is_not_listed() -> None:
    roster = read_roster(changed("enrollments", "2027-06-15", "2026-11-27"), TODAY)
    assert (names(roster), roster.faults) == ({"Bioloogia 11b": ["Jaan Õun"]}, ())


def test_a_school_gets_its_own_classes_of_a_file_alone() -> None:
    roster = read("school;class;name\nTartu;11b;Mari\nNarva;11b;Jaan\n")
    assert names(roster.of_school("tartu")) == {"11b": ["Mari"]} and names(roster.of_school("narva")) == {"11b": ["Jaan"]}
    assert roster.of_school("Võru").groups == () and told(roster.of_school("Võru")) == [("value", "list.csv", 1)]
    assert names(read("school;class;name\nTartu;11b;Mari\n").of_school("Võru")) == {"11b": ["Mari"]}, "one school: however it is spelt there"


@pytest.mark.parametrize(("data", "kind"), [
    (zipped({"manifest.csv": b"0" * 5_000_000}), "too-large"),
    (zipped({"users.csv": b"a"}), "missing-file"),
    (zipped({"xl/workbook.xml": b"a"}), "unreadable"),
    (zipped(oneroster())[:-40], "unreadable"),
])  # fmt: skip
def test_a_zip_that_is_none_or_too_much_is_refused(data: bytes, kind: str) -> None:
    roster = read_roster({"set.zip": data}, TODAY)
    assert [fault.kind for fault in roster.faults] == [kind] and not roster.groups


def test_a_hundred_thousand_rows_and_as_many_faults() -> None:
    good = read("class,name\n" + "".join(f"c{n // 30},Mari Tamm {n}\n" for n in range(100_000)))
    assert (good.rows, good.students, good.faults) == (100_000, 100_000, ())
    bad = read("class,name\n" + "c,\n" * 3_000)
    assert len(bad.faults) == 500 and bad.more == 2_500


def test_every_kind_of_fault_has_words_and_a_remedy() -> None:
    phrases = Phrases({})
    assert {f"roster-fault-{kind}" for kind in CODES} == {name for name in message_ids(product_strings()) if name.startswith("roster-fault-")}
    for kind in CODES:
        message, _, remedy = phrases.text(f"roster-fault-{kind}", "en", column="c", expected="x", found="y").partition(" | ")
        assert message and remedy
