"""Writing a set of passages in one transaction; what the sets before it have already is taken over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from itertools import islice
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import Connection, errors, sql

from endonym.adapters.indexes.postgres_tables import CATALOGUE, STILL, indexes, lexemes, of, quoted, tables, vector_text
from endonym.adapters.indexes.shelves import number_of, shelf_of
from endonym.seams.passage_index import Entry, Shelf

_MOST_CHANGED = 0.5
_KEPT_SETS = 3
_BATCH = 1_000
_WORK_MEMORY_KB = 512 * 1024
"""What building an index may take, unless the server allows more."""
_SETTINGS: tuple[LiteralString, ...] = (
    "SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0",
)  # fmt: skip
_PASSED: tuple[LiteralString, ...] = (
    "DELETE FROM {passage} WHERE until < %s", "DELETE FROM {vector} WHERE until < %s", "DELETE FROM {term} WHERE until < %s",
)  # fmt: skip
_ENDED: tuple[LiteralString, ...] = (
    "UPDATE {passage} SET until = %(number)s WHERE until = %(still)s AND id = ANY(%(gone)s)",
    "UPDATE {vector} SET until = %(number)s WHERE until = %(still)s AND id = ANY(%(gone)s)",
)
_RECOUNT: tuple[LiteralString, ...] = (
    """INSERT INTO endonym_change SELECT arm, term, -count(*) FROM (
        SELECT 'word' AS arm, unnest(tsvector_to_array(titles || words)) AS term FROM {passage} WHERE until = %(number)s
        UNION ALL SELECT 'gram', unnest(tsvector_to_array(grams)) FROM {passage} WHERE until = %(number)s) AS ended
        GROUP BY arm, term""",
    """CREATE TEMPORARY TABLE endonym_changed ON COMMIT DROP AS
        SELECT arm, term, sum(passages)::int AS passages FROM endonym_change GROUP BY arm, term HAVING sum(passages) <> 0""",
    """UPDATE {term} AS old SET until = %(number)s FROM endonym_changed AS new
        WHERE old.arm = new.arm AND old.term = new.term AND old.until = %(still)s""",
    """INSERT INTO {term} (arm, term, since, until, passages)
        SELECT new.arm, new.term, %(number)s + 1, %(still)s, coalesce(old.passages, 0) + new.passages
        FROM endonym_changed AS new LEFT JOIN {term} AS old ON old.arm = new.arm AND old.term = new.term AND old.until = %(number)s
        WHERE coalesce(old.passages, 0) + new.passages > 0""",
)
"""Frequencies of terms that stand in more or fewer passages than in the set before."""

Entries = Callable[[Sequence[str]], Iterable[Entry]]


class _Before(NamedTuple):
    """The set that the new one goes on from."""

    family: int
    number: int
    held: Mapping[str, str]


def write_set(connection: Connection, name: str, key: str, wanted: Mapping[str, str], entries: Entries) -> None:
    """Make `wanted` the newest set of `name` and `key`, unless it is that already.

    Raises:
        psycopg.Error: Nothing was written.
    """
    _make_catalogue(connection)
    with connection.transaction():
        for setting in _SETTINGS:
            connection.execute(setting)
        _lock(connection, f"endonym index {name}")
        same = _newest(connection, name, key)
        if same and same.held == wanted:
            return
        _write(connection, name, key, wanted, entries)


def drop_old(connection: Connection, name: str) -> None:
    """Remove what only sets before the last three hold; what others are reading just now goes next time."""
    with suppress(psycopg.Error), connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '1s'")
        _lock(connection, f"endonym index {name}")
        sets = connection.execute("SELECT set, family, number FROM endonym_set WHERE name = %s ORDER BY set DESC", (name,)).fetchall()
        connection.execute("DELETE FROM endonym_set WHERE set = ANY(%s)", ([old for old, _, _ in sets[_KEPT_SETS:]],))
        kept: dict[int, int] = {family: number for _, family, number in sets[:_KEPT_SETS]}
        for family in {family for _, family, _ in sets[_KEPT_SETS:]}:
            if family in kept:
                for statement in _PASSED:
                    connection.execute(of(family, statement), (kept[family],))
            else:
                connection.execute(of(family, "DROP TABLE {passage}, {vector}, {term}, {shelf}"))
                connection.execute("DELETE FROM endonym_family WHERE family = %s", (family,))


def _lock(connection: Connection, name: str) -> None:
    """Wait until nobody else holds `name`; let go at the end of the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,))


def _make_catalogue(connection: Connection) -> None:
    if connection.execute("SELECT to_regclass('endonym_set')").fetchone() != (None,):
        return
    with connection.transaction():
        _lock(connection, "endonym catalogue")
        for statement in CATALOGUE:
            connection.execute(statement)


def _newest(connection: Connection, name: str, key: str | None) -> _Before | None:
    """The newest set of `name`, of any key where it is None."""
    found = connection.execute("SELECT family, number FROM endonym_set WHERE name = %(name)s AND key = coalesce(%(key)s, key) "
                               "ORDER BY set DESC LIMIT 1", {"name": name, "key": key}).fetchone()  # fmt: skip
    if not found:
        return None
    family, number = found
    held = connection.execute(of(family, "SELECT id, digest FROM {passage} WHERE %s BETWEEN since AND until"), (number,))
    return _Before(family, number, dict(held.fetchall()))


