"""`endonym doctor` on real state folders, servers and faults that were planted."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

import pytest

from endonym.cli.main import main
from endonym.core.clock import now, stamp, today
from endonym.ledger.note import Signer
from endonym.store import Store
from endonym.store.seal import key_file, signing_key
from tests.adapters.engines.scripted import chunk
from tests.conftest import TINY
from tests.served import running
from tests.store.test_store import turn
from tests.tutor.provider import forging

Doctor = Callable[..., tuple[int, str]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in, with settings that need no embedder and take no port."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ENDONYM_")]:
        monkeypatch.delenv(name)
    settings(tmp_path)
    return tmp_path


def settings(place: Path, *lines: str, port: int = 0) -> None:
    chain = () if any(line.startswith("chain =") for line in lines) else ("chain = []",)
    (place / "endonym.toml").write_text("\n".join((f"port = {port}", 'embedder = "none"', *chain, *lines)), "utf-8")


def doctor(*arguments: str | Path) -> tuple[int, str]:
    said = io.StringIO()
    argv = ["endonym", "doctor", *map(str, arguments)]
    with patch.object(sys, "argv", argv), redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code or 0)), said.getvalue()


@pytest.fixture
def state(place: Path) -> Path:
    """A state folder with three turns and a checkpoint over them."""
    folder = place / ".endonym"
    store = Store.sqlite(folder / "store.sqlite", key_file(folder / "store.key"))
    for number in (1, 2, 3):
        store.save_turn(replace(turn(number), started=stamp(now() - timedelta(hours=1))))
    store.add_checkpoint(Signer("localhost/ledger", signing_key(folder / "ledger.key")))
    store.close()
    return folder


def more(state: Path, *started: str) -> None:
    """Further turns, which no checkpoint covers."""
    store = Store.sqlite(state / "store.sqlite", key_file(state / "store.key"))
    for number, moment in enumerate(started, 10):
        store.save_turn(replace(turn(number), started=moment))
    store.close()


@contextmanager
def web(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[int]:
    """The port of a program that gives this answer."""

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def send(web: BaseHTTPRequestHandler, body: bytes, status: int = 200, kind: str = "application/json") -> None:
    web.send_response(status)
    web.send_header("content-type", kind)
    web.send_header("content-length", str(len(body)))
    web.end_headers()
    web.wfile.write(body)


# ---- a machine in order


def test_a_new_installation_is_in_order_and_nothing_is_written(place: Path) -> None:
    code, said = doctor(TINY)
    assert code == 0 and "0 error(s)" in said and "tiny 0.1.0: no errors" in said
    assert "index       tiny: built at the next start" in said and "et: the guide alone" in said
    assert [path.name for path in place.iterdir()] == ["endonym.toml"]
    assert "\x1b[" not in said


def test_a_state_that_is_whole_is_in_order(state: Path) -> None:
    before = sorted(path.name for path in state.iterdir())
    code, said = doctor()
    assert sorted(path.name for path in state.iterdir()) == before
    assert code == 0 and "store.key opens the newest record" in said and "the newest checkpoint is over 3 and verifies" in said


def test_programs_read_it_as_json(place: Path) -> None:
    found = json.loads(doctor("--format", "json")[1])
    assert {"check": "packs", "state": "not checked", "message": "none was named",
            "remedy": "Name those that you serve: `endonym doctor PACK …`."} in found["checks"]  # fmt: skip
    assert found["counts"]["ok"] == sum(one["state"] == "ok" for one in found["checks"])


def test_the_embedder_gives_a_vector_of_its_size(place: Path) -> None:
    (place / "endonym.toml").write_text("port = 0\nchain = []\n")
    assert "a vector of 384" in doctor()[1]


# ---- settings


def test_an_unknown_setting_stops_everything_else_and_is_named(place: Path) -> None:
    settings(place, "prot = 80")
    code, said = doctor()
    assert code == 1 and "prot: expected a known setting, found an unknown one" in said and "rests on the settings" in said


def test_a_misspelt_variable_does_nothing_and_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDONYM_POTR", "80")
    code, said = doctor()
    assert code == 0 and "the variable ENDONYM_POTR is no setting" in said and doctor("--strict")[0] == 1


def test_a_password_in_the_file_is_told_and_not_shown(place: Path) -> None:
    settings(place, 'store = "postgresql+psycopg://endonym:hunter2@127.0.0.1:9/x"')
    code, said = doctor()
    assert code == 1 and "a password stands in `store`" in said and "expected a database that answers" in said and "hunter2" not in said


# ---- state, database, ledger


def test_a_key_that_others_may_read_is_an_error_with_the_command_that_mends_it(state: Path) -> None:
    (state / "store.key").chmod(0o644)
    code, said = doctor()
    assert code == 1 and "found mode 644" in said and "to do: chmod 600 .endonym/store.key" in said


def test_a_key_file_of_another_database_is_found_before_anybody_starts_the_server(state: Path) -> None:
    (state / "store.key").unlink()
    assert "expected .endonym/store.key" in doctor()[1] and not (state / "store.key").exists()
    key_file(state / "store.key")
    code, said = doctor()
    assert code == 1 and "does not open what .endonym/store.sqlite keeps" in said


def test_a_database_of_a_later_version_is_left_alone(state: Path) -> None:
    with sqlite3.connect(state / "store.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    code, said = doctor()
    assert code == 1 and "found 9999" in said and "Use the version of Endonym that wrote it" in said


def test_a_damaged_database_is_an_error(state: Path) -> None:
    data = bytearray((state / "store.sqlite").read_bytes())
    for page in range(2, len(data) // 4096):  # all but the head, so that it opens
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    (state / "store.sqlite").write_bytes(data)
    code, said = doctor()
    assert code == 1 and "is damaged" in said and "Restore the backup" in said


def test_a_ledger_that_was_changed_does_not_fit_its_checkpoint(state: Path) -> None:
    with sqlite3.connect(state / "store.sqlite") as connection:
        connection.execute("UPDATE ledger SET digest = 'sha256:' || substr(digest, 9) || '0' WHERE number = 2")
    code, said = doctor()
    assert code == 1 and "the entries are others than the newest checkpoint was signed over" in said and "endonym ledger verify" in said


def test_a_checkpoint_of_another_key_is_an_error(state: Path) -> None:
    (state / "ledger.key").unlink()
    assert "was signed with a key that is gone" in doctor()[1] and not (state / "ledger.key").exists()


def test_entries_that_nobody_signed_are_told_when_they_are_some_minutes_old(state: Path) -> None:
    more(state, stamp(now()))
    assert doctor("--strict")[0] == 0
    with sqlite3.connect(state / "store.sqlite") as connection:
        connection.execute("DELETE FROM checkpoints")
    code, said = doctor()
    assert code == 0 and "4 entries since the newest checkpoint are not signed" in said and "to do: Run `endonym ledger checkpoint`" in said


def test_a_clock_before_the_newest_entry_is_wrong(state: Path) -> None:
    more(state, "2099-01-01T00:00:00.000Z")
    code, said = doctor()
    assert code == 1 and "expected a time after the newest entry of the ledger (2099" in said


# ---- packs


def test_errors_and_dates_of_packs_are_told(place: Path, tiny: Path) -> None:
    rule = tiny / "adaptations" / "omit_child.md"
    near = (today() + timedelta(days=30)).isoformat()
    rule.write_text(rule.read_text("utf-8").replace("review_by: 2027-11-20", f"review_by: {near}"), "utf-8")
    code, said = doctor(tiny)
    assert code == 0 and f"1 date(s) of rules or laws come within 90 days, first omit_child on {near}" in said
    rule.write_text(rule.read_text("utf-8").replace("effect: omit", "effect: forget"), "utf-8")
    code, said = doctor(tiny, place / "nowhere")
    assert code == 1 and f"endonym check {tiny}" in said and "expected a pack's folder or a bundle file" in said


# ---- servers


def test_another_program_at_the_port_is_an_error(place: Path) -> None:
    with web(lambda one: send(one, b"hello", kind="text/plain")) as port:
        settings(place, port=port)
        code, said = doctor()
    assert code == 1 and "expected it free or an Endonym server, found another program" in said


def test_a_running_server_is_compared_with_the_pack_and_tried_from_outside(place: Path, tiny: Path) -> None:
    with running([TINY], place / "elsewhere") as (address, _):
        settings(place, port=int(address.rpartition(":")[2]))
        assert "a server runs with tiny" in doctor(TINY)[1]
        (tiny / "CHANGELOG.md").write_text("# Changes\n\n## 0.1.0\n\n- Something else.\n", "utf-8")
        code, said = doctor(tiny)
        assert code == 0 and "another state of it" in said and "it reads packs at its start" in said
        for header, expected in (({}, "found that they need none"), ({"x-forwarded-for": "203.0.113.7"}, "callers from outside need a key")):
            with web(lambda one, header=header: _hand_on(one, address, header)) as port:  # type: ignore[misc]
                code, said = doctor("--public", f"http://127.0.0.1:{port}")
            assert expected in said and code == (0 if header else 1)


def _hand_on(one: BaseHTTPRequestHandler, address: str, header: dict[str, str]) -> None:
    try:
        with urllib.request.urlopen(urllib.request.Request(address + one.path, headers=header), timeout=20) as response:
            send(one, response.read())
    except urllib.error.HTTPError as error:
        send(one, error.read(), error.code)


# ---- engines


def _model(one: BaseHTTPRequestHandler) -> None:
    if one.headers.get("authorization") != "Bearer secret":
        send(one, b'{"error": {"message": "no such key"}}', 401)
    elif one.path == "/v1/models":
        send(one, b'{"data": [{"id": "small"}]}')
    else:
        send(one, chunk("ready") + chunk("", "stop") + b"data: [DONE]\n\n", kind="text/event-stream")


def engine(place: Path, port: int, *lines: str) -> None:
    settings(place, 'chain = ["ours"]', "[engines.ours]", 'kind = "openai"', f'base_url = "http://127.0.0.1:{port}/v1"', 'key_variable = "OURS"',
             *(lines or ('model = "small"', 'languages = ["et"]')))  # fmt: skip


def test_an_engine_is_found_and_answers_only_when_it_is_asked_to(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "secret")
    asked: list[str] = []
    with web(lambda one: (asked.append(one.command), _model(one))[1]) as port:
        engine(place, port)
        code, said = doctor(TINY)
        assert code == 0 and "lists the model" in said and "tiny/student: et: ours, then the guide; en: the guide alone" in said and asked == ["GET"]
        code, said = doctor("--probe")
        assert code == 0 and "ours: first word after" in said and asked[-1] == "POST"
        engine(place, port, 'model = "large"')
        code, said = doctor()
        assert code == 1 and "expected the model large, found small" in said and "fit for no language, so it never serves" in said
        monkeypatch.setenv("OURS", "wrong")
        assert "does not take the key (status 401: no such key)" in doctor()[1]
        monkeypatch.delenv("OURS")
        assert "expected its key in the variable OURS, found it empty" in doctor()[1]


def test_an_engine_out_of_reach_or_undeclared_is_an_error(place: Path) -> None:
    engine(place, 9, 'model = "small"', 'languages = ["et"]', 'route = "external"', 'storage_region = "EU"')
    code, said = doctor(TINY)
    assert code == 1 and "found none of inference_region, key_holder, jurisdiction, training_use, telemetry" in said
    assert "expected an answer, found ConnectionRefusedError" in said and "tiny/student: et: the guide alone" in said


def test_an_engine_that_keeps_silent_is_an_error_in_time(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "secret")
    with web(lambda one: _model(one) if one.command == "GET" else time.sleep(2)) as port:
        engine(place, port, 'model = "small"', 'languages = ["et"]', "timeout_s = 0.5")
        code, said = doctor("--probe")
    assert code == 1 and ("expected a short reply within" in said or "no reply in time" in said)


def test_who_signs_people_in_is_asked_and_told_where_they_do_not_answer(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOOL_SECRET", "x")
    with forging() as forger:
        table = ["[sign_in.kool]", 'title = "Kool"', f'issuer = "{forger.issuer}"', 'client_id = "1"', 'secret_variable = "KOOL_SECRET"', 'everyone = "student"',
                 'school = "Tartu"']  # fmt: skip
        moodle = ["[platforms.m]", 'title = "M"', 'issuer = "https://m.example"', 'client_id = "1"', 'deployments = ["1"]', f'authorization = "{forger.issuer}/a"',
                  f'token = "{forger.issuer}/t"', f'keys = "{forger.issuer}/keys"', 'school = "Tartu"']  # fmt: skip
        settings(place, *table, *moodle)
        _, said = doctor()
        assert f"sign_in.kool: {forger.issuer} answers; 1 key(s)" in said and "platforms.m: https://m.example publishes 1 key(s)" in said
        assert "nobody signs in but on this machine" in said and not (place / ".endonym" / "lti.key").exists()
        settings(place, 'address = "https://tutor.example"', *table)
        assert "Set open_tutor = true" in doctor()[1]
        monkeypatch.delenv("KOOL_SECRET")
        issuer, forger.issuer = forger.issuer, "https://other.example"
        code, said = doctor()
        assert code == 1 and "in the variable KOOL_SECRET, found none" in said and f"expected the issuer {issuer}, found 'https://other.example'" in said


def test_a_plugin_that_is_not_there_is_told_and_the_rest_goes_on(place: Path) -> None:
    settings(place, 'recognisers = ["names"]')
    code, said = doctor()
    assert code == 1 and "expected one plugin named 'names', found 0" in said and "memory" in said
