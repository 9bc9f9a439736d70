"""The tables that passages are kept in.

A *set* is what one bundle holds: what `write` was given for one name and key. Sets that have most of their passages in common
live in one *family* of tables; each row there says from which set of the family to which it counts (`since`, `until`), so that
a new set costs what has changed, and a search in an older one finds what it always found.
"""

from __future__ import annotations

from typing import LiteralString

import numpy as np
from psycopg import sql

STILL = 2**31 - 1
"""`until` of rows that no later set has replaced."""
MOST_DIMENSIONS = 2_000
"""Longest vectors that pgvector builds a graph over; longer ones are compared one by one."""
_LONGEST_BYTES = 2_046
_MOST_BYTES = 1_000_000
"""Source: PostgreSQL, section 12.11: a lexeme is shorter than 2 kB, a tsvector than 1 MB."""
CATALOGUE: tuple[LiteralString, ...] = (
    """CREATE TABLE IF NOT EXISTS endonym_family (
        family int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, dimensions int NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS endonym_set (
        set int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, key text NOT NULL,
        family int NOT NULL REFERENCES endonym_family, number int NOT NULL, passages int NOT NULL,
        word_length float8 NOT NULL, gram_length float8 NOT NULL, UNIQUE (family, number))""",
)
_TABLES: tuple[LiteralString, ...] = (
    """CREATE TABLE {shelf} (shelf int PRIMARY KEY, language text, pack text, subject text, source text, grades text[],
        audiences text[], valid_from text, valid_until text)""",
    # Word lists lie apart from the rows: searches read them in their indexes alone, and rows by the thousand. Room in each page
    # lets a row end (`until`) without being indexed anew.
    """CREATE TABLE {passage} (place int PRIMARY KEY, id text COLLATE "C" NOT NULL, digest text NOT NULL, shelf int NOT NULL,
        since int NOT NULL, until int NOT NULL, word_length int NOT NULL, gram_length int NOT NULL,
        titles tsvector NOT NULL, words tsvector NOT NULL, grams tsvector NOT NULL) WITH (toast_tuple_target = 128, fillfactor = 90)""",
    """CREATE TABLE {vector} (id text COLLATE "C" NOT NULL, shelf int NOT NULL, since int NOT NULL, until int NOT NULL,
        vector vector({dimensions}) NOT NULL)""",
    """CREATE TABLE {term} (arm text, term text COLLATE "C", since int, until int NOT NULL, passages int NOT NULL,
        PRIMARY KEY (arm, term, since))""",
)
_INDEXES: tuple[LiteralString, ...] = (
    # Without `fastupdate = off` searches read all terms of late passages one by one.
    "CREATE INDEX ON {passage} USING gin (titles) WITH (fastupdate = off)",
    "CREATE INDEX ON {passage} USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX ON {passage} USING gin (grams) WITH (fastupdate = off)",
    "CREATE INDEX ON {passage} (id)",
    "CREATE INDEX ON {vector} (id)",
    "CREATE INDEX ON {vector} (shelf)",
)
_GRAPH: LiteralString = "CREATE INDEX ON {vector} USING hnsw (vector vector_ip_ops)"


def of(family: int, statement: LiteralString, **values: sql.Composable) -> sql.Composed:
    """`statement` with the names of a family's tables, and further values, in its braces."""
    names = {kind: sql.Identifier(f"endonym_{kind}_{family}") for kind in ("shelf", "passage", "vector", "term")}
    return sql.SQL(statement).format(**names, **values)


def tables(family: int, dimensions: int) -> list[sql.Composed]:
    """What creates the tables of a family."""
    return [of(family, statement, dimensions=sql.Literal(max(1, dimensions))) for statement in _TABLES]


def indexes(family: int, dimensions: int) -> list[sql.Composed]:
    """What creates their indexes, after they are filled."""
    graph = (_GRAPH,) if 0 < dimensions <= MOST_DIMENSIONS else ()
    return [of(family, statement) for statement in (*_INDEXES, *graph)]


def lexemes(text: str) -> list[str]:
    """The distinct terms of a column of an `Entry`, as many as a tsvector takes, without those that it does not take."""
    kept, room = [], _MOST_BYTES
    for term in dict.fromkeys(text.split()):
        size = len(term.encode())
        if size <= _LONGEST_BYTES and "\0" not in term:
            room -= size
            if room < 0:
                break
            kept.append(term)
    return kept


def quoted(term: str) -> str:
    """A term as one lexeme of a tsvector or tsquery, whatever signs it holds.

    Source: PostgreSQL, section 8.11: quotes and backslashes are doubled within single quotes.
    """
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def vector_text(vector: bytes) -> str:
    """A little-endian float32 vector as pgvector reads it, to six digits."""
    numbers = np.frombuffer(vector, "<f4").tolist()
    return "[" + ",".join(["%.6g"] * len(numbers)) % tuple(numbers) + "]"
