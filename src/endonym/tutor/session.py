"""The cookie by which a browser is known again. It holds a random token and says nothing of anybody."""

from __future__ import annotations

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from endonym.store import Store
from endonym.store.sessions import Session, new_person

COOKIE = "endonym_session"
_DAYS = {"student": 365, "teacher": 30, "administrator": 1}


async def session_of(request: Request, store: Store) -> Session | None:
    """Whose browser it is; None where nobody is known. Who teaches is nobody any more from the moment on at which
    neither a key of theirs is in force nor another organisation vouches for them.
    """
    token = request.cookies.get(COOKIE, "")
    session = await to_thread.run_sync(store.sessions.whose, token) if token else None
    return session if session and (session.role == "student" or await to_thread.run_sync(_stands, store, session)) else None


async def teacher_of(request: Request, store: Store) -> Session | None:
    """Which teacher is signed in; None where nobody is."""
    session = await session_of(request, store)
    return session if session and session.role == "teacher" else None


def _stands(store: Store, session: Session) -> bool:
    return store.identities.holds(session.person) or store.access.speaks(session.person, session.role, session.school)


async def expect_owner(request: Request, store: Store, person: str) -> Session | None:
    """Who looks. What somebody owns is shown to nobody else; what nobody is known to own, to whoever holds its address.

    Raises:
        HTTPException: 404, so that nobody learns whether there is something.
    """
    session = await session_of(request, store) if person else None
    if person and (session is None or session.person != person):
        raise HTTPException(404)
    return session


async def begin_session(request: Request, response: Response, store: Store, session: Session | None = None, days: int = 0) -> Session:
    """A new session, told to the browser by `response`; by default that of a student of whom nothing is known. Args: days: Where not those of the role."""
    session = session or Session(new_person(), "student")
    days = days or _DAYS[session.role]
    if old := request.cookies.get(COOKIE, ""):  # nobody goes on with a token that stood there before
        before = await to_thread.run_sync(store.sessions.whose, old)
        await to_thread.run_sync(store.sessions.close, old)
        if before is None or before.person != session.person:
            forget(response)
    token = await to_thread.run_sync(store.sessions.open, session, days)
    response.set_cookie(COOKIE, token, max_age=days * 86_400, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
    return session


async def end_session(request: Request, response: Response, store: Store) -> None:
    """Sign out."""
    if old := request.cookies.get(COOKIE, ""):
        await to_thread.run_sync(store.sessions.close, old)
        forget(response)
    response.delete_cookie(COOKIE, path="/")


def forget(response: Response) -> None:
    """Let the browser forget pages of who was there before, and what it kept for times without network. Source: W3C Clear Site Data."""
    response.headers["clear-site-data"] = '"cache", "storage"'
