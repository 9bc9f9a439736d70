"""A ledger and its witness, each a real process or server, over a real socket."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx2
import pytest
from structlog.testing import capture_logs

from endonym.core.errors import SettingsError
from endonym.ledger.note import Checkpoint, Signer, VerifierKey
from endonym.store import Store
from endonym.store.seal import key_file, signing_key
from endonym.wiring.settings import Settings, WitnessSettings, read_settings
from endonym.wiring.witnesses import Witnesses
from tests.cli.test_state import endonym
from tests.conftest import TINY
from tests.served import running
from tests.store.test_store import turn

NAME = "school.example/ledger"


class Site:
    """A state folder with a ledger and its key."""

    def __init__(self, folder: Path, key: Path) -> None:
        self.folder = folder
        (folder / ".endonym").mkdir(parents=True)
        (folder / ".endonym" / "ledger.key").write_bytes(key.read_bytes())
        self.signer = Signer(NAME, signing_key(folder / ".endonym" / "ledger.key"))
        self.store = Store.sqlite(folder / ".endonym" / "store.sqlite", key_file(folder / ".endonym" / "store.key"))
        self._number = 0

    def grow(self, by: int = 1) -> Checkpoint:
        for _ in range(by):
            self._number += 1
            self.store.save_turn(turn(self._number))
        note = self.store.add_checkpoint(self.signer)
        assert note is not None
        return note

    def newest(self) -> Checkpoint:
        note = self.store.newest_checkpoint()
        assert note is not None
        return note


@pytest.fixture
def key(tmp_path: Path) -> Path:
    signing_key(tmp_path / "ledger.key")
    return tmp_path / "ledger.key"


@pytest.fixture
def site(tmp_path: Path, key: Path) -> Iterator[Site]:
    made = Site(tmp_path / "site", key)
    yield made
    made.store.close()


@contextmanager
def witnessing(folder: Path, site: Site, port: int = 0) -> Iterator[WitnessSettings]:
    """`endonym ledger witness` as another organisation runs it, and what it tells the ledger's operator."""
    process = subprocess.Popen([sys.executable, "-m", "endonym", "ledger", "witness", "--origin", str(site.signer.verifier), "--state", "seen.json",
                                "--name", "witness.example", "--port", str(port)], cwd=folder, stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "PYTHONUNBUFFERED": "1"})  # fmt: skip
    try:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(6))
        url, public = re.search(r'url = "(.*)"', said), re.search(r'key = "(.*)"', said)
        assert url and public, said
        yield WitnessSettings(url=url[1], key=public[1])
    finally:
        process.terminate()
        process.wait(20)


def ask(site: Site, witness: WitnessSettings, note: Checkpoint, seconds: float = 10.0) -> list[str]:
    """The errors that were logged."""
    with capture_logs() as logs:
        asyncio.run(Witnesses({"one": witness}, site.store, seconds).ask(note))
    return [str(line["detail"]) for line in logs if line["log_level"] == "error"]


def test_each_checkpoint_of_a_ledger_that_grows_is_cosigned_and_the_commands_say_so(site: Site, tmp_path: Path) -> None:
    with witnessing(tmp_path, site) as witness:
        asked = Witnesses({"one": witness}, site.store)
        for by in (1, 3, 300):
            asyncio.run(asked.ask(site.grow(by)))
            assert site.newest().signed_by(witness.verifier) and site.newest().signed_by(site.signer.verifier)
        assert ask(site, witness, site.grow(2)) == []  # a server that was restarted is told what the witness knows
        assert httpx2.get(f"{witness.url}/").text.splitlines()[1] == witness.key
        (site.folder / "endonym.toml").write_text(f'ledger_name = "{NAME}"\n[witnesses.one]\nurl = "{witness.url}"\nkey = "{witness.key}"\n')
    code, said = endonym(site.folder, "ledger", "verify")
    assert code == 0 and said.endswith("the newest checkpoint, over 306 entries: cosigned by 1 of 1 witnesses: witness.example\n")
    site.grow()
    assert endonym(site.folder, "ledger", "verify")[1].endswith("over 307 entries: cosigned by 0 of 1 witnesses\n")
    assert endonym(site.folder, "ledger", "prove", "turn_7", "-o", "proof.json")[0] == 0
    check = ("ledger", "check", "proof.json", "--key", str(site.signer.verifier), "--witness")
    assert endonym(site.folder, *check, witness.key)[0] == 0
    stranger = str(VerifierKey("stranger.example", b"\x04", bytes(32)))
    assert "the checkpoint is not cosigned by stranger.example" in endonym(site.folder, *check, stranger)[1]


def test_a_ledger_that_was_written_anew_is_refused(site: Site, key: Path, tmp_path: Path) -> None:
    forged = Site(tmp_path / "forged", key)
    forged.store.save_turn(turn(1_000))
    with witnessing(tmp_path, site) as witness:
        assert ask(site, witness, site.grow(5)) == []
        found = ask(forged, witness, forged.grow(7))
        assert len(found) == 1 and "status 422" in found[0] and "find out who changed them" in found[0]
        assert not forged.newest().signed_by(witness.verifier)
        assert ask(site, witness, site.grow()) == []
    forged.store.close()


