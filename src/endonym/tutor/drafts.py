"""Drafts for a teacher: a lesson begun for an outcome, a quiz on a lesson, from what the pack holds; printed or taken away as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from endonym.assistant.draft import LessonDraft, draft_lesson
from endonym.core.errors import RequestError
from endonym.pedagogy.quiz import LETTERS, Quiz, make_quiz, quiz_markdown
from endonym.store.classes import Class
from endonym.store.sessions import Session
from endonym.tutor import pages
from endonym.tutor.desk import Desk
from endonym.tutor.visitor import Visitor


def draft_routes(desk: Desk, own: Callable[[Any], Any]) -> list[Route]:
    """Args: own: Lets nobody but the teacher of the class that the address names to a handler."""
    here = _Drafts(desk)
    return [
        Route("/teach/{group}/drafts", own(here.choose)),
        Route("/teach/{group}/drafts/lesson", own(here.lesson)),
        Route("/teach/{group}/drafts/lesson.md", own(here.lesson_file)),
        Route("/teach/{group}/drafts/quiz", own(here.quiz)),
        Route("/teach/{group}/drafts/quiz.md", own(here.quiz_file)),
    ]


class _Drafts:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def choose(self, request: Request, session: Session, group: Class) -> Response:
        who = self._desk.visitor(request, group)
        outcomes: dict[str, list[Any]] = {}
        for outcome in who.assistant.bundle.contents.outcomes:
            if outcome.language == group.learning:
                outcomes.setdefault(pages.subject_name(who, outcome.subject), []).append(outcome)
        shelves = [(pages.subject_name(who, shelf.subject), shelf.lessons) for shelf in pages.shelves(who.assistant.bundle, group.learning)]
        return pages.page("teach_drafts.html", who, group=group, outcomes=outcomes, shelves=shelves)

    async def lesson(self, request: Request, session: Session, group: Class) -> Response:
        who = self._desk.visitor(request, group)
        draft = await to_thread.run_sync(self._drafted, request, who, group)
        return pages.page("teach_draft_lesson.html", who, group=group, draft=draft)

    async def lesson_file(self, request: Request, session: Session, group: Class) -> Response:
        draft = await to_thread.run_sync(self._drafted, request, self._desk.visitor(request, group), group)
        return pages.download(draft.text, "text/markdown; charset=utf-8", f"lesson.{group.learning}.md")

    def _drafted(self, request: Request, who: Visitor, group: Class) -> LessonDraft:
        """The guide's: the same whenever it is asked for, so that what is printed is what is downloaded."""
        try:
            return draft_lesson(who.assistant, request.query_params.get("outcome", ""), group.learning)
        except RequestError:
            raise HTTPException(404) from None

    async def quiz(self, request: Request, session: Session, group: Class) -> Response:
        who = self._desk.visitor(request, group)
        quiz, say = await to_thread.run_sync(self._quiz, request, who, group), self._say(who, group)
        return pages.page("teach_draft_quiz.html", who, group=group, quiz=quiz, say=say, letters=LETTERS)

    async def quiz_file(self, request: Request, session: Session, group: Class) -> Response:
        who = self._desk.visitor(request, group)
        text = quiz_markdown(await to_thread.run_sync(self._quiz, request, who, group), self._say(who, group))
        return pages.download(text, "text/markdown; charset=utf-8", f"quiz.{group.learning}.md")

    def _quiz(self, request: Request, who: Visitor, group: Class) -> Quiz:
        lesson = who.assistant.bundle.lessons.get((request.query_params.get("lesson", ""), group.learning))
        if lesson is None:
            raise HTTPException(404)
        return make_quiz(who.assistant.bundle, lesson, who.assistant.language_tools)

    def _say(self, who: Visitor, group: Class) -> Callable[[str], str]:
        return lambda name: who.assistant.phrase(name, group.learning)
