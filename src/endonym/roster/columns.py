"""The files of a OneRoster 1.2 set that a roster is read from. Source: 1EdTech OneRoster 1.2.1, CSV Binding, rostering tables."""

from __future__ import annotations

HEAD = ("sourcedId", "status", "dateLastModified")
COLUMNS: dict[str, tuple[str, ...]] = {
    "orgs": (*HEAD, "name", "type", "identifier", "parentSourcedId"),
    "academicSessions": (*HEAD, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "courses": (*HEAD, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"),
    "classes": (*HEAD, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId", "termSourcedIds",
                "subjects", "subjectCodes", "periods"),
    "users": (*HEAD, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone",
              "agentSourcedIds", "grades", "password", "userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName",
              "preferredFamilyName", "primaryOrgSourcedId", "pronouns"),
    "roles": (*HEAD, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"),
    "enrollments": (*HEAD, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
}  # fmt: skip
"""By file, in their order."""
MAY_LACK = frozenset({("users", "resourceSourcedIds")})
"""Columns that only one of the binding's versions has."""
NEEDED = ("orgs", "users", "classes", "enrollments")
"""Without these nobody is in a class."""
FILLED: dict[str, tuple[str, ...]] = {
    "orgs": ("name", "type"),
    "academicSessions": ("title", "type", "startDate", "endDate", "schoolYear"),
    "courses": ("title", "orgSourcedId"),
    "classes": ("title", "courseSourcedId", "classType", "schoolSourcedId", "termSourcedIds"),
    "users": ("enabledUser", "username", "givenName", "familyName"),
    "roles": ("userSourcedId", "roleType", "role", "orgSourcedId"),
    "enrollments": ("classSourcedId", "schoolSourcedId", "userSourcedId", "role"),
}
"""Cells that must hold something, beside `sourcedId`."""
VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("orgs", "type"): ("department", "school", "district", "local", "state", "national"),
    ("academicSessions", "type"): ("gradingPeriod", "semester", "schoolYear", "term"),
    ("classes", "classType"): ("homeroom", "scheduled"),
    ("users", "enabledUser"): ("true", "false"),
    ("roles", "roleType"): ("primary", "secondary"),
    ("roles", "role"): ("aide", "counselor", "districtAdministrator", "guardian", "parent", "principal", "proctor", "relative", "siteAdministrator",
                        "student", "systemAdministrator", "teacher"),
    ("enrollments", "role"): ("administrator", "proctor", "student", "teacher"),
    ("enrollments", "primary"): ("true", "false"),
}  # fmt: skip
EXTENDED = frozenset({("orgs", "type"), ("academicSessions", "type"), ("classes", "classType"), ("roles", "role"), ("enrollments", "role")})
"""Vocabularies that a register may extend with words that begin with `ext:`."""
DATES: dict[str, tuple[str, ...]] = {
    "academicSessions": ("startDate", "endDate"), "roles": ("beginDate", "endDate"), "enrollments": ("beginDate", "endDate"),
}  # fmt: skip
REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "academicSessions": (("parentSourcedId", "academicSessions"),),
    "courses": (("orgSourcedId", "orgs"), ("schoolYearSourcedId", "academicSessions")),
    "classes": (("schoolSourcedId", "orgs"), ("courseSourcedId", "courses"), ("termSourcedIds", "academicSessions")),
    "roles": (("userSourcedId", "users"), ("orgSourcedId", "orgs")),
    "enrollments": (("classSourcedId", "classes"), ("userSourcedId", "users"), ("schoolSourcedId", "orgs")),
}  # fmt: skip
"""(column, the file whose rows it names); where the set lacks that file, nothing is compared."""
NAMES: dict[str, tuple[str, ...]] = {
    "orgs": ("name",), "classes": ("title",),
    "users": ("givenName", "familyName", "middleName", "preferredGivenName", "preferredMiddleName", "preferredFamilyName"),
}  # fmt: skip
"""Cells that we keep or show."""
