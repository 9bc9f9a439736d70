"""What holds for every answer of the tutor: security headers, of which one may bring its own policy, what may be kept, what is compressed, and forms of our own pages only."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from endonym.tutor.style import DIGEST

_SELF, _NONE = "'self'", "'none'"
FOREIGN = frozenset({"/lti/login", "/lti/launch"})
"""Where the page of a learning platform sends a browser with a form, which is signed."""


def policy(frames: Iterable[str] = (), forms: Iterable[str] = ()) -> str:
    """What a browser may do on a page. Args: frames: Origins that may show it inside their own; forms: Origins besides ours that its forms go to."""
    return (f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{DIGEST}'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
            f"form-action {' '.join((_SELF, *forms))}; base-uri 'none'; frame-ancestors {' '.join(frames) or _NONE}")  # fmt: skip


_HEADERS = {
    b"content-security-policy": policy().encode(),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"cross-origin-opener-policy": b"same-origin",
}
_PUBLIC = ("/t/", "/rules/", "/passages/", "/static/")
"""Pages that are the same whoever is signed in. Of any other nothing may be kept: a page that is added is private until it stands here."""


class Guarded:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "POST" and scope["path"] not in FOREIGN and not _same_origin(dict(scope["headers"])):
            await Response("This form was sent from another site.", 403)(scope, receive, send)
            return
        private = scope["method"] == "POST" or not (scope["path"] == "/" or scope["path"].startswith(_PUBLIC))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                named = {name.lower() for name, _ in own}
                headers = [*own, *((name, value) for name, value in _HEADERS.items() if name not in named)]
                if private and not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, with_headers)


def _same_origin(headers: dict[bytes, bytes]) -> bool:
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin.decode("latin-1")).netloc == headers.get(b"host", b"").decode("latin-1")
