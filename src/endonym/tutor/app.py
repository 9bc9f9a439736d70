"""Routes of the tutor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from endonym.assistant import Assistant
from endonym.core.errors import EndonymError
from endonym.seams.identity import Identity
from endonym.store import Store
from endonym.tutor import pages
from endonym.tutor.admin import admin_routes
from endonym.tutor.classes import class_routes
from endonym.tutor.correct import correct_routes
from endonym.tutor.course import course_routes
from endonym.tutor.desk import Desk
from endonym.tutor.faults import log, status_of, told
from endonym.tutor.guarded import Guarded
from endonym.tutor.lti import lti_routes
from endonym.tutor.mine import mine_routes
from endonym.tutor.operation import Operation
from endonym.tutor.practice import practice_routes
from endonym.tutor.services import Services
from endonym.tutor.session import COOKIE, session_of
from endonym.tutor.shell import shell_routes
from endonym.tutor.sign_in import sign_in_routes
from endonym.tutor.talks import Record, Talks
from endonym.tutor.teach import teach_routes
from endonym.tutor.visitor import LEARN_COOKIE, PAGE_COOKIE, Visitor, visitor
from endonym.tutor.why import why_routes
from endonym.tutor.written import reads_pictures

_STATIC = {".css": "text/css", ".js": "text/javascript", ".txt": "text/plain", ".svg": "image/svg+xml", ".png": "image/png"}
_YEAR = 31_536_000


def tutor_app(
    assistants: Mapping[str, Assistant], store: Store, record: Record, identity: Identity | None = None, audience: str = "student",
    operation: Operation | None = None, services: Services | None = None,
) -> ASGIApp:  # fmt: skip
    """The tutor over one or more packs, for one audience.

    Args:
        record: The last stage of a turn, with the person whose it is and its conversation.
        identity: Who may say who somebody is.
        operation: What the operator has set up, for administrators.
        services: What is served beside turns.
    """
    services = services or Services()
    tutor, talks = _Tutor(assistants, store, audience, services), Talks(assistants, store, record, audience, services)
    desk = Desk(dict(assistants), store, talks.begun, audience, identity or Identity(), services)
    return Guarded(Starlette(
        routes=[
            Route("/", tutor.home),
            Route("/t/{bundle}", tutor.start),
            Route("/t/{bundle}/outcomes", tutor.outcomes),
            Route("/passages/{bundle}/{document}/{anchor}", tutor.passage),
            Route("/rules/{bundle}", tutor.rules),
            Route("/static/{name}", tutor.static),
            *talks.routes(),
            *why_routes(assistants, store, audience),
            *class_routes(desk),
            *correct_routes(desk),
            *teach_routes(desk),
            *sign_in_routes(desk),
            *lti_routes(desk),
            *course_routes(desk),
            *admin_routes(desk, operation or Operation()),
            *mine_routes(assistants, store, audience),
            *practice_routes(assistants, store, audience),
            *shell_routes(assistants, audience),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)],  # what is streamed is left as it is
        exception_handlers={HTTPException: tutor.lost, EndonymError: tutor.failed, Exception: tutor.failed},
    ))  # fmt: skip


class _Tutor:
    """Pages that are the same whoever looks, and what is shown where there is none."""

    def __init__(self, assistants: Mapping[str, Assistant], store: Store, audience: str, services: Services) -> None:
        self._assistants = dict(assistants)
        self._services = services
        self._store = store
        self._audience = audience

    async def home(self, request: Request) -> Response:
        if len(self._assistants) == 1:
            return RedirectResponse(f"/t/{next(iter(self._assistants))}")
        choices = [(self._visitor(request, assistant), assistant) for assistant in self._assistants.values()]
        return pages.page("home.html", choices[0][0], choices=choices)

    async def start(self, request: Request) -> Response:
        assistant = self._assistant(request.path_params["bundle"])
        who = self._visitor(request, assistant)
        response = pages.start_page(who, pictures=reads_pictures(who, self._services))
        for name, given in ((PAGE_COOKIE, "page"), (LEARN_COOKIE, "learn")):
            if request.query_params.get(given) in assistant.bundle.languages:
                response.set_cookie(name, request.query_params[given], max_age=_YEAR, samesite="lax", httponly=True)
        return response

    async def outcomes(self, request: Request) -> Response:
        who = self._visitor(request, self._assistant(request.path_params["bundle"]))
        return pages.page("outcomes.html", who, subjects=pages.outcomes(who))

    async def passage(self, request: Request) -> Response:
        assistant = self._assistant(request.path_params["bundle"])
        passages = pages.document(assistant.bundle, request.path_params["document"])
        anchor = request.path_params["anchor"]
        if anchor not in {passage.anchor for passage in passages}:
            raise HTTPException(404)
        quote = request.query_params.get("quote", "")[:2000]
        return pages.page("passage.html", self._visitor(request, assistant), passages=passages, anchor=anchor, quote=quote,
                          marked=pages.marked, sources=assistant.bundle.sources)  # fmt: skip

    async def rules(self, request: Request) -> Response:
        assistant = self._assistant(request.path_params["bundle"])
        who = self._visitor(request, assistant)
        return pages.page("rules.html", who, rules=assistant.rules(self._audience, who.page))

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        kind, found = _STATIC.get("." + name.rpartition(".")[2]), _file(name)
        if kind is None or found is None:
            raise HTTPException(404)
        return Response(found, media_type=kind, headers={"cache-control": "public, max-age=3600"})

    # ---- faults

    async def lost(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        who = self._visitor(request, next(iter(self._assistants.values())))
        if request.cookies.get(COOKIE) and await session_of(request, self._store) is None:
            return pages.page("notice.html", who, status, message=who.text("mine-ended"), remedy=who.text("mine-ended-says"))
        return pages.page("notice.html", who, status, message=who.text("tutor-not-found"), remedy=who.text("tutor-not-found-remedy"))

    async def failed(self, request: Request, error: Exception) -> Response:
        log.error("page.failed", path=request.url.path, error=type(error).__name__, detail=str(error)[:300])
        who = self._visitor(request, next(iter(self._assistants.values())))
        return pages.page("notice.html", who, status_of(error), message=told(who, error))

    # ---- who

    def _assistant(self, bundle: str) -> Assistant:
        if bundle not in self._assistants:
            raise HTTPException(404)
        return self._assistants[bundle]

    def _visitor(self, request: Request, assistant: Assistant) -> Visitor:
        return visitor(request, assistant, self._audience)


@lru_cache(maxsize=64)
def _file(name: str) -> bytes | None:
    file = resources.files("endonym.web").joinpath("static", name)
    return file.read_bytes() if "/" not in name and file.is_file() else None
