"""What only PostgreSQL does: it goes away and comes back, refuses, keeps old sets for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from endonym.adapters.indexes.postgres import PostgresStore
from endonym.adapters.indexes.postgres_pool import place
from endonym.core.errors import PluginLoadError, RetrievalError
from endonym.seams.passage_index import Where
from tests.adapters.indexes import conftest as our
from tests.adapters.indexes.conftest import Kit

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture
def kit(kit_of: Callable[[str], Kit]) -> Kit:
    return kit_of("postgres")


@pytest.fixture
def admin(server: Any) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        yield connection


def control(server: Any, *arguments: str) -> None:
    import pgserver

    pgserver.pg_ctl(["-w", "-m", "fast", *arguments], pgdata=server.pgdata, user=server.system_user)


def test_a_server_that_was_started_again_is_asked_again(kit: Kit, server: Any, admin: psycopg.Connection) -> None:
    index = kit.build([our.passage(n) for n in range(20)])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: index.weigh("word", ["rakk"], Where(), 5), range(8)))
    control(server, "-l", str(server.log), "restart")
    assert len(index.weigh("word", ["rakk"], Where(), 5)) == 5
    index.close()


def test_a_server_that_is_away_costs_no_time(kit: Kit, server: Any) -> None:
    index = kit.build([our.passage(n) for n in range(20)])
    control(server, "stop")
    try:
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(RetrievalError) as caught:
                index.weigh("word", ["rakk"], Where(), 5)
            assert "Check that the server runs" in caught.value.remedy
            with pytest.raises(RetrievalError):
                index.nearest(our.unit(1), Where(), 5)
        assert time.monotonic() - began < 2
        with pytest.raises(RetrievalError, match="expected a database"):
            PostgresStore(server.get_uri())
        with pytest.raises(RetrievalError):
            kit.build([our.passage(1)], "new")
    finally:
        server.ensure_postgres_running()
    later = time.monotonic() + 10
    while time.monotonic() < later:
        try:
            assert len(index.weigh("word", ["rakk"], Where(), 5)) == 5
            break
        except RetrievalError:
            time.sleep(0.2)
    else:
        pytest.fail("the server was not asked again")
    index.close()


def test_no_more_than_three_sets_are_kept(kit: Kit, admin: psycopg.Connection) -> None:
    for step in range(6):
        kit.build([our.passage(n, f"samm {step}" if n == 0 else "") for n in range(20)], f"k{step}").close()
    for step in range(6, 10):
        kit.build([our.passage(n, f"muu {step} {n}") for n in range(20)], f"k{step}").close()
    name = kit.path.stem
    assert admin.execute("SELECT key FROM endonym_set WHERE name = %s ORDER BY set", (name,)).fetchall() == [("k7",), ("k8",), ("k9",)]
    families = [family for (family,) in admin.execute("SELECT family FROM endonym_family WHERE name = %s", (name,))]
    assert len(families) == 3
    tables = {table for (table,) in admin.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'endonym_passage_%'")}
    assert {f"endonym_passage_{family}" for family in families} <= tables
    assert f"endonym_passage_{families[0] - 1}" not in tables
    with pytest.raises(RetrievalError, match="found none"):
        kit.open("k6")


def test_old_rows_go_with_the_last_set_that_holds_them(kit: Kit, admin: psycopg.Connection) -> None:
    for step in range(6):
        kit.build([our.passage(n, f"samm{step}" if n == 0 else "") for n in range(20)], f"k{step}").close()
    (family,) = admin.execute("SELECT family FROM endonym_set WHERE name = %s AND key = 'k5'", (kit.path.stem,)).fetchone() or (0,)
    assert admin.execute(f"SELECT count(*) FROM endonym_passage_{family}").fetchone() == (22,)
    terms = admin.execute(f"SELECT term FROM endonym_term_{family} WHERE arm = 'word' AND term LIKE 'samm%' ORDER BY term").fetchall()
    assert terms == [("samm3",), ("samm4",), ("samm5",)]


def test_a_role_without_rights_is_told_which(server: Any, admin: psycopg.Connection) -> None:
    admin.execute("DROP DATABASE IF EXISTS narrow")
    admin.execute("DROP ROLE IF EXISTS reader")
    admin.execute("CREATE ROLE reader LOGIN")
    admin.execute("CREATE DATABASE narrow")
    url = server.get_uri("narrow").replace("//postgres:", "//reader:")
    with pytest.raises(RetrievalError, match="may not create it") as caught:
        PostgresStore(url)
    assert "CREATE EXTENSION vector" in caught.value.remedy
    with psycopg.connect(server.get_uri("narrow"), autocommit=True) as owner:
        owner.execute("CREATE EXTENSION vector")
    with pytest.raises(RetrievalError, match="InsufficientPrivilege") as caught:
        PostgresStore(url).write("x", "k", *our.given([our.entry(1)]))
    assert "GRANT CREATE" in caught.value.remedy


def test_a_database_that_is_not_utf8_is_refused(server: Any, admin: psycopg.Connection) -> None:
    admin.execute("DROP DATABASE IF EXISTS latin")
    admin.execute("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with pytest.raises(RetrievalError, match="in UTF8, found LATIN1"):
        PostgresStore(server.get_uri("latin"))


def test_a_server_without_pgvector_is_told_what_to_install() -> None:
    url = "postgresql://postgres@127.0.0.1:5432/postgres?connect_timeout=2"
    try:
        with psycopg.connect(url) as connection:
            if connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'").fetchone():
                pytest.skip("the server at port 5432 has pgvector")
    except psycopg.Error:
        pytest.skip("there is no server at port 5432")
    with pytest.raises(RetrievalError, match="the extension vector, found none") as caught:
        PostgresStore(url)
    assert "Install pgvector" in caught.value.remedy


@pytest.mark.parametrize("url", ["", "  "])
def test_an_address_is_needed(url: str) -> None:
    with pytest.raises(PluginLoadError, match="expected index_url"):
        PostgresStore(url)


@pytest.mark.parametrize("url", ["postgresql://me:geheim@127.0.0.1:9/db", "host=127.0.0.1 port=9 user=me password=geheim", "postgres://geheim:geheim@[", "geheim"])
def test_no_message_shows_a_password(url: str) -> None:
    with pytest.raises(RetrievalError) as caught:
        PostgresStore(url)
    assert "geheim" not in str(caught.value)
    assert "geheim" not in place(url)
