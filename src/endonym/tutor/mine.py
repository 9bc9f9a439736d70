"""A student's own pages: what is kept of them, found again, taken away or deleted, and who can see it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.assistant import Assistant
from endonym.seams.engine import Declaration
from endonym.seams.turn import Turn
from endonym.store import Store
from endonym.store.sessions import Session
from endonym.store.store import Kept
from endonym.text.fold import strip_marks
from endonym.tutor import pages
from endonym.tutor.export import export_page
from endonym.tutor.session import COOKIE, end_session, session_of
from endonym.tutor.visitor import Visitor, visitor
from endonym.web.times import day_name, local_day

_PAGE = 50
_SEARCHED = 500
"""How many of the newest turns are opened for one search; they are searched as they are opened, and no index is kept."""

_LONGEST_SEARCH = 200
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in a list. Attributes: found: What stands around the words that were looked for."""

    id: str
    day: str
    question: str
    language: str
    lesson: str
    lesson_language: str
    pack: str
    found: str = ""


def mine_routes(assistants: Mapping[str, Assistant], store: Store, audience: str) -> list[Route]:
    mine = _Mine(assistants, store, audience)
    return [
        Route("/mine", mine.mine, methods=["GET", "POST"]),
        Route("/mine/export.json", mine.as_json),
        Route("/mine/export.html", mine.as_page),
        Route("/mine/delete", mine.ask_delete_all, methods=["GET"]),
        Route("/mine/delete", mine.delete_all, methods=["POST"]),
        Route("/mine/forget", mine.forget, methods=["POST"]),
        Route("/mine/leave", mine.leave, methods=["POST"]),
        Route("/mine/{conversation}/delete", mine.delete, methods=["POST"]),
    ]


