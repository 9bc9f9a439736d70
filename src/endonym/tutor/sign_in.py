"""Signing in with the account that a school gave: out to an identity provider, and back once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, get_args

import structlog
from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.core.errors import IdentityError
from endonym.seams.identity import Arrival, IdentityProvider, Standing
from endonym.store.access import ADMINISTRATOR
from endonym.store.sessions import Role, Session
from endonym.tutor import pages
from endonym.tutor.desk import Desk, field, form_of
from endonym.tutor.session import begin_session, session_of

_GOING = "endonym_going_"
_MINUTES = 10
_HOMES = {"student": "/class", "teacher": "/teach", "administrator": "/admin"}
_STATUS = {"unreachable": 502, "unready": 503}
log = structlog.get_logger()


def sign_in_routes(desk: Desk) -> list[Route]:
    here = _SignIn(desk)
    return [
        Route("/sign-in", here.page),
        Route("/sign-in/choose", here.choose, methods=["POST"]),
        Route("/sign-in/{name}", here.go),
        Route("/sign-in/{name}/back", here.back),
    ]


class _SignIn:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.store

    async def page(self, request: Request) -> Response:
        providers = self._desk.identity.providers
        if not providers:
            raise HTTPException(404)
        session = await session_of(request, self._store)
        return pages.page("sign_in.html", self._desk.greeter(request), providers=providers, nameless=session is not None and session.role == "student")

    async def go(self, request: Request) -> Response:
        """Out to the provider. What must be known at the return stays here; the browser takes a ticket and a cookie along."""
        provider = self._provider(request)
        try:
            state, mark = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            departure = await self._desk.outward(provider.depart, self._address(request, provider), state, self._desk.greeter(request).page)
        except IdentityError as error:
            return self._refused(request, provider.title, error)
        keep = {**departure.keep, "provider": provider.name, "mark": mark}
        await to_thread.run_sync(self._store.identities.give_ticket, "sign_in", keep, _MINUTES, state)
        response = RedirectResponse(departure.address, 302, {"cache-control": "no-store"})
        response.set_cookie(going(state), mark, max_age=_MINUTES * 60, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/sign-in")
        return response

    async def back(self, request: Request) -> Response:
        provider, query = self._provider(request), dict(request.query_params)
        state = query.get("state", "")[:200]
        try:
            if "error" in query and not state:  # some providers forget it; nobody is signed in by this
                raise IdentityError(f"{provider.name}: {query['error'][:100]!r}", "cancelled")
            keep = await taken(self._desk, "sign_in", state, request.cookies.get(going(state), ""))
            if keep["provider"] != provider.name:
                raise IdentityError("begun with another provider", "forged")
            arrival = await self._desk.outward(provider.arrive, self._address(request, provider), query, keep)
            response = await self._arrived(request, provider, arrival)
        except IdentityError as error:
            response = self._refused(request, provider.title, error)
        response.delete_cookie(going(state), path="/sign-in")
        return response

    async def _arrived(self, request: Request, provider: IdentityProvider, arrival: Arrival) -> Response:
        counted = [one for one in arrival.standings if one.role in get_args(Role)]
        if not counted:
            raise IdentityError(f"{provider.name}: no role that counts here", "role")
        if len(counted) == 1:
            return await self._enter(request, provider, arrival.issuer, arrival.subject, counted[0])
        keep = {"provider": provider.name, "issuer": arrival.issuer, "subject": arrival.subject, "as": [[one.role, one.school, one.group] for one in counted]}
        ticket = await to_thread.run_sync(self._store.identities.give_ticket, "choose", keep)
        return pages.page("sign_in_choose.html", self._desk.greeter(request), ticket=ticket, standings=counted)

    async def choose(self, request: Request) -> Response:
        """As whom, where somebody is more than one."""
        form = await form_of(request)
        keep = await to_thread.run_sync(self._store.identities.take_ticket, "choose", field(form, "ticket"))
        provider = self._desk.identity.providers.get(keep["provider"]) if keep else None
        number = field(form, "as")
        if keep is None or provider is None or not number.isdecimal() or int(number) >= len(keep["as"]):
            return self._refused(request, provider.title if provider else "", IdentityError("the choice is not known", "stale"))
        return await self._enter(request, provider, keep["issuer"], keep["subject"], Standing(*keep["as"][int(number)]))

    async def _enter(self, request: Request, provider: IdentityProvider, issuer: str, subject: str, standing: Standing) -> Response:
        person = await to_thread.run_sync(self._store.identities.person, issuer, subject, standing.role, standing.school)
        response = RedirectResponse(_HOMES[standing.role], 303)
        if standing.role == "student" and not await to_thread.run_sync(self._store.classes.joined, person):
            response = RedirectResponse("/", 303)
        if standing.role == ADMINISTRATOR:
            await to_thread.run_sync(self._store.deeds.note, person, standing.school, "sign-in")
        await begin_session(request, response, self._store, Session(person, _role(standing.role), standing.school), provider.days)
        return response

    # ---- how

    def _provider(self, request: Request) -> IdentityProvider:
        provider = self._desk.identity.providers.get(request.path_params["name"])
        if provider is None:
            raise HTTPException(404)
        return provider

    def _address(self, request: Request, provider: IdentityProvider) -> str:
        return f"{base_of(self._desk, request)}/sign-in/{provider.name}/back"

    def _refused(self, request: Request, title: str, error: IdentityError) -> Response:
        return refused(self._desk, request, title, error, "sign-in-again", onward="/sign-in")


def going(state: str) -> str:
    """The name of the cookie that goes with a departure, so that two at once do not meet."""
    return _GOING + sha256(state.encode()).hexdigest()[:12]


async def taken(desk: Desk, purpose: str, state: str, mark: str) -> dict[str, Any]:
    """What was kept for who comes back. The ticket is gone whatever follows.

    Args:
        mark: Of the cookie, by which it is the browser that left.

    Raises:
        IdentityError: It was begun elsewhere or too long ago, or somebody came back with it before.
    """
    keep = await to_thread.run_sync(desk.store.identities.take_ticket, purpose, state) if state else None
    if keep is None or not hmac.compare_digest(str(keep["mark"]).encode(), mark.encode()):
        raise IdentityError("no such departure of this browser", "stale")
    return keep


def base_of(desk: Desk, request: Request) -> str:
    """Under which address people come back: that of the settings, and on this machine the one that was asked.

    Raises:
        IdentityError: Neither.
    """
    if desk.identity.address:
        return desk.identity.address
    host = request.url.hostname or ""
    try:
        local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise IdentityError("the setting `address` is empty", "unready")
    return str(request.base_url).rstrip("/")


def refused(
    desk: Desk, request: Request, title: str, error: IdentityError, remedy: str, headers: Mapping[str, str] | None = None, onward: str = ""
) -> Response:
    """A page that says in the visitor's language why nobody was signed in; what exactly was wrong stands in the log. Args: onward: Where to begin anew."""
    log.warning("sign_in.refused", provider=title, fault=error.fault, detail=error.message[:300])
    who = desk.greeter(request)
    response = pages.page("notice.html", who, _STATUS.get(error.fault, 403), message=who.text(f"sign-in-{error.fault}", name=title), remedy=who.text(remedy),
                     onward=onward)  # fmt: skip
    response.headers.update(headers or {})
    return response


def _role(name: str) -> Role:
    return next(role for role in get_args(Role) if role == name)
