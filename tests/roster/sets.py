"""A small OneRoster set that is right, to be laid wrong one cell at a time."""

from __future__ import annotations

import io
import zipfile

from endonym.roster.columns import COLUMNS

_FILES = {
    "orgs": [{"sourcedId": "o1", "name": "Tartu Gümnaasium", "type": "school", "identifier": "7001"}],
    "academicSessions": [{"sourcedId": "t1", "title": "2026/27", "type": "schoolYear", "startDate": "2026-09-01", "endDate": "2027-06-15", "schoolYear": "2027"}],
    "courses": [{"sourcedId": "k1", "title": "Bioloogia", "orgSourcedId": "o1"}],
    "classes": [{"sourcedId": "c1", "title": "Bioloogia 11b", "courseSourcedId": "k1", "classType": "scheduled", "schoolSourcedId": "o1", "termSourcedIds": "t1"}],
    "users": [
        {"sourcedId": "u1", "enabledUser": "true", "username": "mari", "givenName": "Mari", "familyName": "Tamm", "preferredGivenName": "Mai"},
        {"sourcedId": "u2", "enabledUser": "true", "username": "jaan", "givenName": "Jaan", "familyName": "Õun"},
        {"sourcedId": "u3", "enabledUser": "true", "username": "kersti", "givenName": "Kersti", "familyName": "Kask"},
        {"sourcedId": "u4", "enabledUser": "false", "username": "ott", "givenName": "Ott", "familyName": "Lahkunud"},
    ],
    "roles": [{"sourcedId": f"r{n}", "userSourcedId": f"u{n}", "roleType": "primary", "role": "teacher" if n == 3 else "student", "orgSourcedId": "o1"} for n in (1, 2, 3, 4)],
    "enrollments": [
        {"sourcedId": "e1", "classSourcedId": "c1", "schoolSourcedId": "o1", "userSourcedId": "u1", "role": "student", "beginDate": "2026-09-01", "endDate": "2027-06-15"},
        {"sourcedId": "e2", "classSourcedId": "c1", "schoolSourcedId": "o1", "userSourcedId": "u2", "role": "student"},
        {"sourcedId": "e3", "classSourcedId": "c1", "schoolSourcedId": "o1", "userSourcedId": "u3", "role": "teacher", "primary": "true"},
        {"sourcedId": "e4", "classSourcedId": "c1", "schoolSourcedId": "o1", "userSourcedId": "u4", "role": "student"},
    ],
}  # fmt: skip


def oneroster(**changes: str) -> dict[str, bytes]:
    """The files of the set. Args: changes: A whole file instead, or `""` to leave it out."""
    manifest = ["propertyName,value", "manifest.version,1.0", "oneroster.version,1.2", *(f"file.{name},bulk" for name in _FILES), "file.demographics,absent"]
    files = {"manifest.csv": "\n".join(manifest) + "\n"}
    for name, rows in _FILES.items():
        lines = [",".join(COLUMNS[name]), *(",".join(row.get(column, "") for column in COLUMNS[name]) for row in rows)]
        files[f"{name}.csv"] = "\n".join(lines) + "\n"
    files |= {f"{name}.csv": text for name, text in changes.items()}
    return {name: text.encode() for name, text in files.items() if text}


def text_of(name: str) -> str:
    return oneroster()[f"{name}.csv"].decode()


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()
