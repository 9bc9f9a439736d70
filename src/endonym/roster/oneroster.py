"""A OneRoster 1.2 set of CSV files, processed in bulk. Source: 1EdTech OneRoster 1.2.1, CSV Binding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from endonym.roster.columns import COLUMNS, DATES, EXTENDED, FILLED, HEAD, MAY_LACK, NAMES, NEEDED, REFERENCES, VALUES
from endonym.roster.faults import Faults
from endonym.roster.rows import Table, fit, named, read_table, unfit
from endonym.seams.roster import Group, Student

MANIFEST = "manifest.csv"
VERSION = "1.2"
_MODES = ("absent", "bulk", "delta")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Set:
    """Attributes: rows: By file and id, the row and its line, of those without a fault; ids: By file every id that stands in it."""

    rows: Mapping[str, Mapping[str, tuple[int, Row]]]
    ids: Mapping[str, frozenset[str]]


def read_oneroster(files: Mapping[str, bytes], today: date, faults: Faults) -> tuple[tuple[Group, ...], int]:
    """(classes with students, rows read)."""
    wanted = _manifest(files, faults)
    tables: dict[str, Table] = {}
    for name in wanted:
        table = read_table(files[f"{name}.csv"], f"{name}.csv", ",", faults)
        if table and _header(table, name, faults):
            tables[name] = table
    count = sum(len(table.rows) for table in tables.values())
    if any(name not in tables for name in NEEDED):
        return (), count
    return _groups(_rows(tables, faults), today, faults), count


def _manifest(files: Mapping[str, bytes], faults: Faults) -> tuple[str, ...]:
    """The files that are to be read, as the manifest says."""
    table = read_table(files[MANIFEST], MANIFEST, ",", faults)
    if table is None:
        return ()
    if table.header[:2] != ("propertyName", "value"):
        faults.add("missing-column", MANIFEST, 1, "propertyName, value", expected="propertyName,value", found=",".join(table.header))
        return ()
    said = {row["propertyName"]: (line, row["value"]) for line, row in named(table, ("propertyName", "value"), faults)}
    line, version = said.get("oneroster.version", (1, ""))
    if version != VERSION:
        faults.add("manifest", MANIFEST, line, "oneroster.version", VERSION, version)
        return ()
    wanted = []
    for name in COLUMNS:
        line, mode = said.get(f"file.{name}", (1, "absent"))
        if mode not in _MODES or mode == "delta" or (mode == "absent" and name in NEEDED):
            faults.add("manifest", MANIFEST, line, f"file.{name}", "bulk", mode)
        elif mode == "bulk" and f"{name}.csv" not in files:
            faults.add("missing-file", MANIFEST, line, f"file.{name}", f"{name}.csv")
        elif mode == "bulk":
            wanted.append(name)
    return tuple(wanted)


def _header(table: Table, name: str, faults: Faults) -> bool:
    """Whether its rows can be read. Columns `metadata.…` are the register's own and may follow."""
    columns = tuple(column for column in COLUMNS[name] if column in table.header or (name, column) not in MAY_LACK)
    missing = [column for column in columns if column not in table.header]
    for column in missing:
        faults.add("missing-column", table.file, 1, column, expected=",".join(columns), found=",".join(table.header))
    for column in table.header:
        if column not in columns and not column.startswith("metadata."):
            faults.add("unknown-column", table.file, 1, column, expected="metadata.*", found=column)
    doubled = [column for column in columns if table.header.count(column) > 1]
    for column in doubled:
        faults.add("doubled", table.file, 1, column, expected="1", found=column)
    if not missing and not doubled and table.header[: len(columns)] != columns:
        faults.add("column-order", table.file, 1, expected=",".join(columns), found=",".join(table.header), severity="warning")
    return not missing and not doubled


def _rows(tables: Mapping[str, Table], faults: Faults) -> _Set:
    ids: dict[str, frozenset[str]] = {}
    judged: dict[str, dict[str, tuple[int, Row]]] = {}
    for name in COLUMNS:
        if name in tables:
            lines: dict[str, int] = {}
            judged[name] = {row["sourcedId"]: (line, row) for line, row in _judged(tables[name], name, lines, faults)}
            ids[name] = frozenset(lines)
    return _Set({name: dict(_referring(name, rows, ids, tables[name].file, faults)) for name, rows in judged.items()}, ids)