def _write(connection: Connection, name: str, key: str, wanted: Mapping[str, str], entries: Entries) -> None:
    before = _newest(connection, name, None)
    kept = {passage for passage, digest in before.held.items() if wanted.get(passage) == digest} if before else set()
    if before and kept and len(wanted) - len(kept) <= _MOST_CHANGED * len(wanted):
        family, number = before.family, before.number + 1
        _end(connection, before, before.held.keys() - kept)
        counted = _fill(connection, family, number, _batches(entries([passage for passage in wanted if passage not in kept])), wanted)
        _recount(connection, before, counted)
    else:
        batches = _batches(entries(list(wanted)))
        first = next(batches, [])
        number, dimensions = 1, len(first[0].vector) // 4 if first else 0
        family = _new_family(connection, name, dimensions)
        counted = _fill(connection, family, number, (batch for part in ([first], batches) for batch in part), wanted)
        _copy(connection, of(family, "COPY {term} FROM STDIN"),
              ((arm, term, number, STILL, passages) for (arm, term), passages in counted.items()))  # fmt: skip
        _make_indexes(connection, family, dimensions)
    connection.execute(
        of(family, "INSERT INTO endonym_set (name, key, family, number, passages, word_length, gram_length) "
           "SELECT %(name)s, %(key)s, %(family)s, %(number)s, count(*), coalesce(avg(word_length), 0), coalesce(avg(gram_length), 0) "
           "FROM {passage} WHERE until = %(still)s"),
        {"name": name, "key": key, "family": family, "number": number, "still": STILL})  # fmt: skip


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _new_family(connection: Connection, name: str, dimensions: int) -> int:
    row = connection.execute("INSERT INTO endonym_family (name, dimensions) VALUES (%s, %s) RETURNING family", (name, dimensions)).fetchone()
    family = int(row[0]) if row else 0
    for statement in tables(family, dimensions):
        connection.execute(statement)
    return family


def _make_indexes(connection: Connection, family: int, dimensions: int) -> None:
    connection.execute("SELECT set_config('maintenance_work_mem', greatest(%s, setting::int) || 'kB', true) "
                       "FROM pg_settings WHERE name = 'maintenance_work_mem'", (_WORK_MEMORY_KB,))  # fmt: skip
    for statement in indexes(family, dimensions):
        try:
            with connection.transaction():
                connection.execute(statement)
        except errors.DiskFull:  # containers give 64 MB of shared memory, too little for workers that build together
            connection.execute("SET LOCAL max_parallel_maintenance_workers = 0")
            connection.execute(statement)
    connection.execute(of(family, "ANALYZE {passage}, {vector}, {term}"))


def _end(connection: Connection, before: _Before, gone: Iterable[str]) -> None:
    """Passages count up to the set before."""
    values = {"number": before.number, "still": STILL, "gone": list(gone)}
    for statement in _ENDED:
        connection.execute(of(before.family, statement), values)


def _fill(
    connection: Connection, family: int, number: int, batches: Iterable[list[Entry]], wanted: Mapping[str, str]
) -> Counter[tuple[str, str]]:
    """Put passages in; in how many of them each (arm, term) stands."""
    counted: Counter[tuple[str, str]] = Counter()
    rows = connection.execute(of(family, "SELECT language, pack, subject, source, grades, audiences, valid_from, valid_until FROM {shelf} "
                                 "ORDER BY shelf")).fetchall()  # fmt: skip
    shelves = {shelf_of(row): at for at, row in enumerate(rows)}
    known = len(shelves)
    last = connection.execute(of(family, "SELECT coalesce(max(place), -1) FROM {passage}")).fetchone()
    place = int(last[0]) + 1 if last else 0
    for batch in batches:
        passages, vectors = [], []
        for entry in batch:
            passage, shelf = entry.passage, number_of(Shelf.of(entry.passage), shelves)
            titles, words, grams = lexemes(entry.titles), lexemes(entry.words), lexemes(entry.grams)
            counted.update([("word", term) for term in {*titles, *words}])
            counted.update([("gram", term) for term in grams])
            lengths = len(entry.titles.split()) + len(entry.words.split()), len(entry.grams.split())
            lists = [" ".join(map(quoted, terms)) for terms in (titles, words, grams)]
            passages.append((place, passage.id, wanted[passage.id], shelf, number, STILL, *lengths, *lists))
            if entry.vector:
                vectors.append((passage.id, shelf, number, STILL, vector_text(entry.vector)))
            place += 1
        _copy(connection, of(family, "COPY {passage} FROM STDIN"), passages)
        _copy(connection, of(family, "COPY {vector} FROM STDIN"), vectors)
    for new, at in list(shelves.items())[known:]:
        connection.execute(of(family, "INSERT INTO {shelf} VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"),
                           (at, *(list(value) if isinstance(value, tuple) else value for value in astuple(new))))  # fmt: skip
    return counted


def _recount(connection: Connection, before: _Before, counted: Mapping[tuple[str, str], int]) -> None:
    connection.execute("CREATE TEMPORARY TABLE endonym_change (arm text, term text COLLATE \"C\", passages int) ON COMMIT DROP")
    _copy(connection, sql.SQL("COPY endonym_change FROM STDIN"), ((*term, passages) for term, passages in counted.items()))
    for statement in _RECOUNT:
        connection.execute(of(before.family, statement), {"number": before.number, "still": STILL})


def _copy(connection: Connection, statement: sql.SQL | sql.Composed, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
