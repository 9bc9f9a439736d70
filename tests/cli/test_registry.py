"""`endonym registry` and `endonym lock` against folders and a real web server."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from endonym.cli.main import main
from endonym.core.errors import PackError
from endonym.pack.archive import digest_folder
from endonym.wiring import registry as wiring
from endonym.wiring.registry import Registry, may_redirect
from tests.pack.test_load import edit
from tests.pack.test_lock import school

__all__ = ["school"]


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in this process: the same output and exit code as in one of its own, many times faster."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch, contextlib.chdir(cwd), contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err), pytest.raises(SystemExit) as left,
    ):  # fmt: skip
        patch.setattr(sys, "argv", ["endonym", *arguments])
        for name, value in environment.items():
            patch.setenv(name, value)
        main()
    assert isinstance(left.value.code, int)
    return subprocess.CompletedProcess(arguments, left.value.code, out.getvalue(), err.getvalue())


class _Web(SimpleHTTPRequestHandler):
    """A folder on the web, and some addresses that behave badly."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/away/"):
            self._redirect({"file": "file:///etc/passwd", "ftp": "ftp://127.0.0.1/x", "on": "/index.json", "round": self.path}[self.path.split("/")[2]])
        elif self.path.startswith("/huge/"):
            self._start({"Content-Length": str(10**12)})
        elif self.path.startswith("/endless/"):
            self._start({})
            try:
                while True:
                    self.wfile.write(b" " * 65536)
            except OSError:
                return
        elif self.path.startswith("/slow/"):
            threading.Event().wait(3)
        elif self.path.startswith("/broken/"):
            self._start({"Content-Length": "5000"})
            self.wfile.write(b"{")
        else:
            super().do_GET()

    def _redirect(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.end_headers()

    def _start(self, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Web:
    """A registry's folder served on loopback, until `stop`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.asked: list[str] = []
        handler = type("_Here", (_Web,), {"asked": self.asked})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: handler(*args, directory=str(folder)))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    served = Web(tmp_path / "registry")
    yield served
    served.stop()


@pytest.fixture
def published(school: Path, tmp_path: Path, web: Web) -> Path:
    """The school's pack alone; the one that it extends is published, not beside it."""
    registry = tmp_path / "registry"
    done = run("registry", "add", str(registry), str(school.parent / "tiny"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(school.parent / "tiny")
    (school / "pack.lock").unlink()
    return school


def codes(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [d["code"] for d in json.loads(done.stdout)["diagnostics"] if d["severity"] != "info"]


def test_a_pack_is_published_listed_locked_and_used_without_a_network(published: Path, web: Web, tmp_path: Path) -> None:
    listed = run("registry", "list", web.address, "--format", "json", cwd=tmp_path)
    (row,) = json.loads(listed.stdout)
    assert (row["id"], row["version"], row["layer"], row["file"]) == ("tiny", "0.1.0", "country", "tiny-0.1.0.zip")
    assert "tiny  0.1.0" in run("registry", "list", str(tmp_path / "registry"), cwd=tmp_path).stdout

    before = run("check", str(published), "--format", "json", cwd=tmp_path, ENDONYM_REGISTRY=web.address)
    assert "LY001" in codes(before), "a registry is used through a lock only"

    lock = run("lock", str(published), cwd=tmp_path, ENDONYM_REGISTRY=web.address)
    assert lock.returncode == 0, lock.stderr
    assert f"tiny 0.1.0  registry  {row['digest']}" in lock.stdout and "downloading tiny 0.1.0" in lock.stderr
    assert "unchanged" in run("lock", str(published), "--registry", web.address, cwd=tmp_path).stdout

    web.stop()
    shutil.rmtree(tmp_path / "registry")
    check = run("check", str(published), "--format", "json", cwd=tmp_path, ENDONYM_REGISTRY=web.address)
    assert check.returncode == 0 and json.loads(check.stdout)["packs"] == ["tiny", "school"], check.stdout
    assert run("lock", str(published), "--check", cwd=tmp_path).returncode == 0
    built = run("build", str(published), "-o", "from-registry.bundle", cwd=tmp_path)
    assert built.returncode == 0, built.stderr


def test_the_bundle_is_the_same_from_a_sibling_and_from_the_registry(school: Path, tmp_path: Path) -> None:
    assert run("build", str(school), "-o", "sibling.bundle", cwd=tmp_path).returncode == 0
    run("registry", "add", "registry", str(school.parent / "tiny"), cwd=tmp_path)
    shutil.rmtree(school.parent / "tiny")
    assert run("lock", str(school), "--registry", "registry", cwd=tmp_path).returncode == 0
    assert run("build", str(school), "-o", "registry.bundle", cwd=tmp_path).returncode == 0
    assert (tmp_path / "sibling.bundle").read_bytes() == (tmp_path / "registry.bundle").read_bytes()


def test_a_cold_cache_is_filled_from_the_registry_that_the_settings_name(published: Path, web: Web, tmp_path: Path) -> None:
    run("lock", str(published), "--registry", web.address, cwd=tmp_path)
    shutil.rmtree(tmp_path / ".endonym")
    without = run("check", str(published), cwd=tmp_path)
    assert without.returncode == 1 and "pack.lock takes it from a registry" in without.stdout
    (tmp_path / "endonym.toml").write_text(f'registry = "{web.address}/"')
    assert run("check", str(published), cwd=tmp_path).returncode == 0
    assert (tmp_path / ".endonym/packs/tiny/0.1.0/tiny/pack.toml").is_file()
    assert [path.name for path in (tmp_path / ".endonym/packs/tiny").iterdir()] == ["0.1.0"]


def test_an_address_is_named_whole_with_its_port(published: Path, web: Web, tmp_path: Path) -> None:
    """A registry that has another digest for a version than the lock: the finding is about the registry itself."""
    run("lock", str(published), "--registry", web.address, cwd=tmp_path)
    shutil.rmtree(tmp_path / ".endonym")
    lock = published / "pack.lock"
    lock.write_text(re.sub(r"sha256:\w{64}", f"sha256:{'0' * 64}", lock.read_text("utf-8")), "utf-8")
    done = run("check", str(published), "--format", "json", cwd=tmp_path, ENDONYM_REGISTRY=web.address)
    (found,) = json.loads(done.stdout)["diagnostics"]
    assert (done.returncode, found["file"], found["line"]) == (1, web.address, 1)


def test_what_was_tampered_with_is_refused_naming_both_digests(published: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    archive = registry / "tiny-0.1.0.zip"
    whole = archive.read_bytes()
    archive.write_bytes(whole.replace(b"Tiny", b"Tony"))
    done = run("lock", str(published), "--registry", str(registry), cwd=tmp_path)
    assert done.returncode == 1 and done.stderr.count("sha256:") == 2 and not (published / "pack.lock").exists()
    assert not list((tmp_path / ".endonym").rglob("pack.toml"))

    archive.write_bytes(whole)
    run("lock", str(published), "--registry", str(registry), cwd=tmp_path)
    cached = tmp_path / ".endonym/packs/tiny/0.1.0/tiny"
    right = digest_folder(cached)
    edit(cached, "pack.toml", "Tiny", "Tony")
    done = run("check", str(published), cwd=tmp_path)
    assert done.returncode == 1 and right in done.stdout and digest_folder(cached) in done.stdout
    assert "Remove this folder" in done.stdout


def test_a_version_that_changed_in_the_registry_since_the_lock_is_refused(published: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    run("lock", str(published), "--registry", str(registry), cwd=tmp_path)
    cached = tmp_path / "tiny"
    (tmp_path / ".endonym/packs/tiny/0.1.0/tiny").rename(cached)
    shutil.rmtree(tmp_path / ".endonym")
    right = digest_folder(cached)
    edit(cached, "pack.toml", "Tiny", "Tony")
    (registry / "index.json").unlink()
    assert run("registry", "add", str(registry), str(cached), cwd=tmp_path).returncode == 0
    done = run("check", str(published), cwd=tmp_path, ENDONYM_REGISTRY=str(registry))
    assert done.returncode == 1 and right in done.stdout and digest_folder(cached) in done.stdout
    assert "A published version must never change" in done.stdout
    assert not list(tmp_path.glob(".endonym/packs/tiny/*"))


def test_an_index_that_passes_one_pack_off_as_another_is_refused(published: Path, tmp_path: Path) -> None:
    index = tmp_path / "registry" / "index.json"
    listed = json.loads(index.read_text())
    listed["packs"]["tiny"] = {"0.9.0": listed["packs"]["tiny"]["0.1.0"]}
    index.write_text(json.dumps(listed))
    done = run("lock", str(published), "--registry", str(index.parent), cwd=tmp_path)
    assert done.returncode == 1 and "expected tiny 0.9.0 as the index says, found tiny 0.1.0" in done.stderr
    assert not list((tmp_path / ".endonym").rglob("pack.toml"))


def test_check_says_whether_the_lock_is_current(school: Path, tmp_path: Path) -> None:
    current = run("lock", str(school), "--check", cwd=tmp_path)
    assert (current.returncode, current.stdout) == (0, f"{school}/pack.lock: current\n")
    edit(school.parent / "tiny", "pack.toml", 'version = "0.1.0"', 'version = "0.1.1"')
    outdated = run("lock", str(school), "--check", cwd=tmp_path)
    assert outdated.returncode == 1 and "LY006" in outdated.stdout and "endonym lock" in outdated.stdout
    assert run("lock", str(school), cwd=tmp_path).returncode == 0
    assert run("lock", str(school), "--check", cwd=tmp_path).returncode == 0
    (school / "pack.lock").unlink()
    missing = run("lock", str(school), "--check", cwd=tmp_path)
    assert missing.returncode == 1 and "found none" in missing.stderr and not (school / "pack.lock").exists()


def test_a_conflict_says_who_wants_what(published: Path, tmp_path: Path) -> None:
    edit(published, "pack.toml", "tiny >=0.1,<1", "tiny >=0.5")
    done = run("lock", str(published), "--registry", "registry", cwd=tmp_path)
    assert done.returncode == 1
    assert "tiny: no version fits everybody: school 0.1.0 wants >=0.5; found 0.1.0 (registry)" in done.stderr


def test_only_packs_without_errors_are_published(tiny: Path, tmp_path: Path) -> None:
    edit(tiny, "adaptations/omit_child.md", "basis: law", "basis: opinion")
    done = run("registry", "add", "registry", str(tiny), cwd=tmp_path)
    assert done.returncode == 1 and "1 error(s) and cannot be published" in done.stderr
    assert not (tmp_path / "registry").exists()


def test_an_extended_pack_that_the_registry_lacks_is_pointed_out(school: Path, tmp_path: Path) -> None:
    done = run("registry", "add", "registry", str(school), cwd=tmp_path)
    assert done.returncode == 0 and "Not in this registry, but extended: tiny." in done.stderr


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/nothing", "404"),
        ("/away/file", "Redirection to url 'file:///etc/passwd' is not allowed"),
        ("/away/ftp", "which is refused"),
        ("/away/round", "302"),
        ("/huge", "at most 20,000,000 bytes"),
        ("/endless", "at most 20,000,000 bytes"),
        ("/slow", "timed out"),
        ("/broken", "the transfer broke off"),
    ],
)
def test_a_web_server_that_behaves_badly_ends_in_words(web: Web, path: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "TIMEOUT_S", 0.5)
    with pytest.raises(PackError, match=says) as caught:
        Registry(web.address + path).index()
    assert caught.value.remedy and caught.value.origin == f"{web.address}{path}/index.json"


def test_a_redirect_on_the_web_is_followed(published: Path, web: Web) -> None:
    assert Registry(f"{web.address}/away/on").index().versions("tiny") == ["0.1.0"]


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("http://a/x", "https://a/x", True),
        ("https://a/x", "https://b/x", True),
        ("http://a/x", "http://b/x", True),
        ("https://a/x", "http://a/x", False),
        ("https://a/x", "file:///x", False),
        ("http://a/x", "ftp://a/x", False),
        ("http://a/x", "data:,x", False),
    ],
)
def test_redirects_stay_on_the_web_and_never_drop_encryption(old: str, new: str, allowed: bool) -> None:
    assert may_redirect(old, new) is allowed


@pytest.mark.parametrize("address", ["file:///tmp", "ftp://127.0.0.1/x", "s3://bucket"])
def test_other_schemes_are_refused(address: str, tmp_path: Path) -> None:
    done = run("registry", "list", address, cwd=tmp_path)
    assert done.returncode == 1 and "expected a folder or an http(s) address" in done.stderr


def test_wrong_use_says_what_to_do(tiny: Path, tmp_path: Path) -> None:
    nowhere = run("registry", "list", "nowhere", cwd=tmp_path)
    assert nowhere.returncode == 1 and "`endonym registry add DIR PACK` makes one" in nowhere.stderr
    onto_the_web = run("registry", "add", "https://packs.example.org", str(tiny), cwd=tmp_path)
    assert onto_the_web.returncode == 2 and "expected a folder" in onto_the_web.stderr
    for command in (["registry"], ["registry", "add"], ["registry", "list"], ["lock"]):
        assert "Example" in run(*command, "--help", cwd=tmp_path).stdout
