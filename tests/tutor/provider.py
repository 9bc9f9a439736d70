"""Identity providers for tests: a real one of somebody else's (oidc-provider-mock), and one that signs whatever a test wants."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "endonym"


@contextmanager
def somebody_elses(users: dict[str, dict[str, object]]) -> Iterator[str]:
    """The issuer of an oidc-provider-mock with these users."""
    from oidc_provider_mock import User, run_server_in_thread

    with run_server_in_thread(require_nonce=True, user_claims=[User(sub=sub, claims=claims) for sub, claims in users.items()]) as server:
        yield f"http://localhost:{server.server_port}"


class Forger:
    """A provider whose next answers a test decides. Attributes: token: Makes the id_token of a nonce; userinfo: What that endpoint says."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.changes: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {"sub": "s-1"}
        self.nonce = ""
        self.status = 200
        self.asked: list[dict[str, str]] = []

    def claims(self) -> dict[str, Any]:
        now = int(time.time())
        said = {"iss": self.issuer, "sub": "s-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonce, "role": "pupil", "school": "1", **self.changes}
        return {name: value for name, value in said.items() if value is not None}

    def id_token(self) -> str:
        if self.header["alg"] in ("none", "HS256"):  # unsigned, or signed with the public key, which a careless verifier would take for a secret
            told = ".".join(_encoded(json.dumps(part).encode()) for part in (self.header, self.claims()))
            signature = hmac.digest(self.key.as_pem(private=False), told.encode(), "sha256") if self.header["alg"] == "HS256" else b""
            return f"{told}.{_encoded(signature)}"
        if self.header["kid"] == "stranger":
            return jwt.encode({"alg": "RS256", "kid": "one"}, self.claims(), RSAKey.generate_key(2048))
        return jwt.encode(self.header, self.claims(), self.key)

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth", "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys", "userinfo_endpoint": f"{self.issuer}/me"}  # fmt: skip
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False, alg="RS256", use="sig")]}
        if path == "/me":
            return self.userinfo
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": self.id_token()}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def forging() -> Iterator[Forger]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(forger.answer(self.path)).encode()
            self.send_response(forger.status if self.path == "/token" else 200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def log_message(self, *arguments: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forger = Forger(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield forger
    finally:
        server.shutdown()
        server.server_close()
