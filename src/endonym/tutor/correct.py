"""A teacher corrects a reply of the tutor: what was wrong, and what a good reply holds, about a question that names nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any, get_args

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.seams.turn import Turn
from endonym.store.corrections import Correction, Wrong
from endonym.store.sessions import Session
from endonym.tutor import pages
from endonym.tutor.desk import Desk, field, form_of, moment
from endonym.tutor.session import teacher_of
from endonym.tutor.visitor import Visitor, visitor

MOST_ASKED = 6
"""Messages of a conversation, up to the reply, that a correction may hold."""
_MOST_TEXT = 4000
_MOST_LINES = 12
_COMMA = re.compile(r"(?<!\d),|,(?!\d)|[،，、]")
"""What stands between words, but not in a number such as 2,5."""
_KINDS: tuple[Wrong, ...] = get_args(Wrong)
_JUDGED_ALONE: frozenset[Wrong] = frozenset(("gave_answer", "wrong_language", "off_curriculum"))
"""Kinds that a machine can judge without being told what a reply must hold."""


def correct_routes(desk: Desk) -> list[Route]:
    here = _Correct(desk)
    return [
        Route("/teach/corrections", here.mine),
        Route("/teach/corrections/{correction}/delete", here.delete, methods=["POST"]),
        Route("/teach/correct/{conversation}/{turn}", here.correct, methods=["GET", "POST"]),
    ]


class _Correct:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.store

    async def correct(self, request: Request) -> Response:
        """The form about one reply, and what it sends."""
        session = await teacher_of(request, self._store)
        if session is None:
            return RedirectResponse("/teach", 303)
        who, empty, turn = await to_thread.run_sync(self._about, request, session)
        if request.method == "GET":
            return self._form(who, turn, empty)
        names = await to_thread.run_sync(self._store.rosters.names_of, session.person)
        read, problem = await to_thread.run_sync(_read, who, await form_of(request), empty, names)
        if problem:
            return self._form(who, turn, read, who.text(problem), 422)
        if await to_thread.run_sync(self._store.corrections.add, session.person, read) is None:
            return self._form(who, turn, read, who.text("correct-most"), 422)
        return RedirectResponse("/teach/corrections", 303)

    def _form(self, who: Visitor, turn: Turn, typed: Correction, problem: str = "", status: int = 200) -> Response:
        lines = ["\n".join(", ".join(words) for words in typed.must), "\n".join(typed.must_not)]
        return pages.page("teach_correct.html", who, status, turn=turn, typed=typed, must=lines[0], must_not=lines[1], kinds=_KINDS, problem=problem,
                     most=_MOST_TEXT)  # fmt: skip

    def _about(self, request: Request, session: Session) -> tuple[Visitor, Correction, Turn]:
        """(who is looking, a correction to be filled in, the turn), where the teacher may see the reply; else there is nothing here."""
        conversation = request.path_params["conversation"]
        settings = self._store.conversation(conversation)
        if settings is None or settings["bundle"] not in self._desk.assistants or not self._sees(session, conversation):
            raise HTTPException(404)
        turns = self._store.turns(conversation)
        at = next((at for at, turn in enumerate(turns) if turn.id == request.path_params["turn"]), None)
        if at is None:
            raise HTTPException(404)
        who = replace(visitor(request, self._desk.assistants[settings["bundle"]], settings["audience"]), learning=settings["learning"])
        names = self._store.rosters.names_of(session.person)
        turn, asked = turns[at], [one.request.messages[-1].text for one in turns[max(0, at + 1 - MOST_ASKED) : at + 1]]
        empty = Correction(settings["bundle"], settings["audience"], settings["learning"], turn.language, (), who.assistant.nameless(asked, turn.question_language, names),
                           attempts=turn.dialogue.attempts if turn.dialogue else 0)  # fmt: skip
        return who, empty, turn

    def _sees(self, session: Session, conversation: str) -> bool:
        """A preview of their own, or what a student of a class of theirs shares now."""
        if self._store.owner(conversation) == session.person:
            return True
        work = self._store.classes.work(conversation)
        return bool(work and work.shared and self._store.classes.of_teacher(work.group, session.person, session.school))

    async def mine(self, request: Request) -> Response:
        session = await teacher_of(request, self._store)
        if session is None:
            return RedirectResponse("/teach", 303)
        who = self._desk.greeter(request)
        found: list[dict[str, Any]] = [
            {"one": one, "day": moment(who, one.made), "pack": self._title(one.bundle, who.page)}
            for one in await to_thread.run_sync(self._store.corrections.of, session.person)
        ]
        return pages.page("teach_corrections.html", who, school=session.school, found=found, keeps=who.assistant.bundle.retention_days)

    async def delete(self, request: Request) -> Response:
        session = await teacher_of(request, self._store)
        if session is None:
            return RedirectResponse("/teach", 303)
        if not await to_thread.run_sync(partial(self._store.corrections.delete, session.person, request.path_params["correction"])):
            raise HTTPException(404)
        return RedirectResponse("/teach/corrections", 303)

    def _title(self, bundle: str, language: str) -> str:
        assistant = self._desk.assistants.get(bundle)
        return pages.title(assistant.bundle.contents.head.title, language) if assistant else bundle


def _read(who: Visitor, form: FormData, empty: Correction, names: tuple[str, ...]) -> tuple[Correction, str]:
    """(what was sent, without personal data that is recognised in it; what is wrong with it or "")."""
    chosen = form.getlist("kind")
    asked = tuple(field(form, f"asked-{number}", _MOST_TEXT) for number in range(len(empty.asked)))
    written = [field(form, name, _MOST_TEXT) for name in ("must", "must_not", "better")]
    clean = who.assistant.nameless((*asked, *written), who.learning, names)
    must, must_not, better = clean[len(asked) :]
    read = replace(
        empty, kinds=tuple(kind for kind in _KINDS if kind in chosen), asked=clean[: len(asked)], better=better,
        must=tuple(words for line in _lines(must) if (words := tuple(filter(None, (word.strip() for word in _COMMA.split(line)))))), must_not=_lines(must_not),
    )  # fmt: skip
    if clean != (*asked, *written):
        return read, "correct-masked"
    if not read.kinds:
        return read, "correct-no-kind"
    if not any(asked[-1:]):
        return read, "correct-no-question"
    if not (read.must or read.must_not or read.better or _JUDGED_ALONE & set(read.kinds)):
        return read, "correct-nothing"
    return replace(read, asked=tuple(filter(None, asked))), ""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)[:_MOST_LINES]