def test_a_ledger_that_lost_its_end_is_told_so(site: Site, key: Path, tmp_path: Path) -> None:
    restored = Site(tmp_path / "restored", key)
    with witnessing(tmp_path, site) as witness:
        assert ask(site, witness, site.grow(5)) == []
        found = ask(restored, witness, restored.grow(3))
    assert len(found) == 1 and "the witness knows 5 entries of this ledger, this checkpoint has 3" in found[0] and "restore the newest backup" in found[0]
    restored.store.close()


def test_a_witness_that_is_down_holds_nothing_up_and_cosigns_later(site: Site, tmp_path: Path) -> None:
    with witnessing(tmp_path, site) as witness:
        assert ask(site, witness, site.grow()) == []
    began = time.monotonic()
    assert len(ask(site, witness, site.grow(2))) == 1 and time.monotonic() - began < 5
    missed = site.newest()
    port = int(witness.url.rpartition(":")[2])
    with witnessing(tmp_path, site, port) as again:
        assert again == witness
        assert ask(site, again, site.grow()) == []
        assert site.newest().signed_by(witness.verifier) and not missed.signed_by(witness.verifier)


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, list[str]]]:
    """Something else at the witness's address, and the paths that were asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            paths.append(self.path)
            self.rfile.read(int(self.headers["content-length"]))
            answer(self)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", paths
    finally:
        server.shutdown()
        server.server_close()


def said(status: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        with suppress(OSError):  # nobody reads on
            handler.wfile.write(body)

    return answer


ELSE = [
    ("another page", said(200, b"<html></html>"), "expected a signature of witness.example over the checkpoint of size 3, found '<html></html>'"),
    ("another key", said(200, "— witness.example AAAA\n".encode()), "expected a signature of witness.example"),
    ("no size", said(409, b"many\n"), "expected the size that the witness knows"),
    ("the same size again", said(409, b"0\n"), "status 409: 0"),
    ("a fault", said(500, b"broken"), "status 500: broken"),
    ("an endless answer", said(200, b"x" * 5_000_000), "expected at most 50000 bytes"),
    ("silence", lambda handler: time.sleep(2), "no answer in 1 s"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "detail"), [pytest.param(answer, detail, id=name) for name, answer, detail in ELSE])
def test_whatever_else_answers_is_logged_and_nothing_of_it_is_kept(site: Site, answer: Callable[[BaseHTTPRequestHandler], None], detail: str) -> None:
    note, began = site.grow(3), time.monotonic()
    public = str(Signer("witness.example", signing_key(site.folder / "other.key"), cosigns=True).verifier)
    with answering(answer) as (address, _):
        found = ask(site, WitnessSettings(url=address, key=public), note, 1.0)
        assert time.monotonic() - began < 1.9
    assert len(found) == 1 and detail in found[0]
    assert site.newest() == note


def test_no_redirect_is_followed(site: Site, tmp_path: Path) -> None:
    note = site.grow()
    with witnessing(tmp_path, site) as witness, answering(said(302, location=f"{witness.url}/add-checkpoint")) as (address, paths):
        found = ask(site, WitnessSettings(url=f"{address}/w/", key=witness.key), note)
    assert paths == ["/w/add-checkpoint"] and "status 302" in found[0] and not site.newest().signed_by(witness.verifier)


def test_a_server_has_its_checkpoints_cosigned_by_itself(site: Site, tmp_path: Path) -> None:
    site.grow(4)
    state = site.folder / ".endonym"
    with witnessing(tmp_path, site) as witness, running([TINY], state, ledger_name=NAME, witnesses={"one": witness}) as (_, composition):
        end = time.monotonic() + 20
        while not site.newest().signed_by(witness.verifier) and time.monotonic() < end:
            time.sleep(0.05)
        assert composition.settings.witnesses == {"one": witness}
    assert site.newest().signed_by(witness.verifier)


def test_of_two_who_cosign_at_once_both_are_kept_and_each_once(site: Site) -> None:
    note = site.grow()
    signers = [Signer(f"w{number}.example", signing_key(site.folder / f"{number}.key"), cosigns=True) for number in (1, 2)]
    for signer, moment in ((signers[0], 1), (signers[1], 1), (signers[0], 2)):
        site.store.add_cosignature(note, signer.sign(note, moment).signatures[-1])
    assert [name for name, _ in site.newest().signatures] == [NAME, "w1.example", "w2.example"]
    assert all(site.newest().signed_by(signer.verifier) for signer in signers)


@pytest.mark.parametrize(("url", "key", "expected"), [
    ("ftp://witness.example", "w", "url"), ("http://user@witness.example", "w", "url"), ("https://witness.example", "w", "expected a key as name"),
    ("https://witness.example", str(VerifierKey(NAME, b"\x01", bytes(32))), "expected the key of a witness"),
])  # fmt: skip
def test_a_witness_that_is_none_stops_the_start(url: str, key: str, expected: str) -> None:
    with pytest.raises(SettingsError, match=expected):
        read_settings(witnesses={"one": {"url": url, "key": key}})


def test_other_methods_paths_and_sizes_are_refused_by_the_witness(site: Site, tmp_path: Path) -> None:
    with witnessing(tmp_path, site) as witness:
        assert httpx2.get(f"{witness.url}/add-checkpoint").status_code == 405
        assert httpx2.post(f"{witness.url}/other").status_code == 404
        assert httpx2.post(f"{witness.url}/add-checkpoint", content=b"x" * 200_000).status_code == 413
        assert httpx2.post(f"{witness.url}/add-checkpoint", content=b"\xff").status_code == 400
    assert Settings(state=tmp_path).witnesses == {}
