"""Whether the server can be reached, and by whom."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from endonym.core.errors import EndonymError
from endonym.evaluate.server import Server
from endonym.wiring.doctor.finding import LOOPBACK, Finding, Found, Patient, State
from endonym.wiring.settings import Settings


def check_port(patient: Patient) -> Found:
    settings = patient.settings
    if settings.port == 0:
        yield Finding("port", "ok", "a free one is taken at each start (port = 0)")
        return
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "localhost") else settings.host
    where = f"port {settings.port} on {settings.host}"
    try:
        socket.create_connection((host, settings.port), timeout=2).close()
    except OSError:
        yield from _free_port(settings, where)
        return
    try:
        answer = Server(f"http://{f'[{host}]' if ':' in host else host}:{settings.port}", timeout_s=5).get("/healthz")
    except EndonymError:
        answer = None
    bundles = answer.body.get("bundles") if answer else None
    if not isinstance(bundles, dict):
        yield Finding("port", "error", f"{where}: expected it free or an Endonym server, found another program", "Stop that program, or set another `port`.")
        return
    patient.served = {str(name): str(digest) for name, digest in bundles.items()}
    yield Finding("port", "ok", f"{where}: a server runs with {', '.join(sorted(patient.served))}")


def _free_port(settings: Settings, where: str) -> Found:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except PermissionError:
            yield Finding("port", "error", f"{where}: expected that it may be opened, found that ports below 1024 are for root",
                          "Set a higher `port` and let a proxy hand on to it.")  # fmt: skip
        except OSError as error:
            yield Finding("port", "error", f"{where}: expected that it can be opened, found: {error.strerror}", "Correct `host` and `port`.")
        else:
            yield Finding("port", "ok", f"{where} is free; no server runs")


def check_access(patient: Patient) -> Found:
    settings, whom = patient.settings, ", ".join(patient.settings.anonymous)
    if settings.host not in LOOPBACK:
        state: State = "warning" if whom else "ok"
        yield Finding("access", state, f"the server listens on {settings.host}: whoever reaches this machine reaches the tutor's pages"
                      + (f", and callers on it need no key for {whom}" if whom else ""),
                      "Set anonymous = [], and let a firewall or a proxy admit your own people alone." if whom else "")  # fmt: skip
    elif not whom:
        yield Finding("access", "ok", "nobody uses the API without a key")
    elif patient.public:
        pass
    elif ports := [port for port in (80, 443) if _listens(port)]:
        yield Finding("access", "warning", f"something listens on port {ports[0]} here; if it hands on to this server, its visitors may count as being on "
                      f"this machine, where {whom} needs no key",
                      "Let the proxy add X-Forwarded-For, and try it: `endonym doctor --public https://your.address`.")  # fmt: skip
    else:
        yield Finding("access", "ok", f"without a key: {whom}, on this machine alone")
    if patient.public:
        yield from _public(patient, whom)


def _public(patient: Patient, whom: str) -> Found:
    server = Server(patient.public, timeout_s=10)
    health = server.get("/healthz")
    bundles = health.body.get("bundles")
    if not isinstance(bundles, dict):
        yield Finding("access", "error", f"{server.address}: expected this server's /healthz, found {health.reason}", "Correct the address, or the proxy.")
        return
    if patient.served is not None and dict(patient.served) != bundles:
        yield Finding("access", "warning", f"{server.address} serves others than this machine does", "Correct the proxy, or restart the servers behind it.")
    if server.get("/v1/models").status == 200:
        yield Finding("access", "error", f"{server.address}: expected that callers from outside need a key, found that they need none"
                      + (f" for {whom}" if whom else ""), "Let the proxy add X-Forwarded-For, or set anonymous = [].")  # fmt: skip
    else:
        yield Finding("access", "ok", f"{server.address}: callers from outside need a key")
    if patient.public.startswith("http://") and urlsplit(patient.public).hostname not in LOOPBACK:
        yield Finding("access", "error", f"{server.address} is not encrypted: keys and conversations can be read on the way", "Set up https at the proxy.")
    if server.get("/").status == 200:
        yield Finding("access", "warning", f"{server.address}: the tutor's pages open without a sign-in, for whoever reaches them",
                      "Let the proxy admit your own network or sign-in alone, unless everybody is meant.")  # fmt: skip


def _listens(port: int) -> bool:
    """Source: proc(5), /proc/net/tcp: the local address in hexadecimal, state 0A is LISTEN."""
    tables = (path for path in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")) if path.is_file())
    rows = (line.split() for path in tables for line in path.read_text().splitlines()[1:])
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)
