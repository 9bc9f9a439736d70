"""The database's tables. `endonym.store.migrations` brings an older database to this shape."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

metadata = MetaData()

NO_TURN = "turn LIKE 'event%'"
"""Entries of the ledger that are about no turn; written as the index has it, or SQLite does not use that."""

conversations = Table(
    "conversations", metadata,
    Column("id", String(64), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("bundle", String(128), nullable=False),
    Column("started", String(32), nullable=False),
    Column("settings", Text, nullable=False),
    Index("conversations_by_age", "bundle", "started"),
    Index("conversations_by_person", "person"),
)  # fmt: skip
turns = Table(
    "turns", metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation", String(64), nullable=False),
    Column("person", String(64), nullable=False),
    Column("bundle", String(128), nullable=False),
    Column("number", Integer, nullable=False),
    Column("started", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("turns_by_conversation", "conversation", "number"),
    Index("turns_by_age", "bundle", "started"),
    Index("turns_by_person", "person"),
)  # fmt: skip
data_keys = Table(
    "data_keys", metadata,
    Column("owner", String(64), primary_key=True),  # see `endonym.store.keys`
    Column("wrapped", LargeBinary, nullable=False),  # with the operator's key
    Column("split", LargeBinary),  # with the break-glass key
)  # fmt: skip
break_glass = Table(
    "break_glass", metadata,  # at most one row
    Column("public", LargeBinary, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),  # the same with the operator's key, which nobody else can make
    Column("made", String(32), nullable=False),
)  # fmt: skip
ledger = Table(
    "ledger", metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("turn", String(64), nullable=False, unique=True),  # hexadecimal digest of its id; or the entry's own id, `event_…`
    Column("content", Text, nullable=False),
    Column("previous", String(80), nullable=False),
    Column("digest", String(80), nullable=False),
    Index("ledger_events", "number", sqlite_where=text(NO_TURN), postgresql_where=text(NO_TURN)),
)  # fmt: skip
ledger_nodes = Table(
    "ledger_nodes", metadata,
    Column("height", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)  # fmt: skip
checkpoints = Table(
    "checkpoints", metadata,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("made", String(32), nullable=False),
    Column("note", Text, nullable=False),
)  # fmt: skip
keys = Table(
    "keys", metadata,
    Column("id", String(16), primary_key=True),
    Column("hash", LargeBinary, nullable=False),  # SHA-256 of the secret: 256 random bits need no slow hash
    Column("name", String(128), nullable=False),
    Column("person", String(64), nullable=False),
    Column("school", String(64), nullable=False),
    Column("class", String(64), nullable=False),
    Column("audiences", Text, nullable=False),
    Column("made", String(32), nullable=False),
    Column("ends", String(32), nullable=False),
    Column("revoked", String(32), nullable=False),
    Index("keys_by_person", "person"),
)  # fmt: skip
budgets = Table(
    "budgets", metadata,
    Column("scope", String(192), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("per", String(16), nullable=False),
    Column("most", BigInteger, nullable=False),
)  # fmt: skip
spent = Table(
    "spent", metadata,
    Column("scope", String(192), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("period", String(16), primary_key=True),
    Column("amount", BigInteger, nullable=False),
)  # fmt: skip
reservations = Table(
    "reservations", metadata,
    Column("id", String(64), primary_key=True),
    Column("scope", String(192), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("period", String(16), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("made", String(32), nullable=False),
)  # fmt: skip
sessions = Table(
    "sessions", metadata,
    Column("hash", LargeBinary, primary_key=True),  # SHA-256 of the cookie's token
    Column("person", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("school", String(64), nullable=False),
    Column("class", String(64), nullable=False),
    Column("made", String(32), nullable=False),
    Column("ends", String(32), nullable=False),
    Index("sessions_by_person", "person"),
    Index("sessions_by_end", "ends"),
)  # fmt: skip
classes = Table(
    "classes", metadata,
    Column("id", String(64), primary_key=True),  # of its data key too
    Column("school", String(64), nullable=False),
    Column("teacher", String(64), nullable=False),
    Column("bundle", String(128), nullable=False),
    Column("made", String(32), nullable=False),
    Column("code", LargeBinary, unique=True),  # SHA-256; none where nobody may join
    Column("sealed", LargeBinary, nullable=False),  # name, code, language of learning
    Index("classes_by_teacher", "teacher"),
)  # fmt: skip
members = Table(
    "members", metadata,
    Column("class", String(64), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("joined", String(32), nullable=False),
    Index("members_by_person", "person"),
)  # fmt: skip
return_codes = Table(
    "return_codes", metadata,
    Column("hash", LargeBinary, primary_key=True),  # SHA-256
    Column("person", String(64), nullable=False, unique=True),
    Column("made", String(32), nullable=False),
    Column("issued", String(16), nullable=False, server_default=""),  # `roster` while it stands on a sheet and was never used
)  # fmt: skip
assignments = Table(
    "assignments", metadata,
    Column("id", String(64), primary_key=True),
    Column("class", String(64), nullable=False),
    Column("made", String(32), nullable=False),
    Column("ended", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # with the data key of the class
    Index("assignments_by_class", "class"),
)  # fmt: skip
works = Table(
    "works", metadata,
    Column("conversation", String(64), primary_key=True),
    Column("class", String(64), nullable=False),
    Column("assignment", String(64), nullable=False),  # or "": a question of one's own
    Column("person", String(64), nullable=False),
    Column("shared", String(32), nullable=False),  # with the teacher of the class since, or ""
    Index("works_by_class", "class"),
    Index("works_by_assignment", "assignment"),
    Index("works_by_person", "person"),
)  # fmt: skip
views = Table(
    "views", metadata,
    Column("assignment", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # what was shown last, with the data key of the class
)  # fmt: skip
practice = Table(
    "practice", metadata,
    Column("person", String(64), primary_key=True),
    Column("item", String(32), primary_key=True),  # its name under the person's own key
    Column("bundle", String(128), nullable=False),
    Column("answered", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("practice_by_age", "bundle", "answered"),
)  # fmt: skip
identities = Table(
    "identities", metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(64), primary_key=True),  # its name under a key of the operator's
    Column("person", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),  # as the issuer said last
    Column("school", String(64), nullable=False),
    Column("seen", String(32), nullable=False),
)  # fmt: skip
tickets = Table(
    "tickets", metadata,
    Column("hash", LargeBinary, primary_key=True),  # SHA-256 of what a browser brings back; gone once it has
    Column("purpose", String(16), nullable=False),
    Column("ends", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("tickets_by_end", "ends"),
)  # fmt: skip
courses = Table(
    "courses", metadata,
    Column("course", String(64), primary_key=True),  # its name under a key of the operator's
    Column("class", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # platform and address of its list of people, with the data key of the class
    Index("courses_by_class", "class"),
)  # fmt: skip
course_links = Table(
    "course_links", metadata,
    Column("link", String(64), primary_key=True),  # its name under a key of the operator's
    Column("class", String(64), nullable=False),
    Column("assignment", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # platform and column of its grade book
    Index("course_links_by_assignment", "assignment"),
    Index("course_links_by_class", "class"),
)  # fmt: skip
hand_ins = Table(
    "hand_ins", metadata,
    Column("assignment", String(64), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("class", String(64), nullable=False),
    Column("handed", String(32), nullable=False),
    Column("confirmed", String(32), nullable=False),  # by the teacher, or ""
    Index("hand_ins_by_class", "class"),
    Index("hand_ins_by_person", "person"),
)  # fmt: skip
rosters = Table(
    "rosters", metadata,
    Column("class", String(64), primary_key=True),
    Column("source", String(32), nullable=False, unique=True),  # the class of the list, under the key of the school
    Column("imported", String(16), nullable=False),  # the day
    Column("sealed", LargeBinary, nullable=False),  # names, in order of the alphabet, with the data key of the class
)  # fmt: skip
enrolled = Table(
    "enrolled", metadata,
    Column("class", String(64), primary_key=True),
    Column("source", String(32), primary_key=True),  # who it is in the list, under the key of the school
    Column("person", String(64), nullable=False),
    Index("enrolled_by_person", "person"),
    Index("enrolled_by_source", "source"),
)  # fmt: skip
corrections = Table(
    "corrections", metadata,
    Column("id", String(64), primary_key=True),  # of its data key too
    Column("person", String(64), nullable=False),  # the teacher
    Column("bundle", String(128), nullable=False),
    Column("made", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("corrections_by_person", "person"),
    Index("corrections_by_age", "bundle", "made"),
)  # fmt: skip
