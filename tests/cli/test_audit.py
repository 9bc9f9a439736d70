"""`endonym audit` over a real socket: an honest server agrees, and each planted fault is found."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

import pytest

from endonym.bundle import write_bundle
from endonym.cli.main import main
from endonym.wiring.compose import Composition
from endonym.wiring.packs import compile_pack
from tests.adapters.engines.scripted import scripted
from tests.conftest import TINY
from tests.served import EngineSettings, running

Tamper = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Place:
    address: str
    composition: Composition
    bundle: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server over the tiny pack, and its published bundle."""
    folder = tmp_path_factory.mktemp("audit")
    contents, _ = compile_pack(TINY)
    write_bundle(contents, folder / "tiny.bundle")
    with running([folder / "tiny.bundle"], folder / "state") as (address, composition):
        yield Place(address, composition, folder / "tiny.bundle")


def audit(address: str, bundle: Path, *options: str) -> tuple[int, str]:
    """Exit code and all that is said; in this process, since a new one would read the dictionaries anew."""
    said = io.StringIO()
    arguments = ["endonym", "audit", address, "--bundle", str(bundle), *options]
    with patch.object(sys, "argv", arguments), redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code or 0)), said.getvalue()


@contextmanager
def between(address: str, tamper: Tamper, paths: tuple[str, ...] = ("/v1/chat/completions",)) -> Iterator[str]:
    """The address of a proxy in front of a server that changes what it says at `paths`."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))) or None
            asked = urllib.request.Request(f"{address}{self.path}", body, {"content-type": "application/json"})
            with urllib.request.urlopen(asked, timeout=30) as response:
                said = response.read()
                kind = response.headers["content-type"]
            said = tamper(said) if self.path in paths else said
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_an_honest_server_agrees_and_the_audit_says_what_it_cannot_prove(place: Place) -> None:
    code, said = audit(f"{place.address}/v1/", place.bundle)
    assert code == 0 and "Nothing contradicts the bundle: 3 replies looked at" in said
    said = " ".join(said.split())
    assert "a rule that stands in a prompt is not behaviour" in said and "can tell an auditor's address" in said
    assert said.count("agrees ") == 4 + 3 and "law" in said and "(streamed)" in said


def test_a_model_that_keeps_the_rules_agrees_and_one_that_does_not_is_stopped_before_anybody_sees_it(place: Place, tmp_path: Path) -> None:
    with scripted() as model:
        engine = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{model.port}/v1", model="m", languages=("et", "en"))
        with running([place.bundle], tmp_path / "state", engines={"ours": engine}, chain=("ours",)) as (address, _):
            model.says("Vaata [1]. ", "Mida sa taimedest juba tead?")
            code, said = audit(address, place.bundle)
            assert code == 0 and "ours" in said and "model" in said, said
            model.says("Photosynthesis is the way in which plants make food from light. ", "It happens in all of the green leaves.")
            assert audit(address, place.bundle)[0] == 0


def test_it_is_readable_for_programs_and_repeats_itself_by_its_seed(place: Place) -> None:
    found = [json.loads(audit(place.address, place.bundle, "--format", "json", "--seed", "7", "--probes", "2")[1]) for _ in range(2)]
    assert found[0]["contradictions"] == [] and found[0]["seed"] == 7 and len(found[0]["cannot_prove"]) == 6
    assert [probe["sample"] for probe in found[0]["probes"]] == [probe["sample"] for probe in found[1]["probes"]]


def test_a_server_of_another_bundle_contradicts_also_when_it_claims_the_published_digest(place: Place, tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "tiny")
    rule = tmp_path / "tiny" / "adaptations" / "reply_in_estonian.md"
    rule.write_text(rule.read_text("utf-8").replace("et: Vasta kooli õppekeeles.", "et: Vasta lühidalt ja kooli õppekeeles."), "utf-8")
    with running([tmp_path / "tiny"], tmp_path / "state") as (address, composition):
        code, said = audit(address, place.bundle)
        assert code == 1 and "contradicts  /healthz, digest" in said
        other = composition.bundle(tmp_path / "tiny").digest.encode()
        published = json.loads(audit(place.address, place.bundle, "--format", "json", "--probes", "0")[1])["digest"].encode()
        everywhere = ("/healthz", "/v1/models", "/v1/chat/completions")
        with between(address, lambda body: body.replace(other, published), everywhere) as liar:
            code, said = audit(liar, place.bundle)
    assert code == 1 and "agrees       /healthz, digest" in said
    assert "rule reply_in_estonian, summary: expected 'Vasta kooli õppekeeles.', found 'Vasta lühidalt ja kooli õppekeeles.'" in said


def _without_rules(body: bytes) -> bytes:
    return body.replace(b'"id":"omit_child"', b'"id":"something_else"')


@pytest.mark.parametrize(("tamper", "expected"), [
    (_without_rules, "the rule omit_child is in force by the bundle, the reply does not name it"),
    (lambda body: body.replace(b'"kind":"law"', b'"kind":"note"'), "expected the disclosure of omit_child, whose law this question meets, found none"),
    (lambda body: body.replace(b'"kind":"ai"', b'"kind":"note"'), "expected the disclosure ai, found none"),
    (lambda body: re.sub(rb'"content":"(?=[^"])', b'"content":"You should read the English book about it first of all. ', body, count=1),
     "the check language of reply_in_estonian fails on the reply"),
])  # fmt: skip
def test_a_tampered_reply_contradicts(place: Place, tamper: Tamper, expected: str) -> None:
    with between(place.address, tamper) as address:
        code, said = audit(address, place.bundle)
    assert code == 1 and expected in said, said


def test_a_key_opens_more_audiences(place: Place) -> None:
    key = place.composition.store.access.add_key("auditor", ["teacher"])
    code, said = audit(place.address, place.bundle, "--key", key)
    assert code == 3 and "this one may use teacher" in said and "No reply was looked at" in said


def test_what_does_not_answer_is_no_contradiction(place: Place) -> None:
    code, said = audit("http://127.0.0.1:9", place.bundle)
    assert code == 3 and "expected an answer, found ConnectionRefusedError" in said
    code, said = audit("tutor.example", place.bundle)
    assert code == 2 and "expected an address such as" in said
    code, said = audit(place.address, Path("nowhere.bundle"))
    assert code == 2 and "nowhere.bundle" in said and "does not exist" in said
