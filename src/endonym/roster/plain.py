"""A plain table: a class and a name in each row, and the school where there are several."""

from __future__ import annotations

from collections.abc import Iterator

from endonym.roster.faults import Faults
from endonym.roster.rows import Table, fit, named, unfit
from endonym.seams.roster import Group, Student

SEPARATORS = ",;\t"
_COLUMNS = {
    "class": ("class", "klass", "класс", "сынып", "الصف", "班级", "வகுப்பு", "kelas"),
    "name": ("name", "nimi", "имя", "аты-жөні", "الاسم", "姓名", "பெயர்", "nama"),
    "school": ("school", "kool", "школа", "мектеп", "المدرسة", "学校", "பள்ளி", "sekolah"),
}
"""What a column may be called; the first is what we call it."""
_REQUIRED = ("class", "name")


def read_plain(table: Table, faults: Faults) -> tuple[Group, ...]:
    known = {other: name for name, others in _COLUMNS.items() for other in others}
    header = tuple(known.get(name.casefold(), name) for name in table.header)
    renamed = Table(table.file, header, table.rows)
    missing = [name for name in _REQUIRED if name not in header]
    for name in missing:
        faults.add("missing-column", table.file, 1, name, expected=", ".join(_REQUIRED), found=", ".join(table.header))
    for name in dict.fromkeys(name for name in header if name in _COLUMNS and header.count(name) > 1):
        faults.add("doubled", table.file, 1, name, expected="1", found=name)
        missing.append(name)
    for name in header:
        if name and name not in _COLUMNS:
            faults.add("unknown-column", table.file, 1, name, expected=", ".join(_COLUMNS), found=name, severity="warning")
    return () if missing else _groups(renamed, faults)


def _groups(table: Table, faults: Faults) -> tuple[Group, ...]:
    found: dict[tuple[str, str], dict[str, Student]] = {}
    spelt: dict[tuple[str, str], tuple[str, str]] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for line, school, group, name in _rows(table, faults):
        key = (school.casefold(), group.casefold(), name.casefold())
        if key in lines:
            faults.add("doubled", table.file, line, "name", expected=str(lines[key]), found=name)
            continue
        lines[key] = line
        same = key[:2]
        spelt.setdefault(same, (school, group))  # as it stands first
        found.setdefault(same, {})[name] = Student(f"{group.casefold()}\0{name.casefold()}", name, (name,))
    return tuple(Group(same[1], spelt[same][1], (spelt[same][0],) if same[0] else (), tuple(students.values())) for same, students in found.items())


def _rows(table: Table, faults: Faults) -> Iterator[tuple[int, str, str, str]]:
    """(line, school, class, name) of the rows that say what they must."""
    for line, row in named(table, tuple(_COLUMNS), faults):
        empty = [name for name in _REQUIRED if not row[name]]
        odd = [name for name, cell in row.items() if unfit(cell)]
        for name in empty:
            faults.add("empty", table.file, line, name)
        for name in odd:
            faults.add("text", table.file, line, name, found=row[name])
        if not empty and not odd:
            yield line, fit(row.get("school", "")), fit(row["class"]), fit(row["name"])
