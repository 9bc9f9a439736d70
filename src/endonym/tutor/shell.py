"""What a browser needs to keep the tutor at hand: its manifest, its worker for times without network, and the size of the text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.assistant import Assistant
from endonym.tutor.visitor import PLAIN_COOKIE, SIZE_COOKIE, SIZES, visitor
from endonym.web.languages import direction

_YEAR = 31_536_000
_GROUND, _ACCENT = "#fbfaf7", "#0b5d57"


def shell_routes(assistants: Mapping[str, Assistant], audience: str) -> list[Route]:
    shell = _Shell(assistants, audience)
    return [
        Route("/size", shell.size, methods=["POST"]),
        Route("/worker.js", shell.worker),
        Route("/t/{bundle}/manifest.webmanifest", shell.manifest),
    ]


class _Shell:
    def __init__(self, assistants: Mapping[str, Assistant], audience: str) -> None:
        self._assistants = assistants
        self._audience = audience

    async def size(self, request: Request) -> Response:
        """Remember the size of the text, or that simple language is wanted, in a cookie, and go back."""
        form = await request.form(max_fields=5, max_part_size=4000)
        back = str(form.get("back") or "/")
        response = RedirectResponse(back if _ours(back) else "/", 303)
        if form.get("size") in SIZES:
            response.set_cookie(SIZE_COOKIE, str(form["size"]), max_age=_YEAR, samesite="lax", httponly=True)
        if form.get("plain") in ("0", "1"):
            response.set_cookie(PLAIN_COOKIE, str(form["plain"]), max_age=_YEAR, samesite="lax", httponly=True)
        return response

    async def worker(self, request: Request) -> Response:
        """At the root, so that it serves every page."""
        source = resources.files("endonym.web").joinpath("static", "worker.js").read_bytes()
        return Response(source, media_type="text/javascript", headers={"cache-control": "no-cache"})

    async def manifest(self, request: Request) -> Response:
        """Source: W3C Web Application Manifest."""
        bundle = request.path_params["bundle"]
        if bundle not in self._assistants:
            raise HTTPException(404)
        who = visitor(request, self._assistants[bundle], self._audience)
        head = who.assistant.bundle.contents.head
        name = head.title.get(who.page) or head.id
        manifest = {
            "id": f"/t/{bundle}", "name": name, "short_name": name, "description": who.text("tutor-lead"), "lang": who.page, "dir": direction(who.page),
            "start_url": f"/t/{bundle}", "scope": "/", "display": "standalone", "background_color": _GROUND, "theme_color": _ACCENT,
            "icons": [
                {"src": "/static/mark.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
                {"src": "/static/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
                {"src": "/static/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
                {"src": "/static/icon-maskable.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
            ],
        }  # fmt: skip
        return Response(json.dumps(manifest, ensure_ascii=False), media_type="application/manifest+json", headers={"vary": "cookie, accept-language"})


def _ours(address: str) -> bool:
    """Whether it is a path of this site: browsers read `//host` and `/\\host` as another one."""
    return address.startswith("/") and address[1:2] not in ("/", "\\") and not any(ord(letter) < 32 for letter in address)