class _Mine:
    def __init__(self, assistants: Mapping[str, Assistant], store: Store, audience: str) -> None:
        self._assistants = assistants
        self._store = store
        self._audience = audience

    async def mine(self, request: Request) -> Response:
        """The list; what is looked for is posted, so that it stands in no address, history or log."""
        who, session = self._visitor(request), await session_of(request, self._store)
        form = await request.form(max_fields=5, max_part_size=2000) if request.method == "POST" else {}
        person, find = session.person if session else "", str(form.get("find", "")).strip()[:_LONGEST_SEARCH]
        before = request.query_params.get("before", "")
        rows, older, bounded = await to_thread.run_sync(self._found, who, person, find) if find else (
            *await to_thread.run_sync(self._listed, who, person, before), False)  # fmt: skip
        practised = await to_thread.run_sync(self._store.practice.export, person) if person else []
        break_glass = await to_thread.run_sync(self._store.break_glass.public) is not None
        days = [(day, list(of_day)) for day, of_day in groupby(rows, key=lambda row: row.day)]
        return pages.page("mine.html", who, known=session is not None, ended=session is None and bool(request.cookies.get(COOKIE)),
                              days=days, older=older, find=find, before=before, bounded=_SEARCHED if bounded else 0, practised=len(practised),
                              break_glass=break_glass, keeps=who.assistant.bundle.retention_days, outside=self._outside(),
                              returns=bool(person) and await to_thread.run_sync(self._store.classes.has_return_code, person),
                              student=session is not None and session.role == "student")  # fmt: skip

    async def as_json(self, request: Request) -> Response:
        session = await self._expect(request)
        text = await to_thread.run_sync(lambda: json.dumps(self._store.own_export(session.person), ensure_ascii=False, indent=1))
        return pages.download(text + "\n", "application/json", "endonym.json")

    async def as_page(self, request: Request) -> Response:
        who, session = self._visitor(request), await self._expect(request)
        shown = await to_thread.run_sync(lambda: export_page(who, self._assistants, self._store.own_export(session.person)))
        return pages.download(shown, "text/html; charset=utf-8", "endonym.html")

    async def ask_delete_all(self, request: Request) -> Response:
        await self._expect(request)
        return pages.page("mine_delete.html", self._visitor(request))

    async def delete_all(self, request: Request) -> Response:
        session = await self._expect(request)
        await to_thread.run_sync(self._store.erase_written, session.person)
        return self._back(request)

    async def delete(self, request: Request) -> Response:
        session, conversation = await self._expect(request), request.path_params["conversation"]
        if await to_thread.run_sync(self._store.owner, conversation) != session.person:
            raise HTTPException(404)
        await to_thread.run_sync(self._store.delete_conversation, conversation)
        return self._back(request)

    async def forget(self, request: Request) -> Response:
        """Let go of what was practised, and of nothing else."""
        session = await self._expect(request)
        await to_thread.run_sync(self._store.practice.forget, session.person)
        return self._back(request)

    async def leave(self, request: Request) -> Response:
        """Sign out of this device, and clear what the browser keeps of it."""
        who = self._visitor(request)
        response = pages.page("notice.html", who, message=who.text("mine-left"), remedy=who.text("mine-left-says"))
        await end_session(request, response, self._store)
        return response

    # ---- how

    def _visitor(self, request: Request) -> Visitor:
        """On pages that belong to no pack: the one that the student came from."""
        pack = request.query_params.get("pack", "")
        return visitor(request, self._assistants.get(pack) or next(iter(self._assistants.values())), self._audience)

    def _outside(self) -> list[Declaration]:
        """Services outside that may read, masked, what is written here."""
        served = [assistant for assistant in self._assistants.values() if self._audience in assistant.bundle.contents.head.audiences]
        return list({one.name: one for assistant in served for one in assistant.outside(self._audience)}.values())

    def _back(self, request: Request) -> RedirectResponse:
        return RedirectResponse(f"/mine?pack={self._visitor(request).assistant.bundle.id}", 303)

    async def _expect(self, request: Request) -> Session:
        session = await session_of(request, self._store)
        if session is None:
            raise HTTPException(404)
        return session

    def _listed(self, who: Visitor, person: str, before: str) -> tuple[list[Row], str]:
        """(rows, the moment before which older ones began, or "")."""
        kept = self._store.conversations_of(person, before=before, most=_PAGE + 1)
        return [self._row(who, one) for one in kept[:_PAGE]], kept[_PAGE - 1].started if len(kept) > _PAGE else ""

    def _found(self, who: Visitor, person: str, find: str) -> tuple[list[Row], str, bool]:
        """(the newest conversations that hold every word, "", whether there may be more)."""
        wanted = strip_marks(find).split()
        searched = self._store.newest_turns(person, _SEARCHED)
        around: dict[str, str] = {}
        for conversation, turn in searched:
            if conversation not in around and (quote := _quote(turn, wanted)):
                around[conversation] = quote
        kept = self._store.conversations_of(person, among=tuple(around), most=_PAGE)
        return [self._row(who, one, around[one.id]) for one in kept], "", len(searched) == _SEARCHED or len(around) > _PAGE

    def _row(self, who: Visitor, kept: Kept, found: str = "") -> Row:
        question = kept.first.request.messages[-1].text
        assistant = self._assistants.get(kept.bundle)
        head = assistant.bundle.contents.head if assistant else None
        lesson = assistant.bundle.lesson(kept.first.dialogue.lesson, kept.first.language) if assistant and kept.first.dialogue else None
        started = local_day(kept.started, head.jurisdiction if head else "")
        return Row(kept.id, day_name(started, who.page), question, pages.language_of(who, question), lesson.title if lesson else "",
                   lesson.language if lesson else "", head.title.get(who.page, head.id) if head else kept.bundle, found)  # fmt: skip


def _quote(turn: Turn, wanted: Iterable[str]) -> str:
    """What stands around the first of `wanted` where a turn holds all of them, else ""."""
    for text in (turn.request.messages[-1].text, turn.reply):
        folded = strip_marks(text)
        places = [folded.find(word) for word in wanted]
        if places and min(places) >= 0:
            begin = max(0, places[0] - _AROUND)
            flat = " ".join(text.split())
            return ("… " if begin else "") + flat[begin : places[0] + _AROUND].strip() + (" …" if len(flat) > places[0] + _AROUND else "")
    return ""