def _judged(table: Table, name: str, lines: dict[str, int], faults: Faults) -> Iterator[tuple[int, Row]]:
    """Rows without a fault of their own. Args: lines: By id where it stands first; it grows."""
    file = table.file
    for line, row in named(table, COLUMNS[name], faults):
        before = faults.errors
        for column in ("sourcedId", *FILLED[name]):
            if not row[column]:
                faults.add("empty", file, line, column)
        if row["sourcedId"] in lines:
            faults.add("doubled", file, line, "sourcedId", expected=str(lines[row["sourcedId"]]), found=row["sourcedId"])
        elif row["sourcedId"]:
            lines[row["sourcedId"]] = line
        for column in HEAD[1:]:
            if row[column]:  # of a set processed in bulk both are empty; what they usually hold does no harm
                harmless = column == "dateLastModified" or row[column] == "active"
                faults.add("value", file, line, column, "—", row[column], "warning" if harmless else "error")
        for (of, column), allowed in VALUES.items():
            if of == name and row[column] and row[column] not in allowed and not ((of, column) in EXTENDED and row[column].startswith("ext:")):
                faults.add("value", file, line, column, ", ".join(allowed), row[column])
        for column in DATES.get(name, ()):
            if row[column] and _date(row[column]) is None:
                faults.add("date", file, line, column, "YYYY-MM-DD", row[column])
        for column in NAMES.get(name, ()):
            if unfit(row.get(column, "")):
                faults.add("text", file, line, column, found=row[column])
        if faults.errors == before:
            yield line, row


def _referring(name: str, rows: Mapping[str, tuple[int, Row]], ids: Mapping[str, frozenset[str]], file: str, faults: Faults) -> Iterator[tuple[str, tuple[int, Row]]]:
    """Rows whose references lead somewhere."""
    for identity, (line, row) in rows.items():
        whole = True
        for column, other in REFERENCES.get(name, ()):
            for wanted in filter(None, (part.strip() for part in row[column].split(","))):
                if other in ids and wanted not in ids[other]:
                    faults.add("reference", file, line, column, f"{other}.csv", wanted)
                    whole = False
        if whole:
            yield identity, (line, row)


def _groups(found: _Set, today: date, faults: Faults) -> tuple[Group, ...]:
    users, roles = found.rows["users"], _roles(found)
    students: dict[str, dict[str, Student]] = {}
    for line, row in found.rows["enrollments"].values():
        user, ends = row["userSourcedId"], _date(row["endDate"])
        if row["role"] != "student" or (ends and ends < today) or user not in users:
            continue
        if roles.get(user, {"student"}).isdisjoint({"student"}):
            faults.add("value", "enrollments.csv", line, "role", ", ".join(sorted(roles[user])), "student")
            continue
        if users[user][1]["enabledUser"] == "true":
            students.setdefault(row["classSourcedId"], {})[user] = _student(user, users[user][1])
    return tuple(
        Group(identity, fit(row["title"]), _schools(found, row["schoolSourcedId"]), tuple(students[identity].values()))
        for identity, (_, row) in found.rows["classes"].items() if identity in students
    )  # fmt: skip


def _roles(found: _Set) -> dict[str, set[str]]:
    """What each user is, where the set says so."""
    roles: dict[str, set[str]] = {}
    for _, row in found.rows.get("roles", {}).values():
        roles.setdefault(row["userSourcedId"], set()).add(row["role"])
    return roles


def _schools(found: _Set, school: str) -> tuple[str, ...]:
    if school not in found.rows["orgs"]:
        return (school,)
    row = found.rows["orgs"][school][1]
    return tuple(dict.fromkeys(filter(None, (fit(row["name"]), row["identifier"], school))))


def _student(user: str, row: Row) -> Student:
    name = fit(f"{row['givenName']} {row['familyName']}")
    preferred = fit(f"{row['preferredGivenName'] or row['givenName']} {row['preferredFamilyName'] or row['familyName']}")
    others = (row["middleName"], row["preferredMiddleName"])
    return Student(user, name, tuple(dict.fromkeys(filter(None, (name, preferred, *map(fit, others))))))


def _date(text: str) -> date | None:
    """Source: ISO 8601, as the binding writes it: YYYY-MM-DD."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
