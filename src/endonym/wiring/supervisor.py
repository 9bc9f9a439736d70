"""Worker processes on one listening socket: as many as wanted, replaced when they die, exchanged without dropping a request.

The supervisor itself loads nothing. Signals: TERM and INT let every worker finish its streams and stop; HUP starts new
workers, which read packs and settings anew, and stops the old ones when those are ready.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from endonym.core.errors import SettingsError
from endonym.wiring.telemetry import ended

log = structlog.get_logger()

_LONGEST_PAUSE_S = 30.0
"""Between two tries where workers die before they are ready; it doubles from two seconds on."""
_AFTER_GRACE_S = 15.0
"""How long a worker may take to stop after its streams had to end."""


@dataclass(slots=True)
class _Worker:
    """Its standard input is its lifeline: it stops when that closes, however the supervisor ended."""

    process: subprocess.Popen[bytes]
    reports: int
    ready: bool = False
    said: bytes = b""


@dataclass(slots=True)
class Supervisor:
    """Args: command: Starts a worker, given `--worker LISTENER REPORTS`; started: told once what the first worker serves."""

    command: Sequence[str]
    count: int
    grace_s: float
    listener: socket.socket
    started: Callable[[dict[str, Any]], None]
    _workers: list[_Worker] = field(default_factory=list)
    _leaving: list[_Worker] = field(default_factory=list)
    _deaths: int = 0
    _code: int = 0
    _files: list[str] = field(default_factory=list)
    _not_before: float = 0.0
    _told: bool = False
    _stop: bool = False
    _reload: bool = False

    def run(self) -> int:
        """Until a signal ends it; the exit code."""
        self.listener.set_inheritable(True)
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        old_wakeup = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        old = {number: signal.signal(number, handler) for number, handler in (
            (signal.SIGTERM, self._on_stop), (signal.SIGINT, self._on_stop), (signal.SIGHUP, self._on_reload), (signal.SIGCHLD, lambda *_: None))}  # fmt: skip
        try:
            return self._watch(woken)
        finally:
            for worker in (*self._workers, *self._leaving):
                if worker.process.poll() is None:
                    worker.process.terminate()
            for worker in (*self._workers, *self._leaving):
                self._end(worker)
            signal.set_wakeup_fd(old_wakeup)
            for number, handler in old.items():
                signal.signal(number, handler)
            os.close(woken)
            os.close(wake)

    def _watch(self, woken: int) -> int:
        self._workers.append(self._start())
        while not self._stop:
            self._hear(woken)
            self._bury()
            if self._deaths and not self._told:
                return self._code or 3
            if self._reload:
                self._reload = False
                self._exchange(woken)
            if self._told and len(self._workers) < self.count and time.monotonic() >= self._not_before:
                self._workers.append(self._start(self._files))
        return 0

    def _start(self, files: Sequence[str] = ()) -> _Worker:
        """Args: files: The bundles that the others serve; without them packs are read anew."""
        reports, told = os.pipe()
        os.set_inheritable(told, True)
        listener = self.listener.fileno()
        served = [word for file in files for word in ("--served", file)]
        process = subprocess.Popen([*self.command, "--worker", str(listener), str(told), *served], stdin=subprocess.PIPE, pass_fds=(listener, told))
        os.close(told)
        return _Worker(process, reports)

    def _hear(self, woken: int, seconds: float = 1.0) -> None:
        """Wait for a signal, for a death, or for what a worker reports."""
        with selectors.DefaultSelector() as selector:
            selector.register(woken, selectors.EVENT_READ)
            for worker in self._workers:
                if not worker.ready:
                    selector.register(worker.reports, selectors.EVENT_READ, worker)
            for key, _ in selector.select(seconds):
                data = os.read(key.fd, 65536)
                worker = key.data
                if worker is None:
                    continue
                worker.said += data
                if worker.said.endswith(b"\n"):
                    worker.ready, self._deaths = True, 0
                    self._files = json.loads(worker.said)["files"]
                    if not self._told:
                        self._told = True
                        self.started(json.loads(worker.said))
                elif not data:
                    time.sleep(0.01)  # its death is noticed next

    def _bury(self) -> None:
        for worker in list(self._workers):
            if worker.process.poll() is not None:
                self._workers.remove(worker)
                os.close(worker.reports)
                ended(worker.process.pid)
                if not self._stop:
                    self._deaths += not worker.ready
                    self._code = max(worker.process.returncode, 0)
                    self._not_before = time.monotonic() + (min(2.0**self._deaths, _LONGEST_PAUSE_S) if self._deaths else 0.0)
                    if self._told:
                        log.error("worker.died", pid=worker.process.pid, code=worker.process.returncode)
        for worker in list(self._leaving):
            if worker.process.poll() is not None:
                self._leaving.remove(worker)
                os.close(worker.reports)
                ended(worker.process.pid)

    def _exchange(self, woken: int) -> None:
        """New workers for old ones; where the first new one does not start, the old ones stay."""
        before, self._workers = self._workers, [self._start()]
        first = self._workers[0]
        while not first.ready and first.process.poll() is None and not self._stop:
            self._hear(woken)
        if not first.ready:
            self._end(first)
            os.close(first.reports)
            self._workers = before
            log.error("reload.failed", remedy="Mend what the messages above name; the old workers go on.")
            return
        self._leaving += before
        for worker in before:
            worker.process.terminate()
        log.info("reload.done", workers=self.count)

    def _end(self, worker: _Worker) -> None:
        if worker.process.poll() is None:
            worker.process.terminate()
            try:
                worker.process.wait(self.grace_s + _AFTER_GRACE_S)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()

    def _on_stop(self, *_: object) -> None:
        self._stop = True

    def _on_reload(self, *_: object) -> None:
        self._reload = True


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises: SettingsError: The address is taken or not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise SettingsError(f"port {port} on {host}: {error.strerror}", origin="--port",
                            remedy="Stop what uses it, or give --port 0.") from None  # fmt: skip
    return listener


def worker_command() -> list[str]:
    """How this very command is started again."""
    return [sys.executable, "-m", "endonym", *sys.argv[1:]]
